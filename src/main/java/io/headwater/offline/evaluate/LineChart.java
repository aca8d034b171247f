package io.headwater.offline.evaluate;

import io.headwater.offline.evaluate.Figures.Curve;
import io.headwater.offline.evaluate.Figures.Panel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Figures drawn over the course of a stream: a panel for each unit, its curves over each other, and a vertical line at
 * each mark. Text stays text, and what the pointer rests on tells its figures.
 */
public final class LineChart {
    private static final int WIDTH = 960;
    private static final int LEFT = 76;
    private static final int RIGHT = 130;
    private static final int TOP = 44;
    private static final int PANEL = 230;
    private static final int PLOT = 180;
    private static final int TICKS = 5;
    private static final String SVG_END = ".svg";
    private static final String HTML_END = ".html";

    /** Of Okabe and Ito (2008), told apart by colour-blind readers too; and their dashes, told apart in print. */
    private static final List<String> STROKES = List.of(
            "stroke=\"#0072b2\" stroke-width=\"2\"",
            "stroke=\"#e69f00\" stroke-width=\"1.5\" stroke-dasharray=\"6 3\"",
            "stroke=\"#777777\" stroke-width=\"1.5\" stroke-dasharray=\"2 3\"");

    /**
     * A moment that a vertical line shows.
     *
     * @param at where on the course
     * @param kind what such marks are called in the key; all of a chart are of one kind
     * @param title what the pointer is told
     */
    public record Mark(double at, String kind, String title) {}

    private final String title;
    private final String step;
    private final double[] ends;
    private final List<Panel> panels;
    private final List<Mark> marks;
    private final Axis course;
    private final StringBuilder svg = new StringBuilder();

    /**
     * @param step what the course is counted in, such as row
     * @param length of the course
     * @param ends where on the course each value of a curve stands
     * @param panels at most three curves in each
     */
    public LineChart(String title, String step, double length, double[] ends, List<Panel> panels, List<Mark> marks) {
        this.title = title;
        this.step = step;
        this.ends = ends.clone();
        this.panels = List.copyOf(panels);
        this.marks = List.copyOf(marks);
        this.course = Axis.around(0, length, 2 * TICKS);
    }

    /** @throws IllegalArgumentException if the name does not say a format that can be drawn, or its folder is missing */
    public static void checkName(Path file) {
        if (!isNamed(file, SVG_END) && !isNamed(file, HTML_END)) {
            throw new IllegalArgumentException(
                    "the chart is '" + file + "'; allowed are names that end in " + SVG_END + " or " + HTML_END);
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new IllegalArgumentException("the chart is '" + file + "', but there is no folder " + folder);
        }
    }

    private static boolean isNamed(Path file, String end) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(end);
    }

    /** Writes SVG, or HTML that holds it, by the file's name. */
    public void write(Path file) throws IOException {
        checkName(file);
        svg.setLength(0);
        String drawn = draw();
        Files.writeString(
                file,
                isNamed(file, SVG_END)
                        ? drawn
                        : "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>" + escaped(title)
                                + "</title></head>\n<body>\n" + drawn + "</body>\n</html>\n");
    }

    private String draw() {
        int height = TOP + PANEL * panels.size();
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" fill=\"none\""
                        + " font-family=\"sans-serif\" font-size=\"12\">",
                WIDTH, height, WIDTH, height);
        add("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", WIDTH, height);
        text(LEFT, 20, "start", "font-size=\"15\"", title);
        for (int i = 0; i < panels.size(); i++) {
            panel(panels.get(i), TOP + i * PANEL);
        }
        add("</svg>");
        return svg.toString();
    }

    private void panel(Panel panel, int top) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (Curve curve : panel.curves()) {
            for (double value : curve.values()) {
                least = Double.isFinite(value) ? Math.min(least, value) : least;
                most = Double.isFinite(value) ? Math.max(most, value) : most;
            }
        }
        Axis values = least > most ? Axis.around(0, 1, TICKS) : Axis.around(least, most, TICKS);
        text(LEFT, top - 8, "start", "font-weight=\"bold\"", panel.unit());
        grid(values, top);
        for (Mark mark : marks) {
            add(
                    "<line class=\"%1$s\" x1=\"%2$.1f\" x2=\"%2$.1f\" y1=\"%3$d\" y2=\"%4$d\" stroke=\"#d55e00\"><title>"
                            + "%5$s</title></line>",
                    mark.kind(), x(mark.at()), top, top + PLOT, escaped(mark.title()));
        }
        for (int i = 0; i < panel.curves().size(); i++) {
            curve(panel.curves().get(i), i, values, top);
        }
        if (!marks.isEmpty()) {
            key(marks.get(0).kind(), panel.curves().size(), top, "stroke=\"#d55e00\"");
        }
    }

    private void grid(Axis values, int top) {
        for (double tick : values.ticks()) {
            double y = y(values, tick, top);
            add("<line x1=\"%d\" x2=\"%d\" y1=\"%3$.1f\" y2=\"%3$.1f\" stroke=\"#dddddd\"/>", LEFT, WIDTH - RIGHT, y);
            text(LEFT - 8, y + 4, "end", "", values.text(tick));
        }
        for (double tick : course.ticks()) {
            add(
                    "<line x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"%2$d\" y2=\"%3$d\" stroke=\"#888888\"/>",
                    x(tick), top + PLOT, top + PLOT + 5);
            text(x(tick), top + PLOT + 18, "middle", "", course.text(tick));
        }
        text(WIDTH - RIGHT + 40, top + PLOT + 18, "start", "", step + "s");
    }

    /** A window's figure stands at its last row; where it is undefined the curve is broken. */
    private void curve(Curve curve, int place, Axis values, int top) {
        String stroke = STROKES.get(place);
        StringBuilder path = new StringBuilder();
        boolean drawing = false;
        for (int i = 0; i < ends.length; i++) {
            double value = curve.values()[i];
            if (Double.isFinite(value)) {
                path.append(String.format(
                        Locale.ROOT, "%s%.1f %.1f", drawing ? "L" : "M", x(ends[i]), y(values, value, top)));
            }
            drawing = Double.isFinite(value);
        }
        add("<path class=\"curve\" d=\"%s\" %s><title>%s</title></path>", path, stroke, escaped(curve.name()));
        for (int i = 0; i < ends.length && place == 0; i++) {
            if (Double.isFinite(curve.values()[i])) {
                add(
                        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"#0072b2\" fill-opacity=\"0.3\"><title>up to %s %,.0f:"
                                + " %.4g</title></circle>",
                        x(ends[i]), y(values, curve.values()[i], top), step, ends[i], curve.values()[i]);
            }
        }
        key(curve.name(), place, top, stroke);
    }

    private void key(String name, int place, int top, String stroke) {
        int x = WIDTH - RIGHT + 12;
        int y = top + 10 + 20 * place;
        add("<line x1=\"%d\" x2=\"%d\" y1=\"%3$d\" y2=\"%3$d\" %4$s/>", x, x + 24, y, stroke);
        text(x + 30, y + 4, "start", "", name);
    }

    private double x(double at) {
        return LEFT + (WIDTH - RIGHT - LEFT) * course.share(at);
    }

    private static double y(Axis values, double value, int top) {
        return top + PLOT * (1 - values.share(value));
    }

    private void text(double x, double y, String anchor, String style, String text) {
        add(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"#222222\" %s>%s</text>",
                x, y, anchor, style, escaped(text));
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
