package io.headwater.actors.app.demo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.offline.evaluate.Figures.Curve;
import io.headwater.offline.evaluate.Figures.Panel;
import io.headwater.offline.evaluate.LineChart;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What adaptation was worth in the region whose labels come late: the served model that adapts, the served model that
 * does not, and the frozen one, over the same payments of the target.
 *
 * @param beforeLabels over payments made before the first label of the target was due
 * @param afterLabels over those since
 * @param firstLabel null if the stream did not come so far
 * @param curve the days of the stream
 */
record TargetReport(
        Phase beforeLabels, Phase afterLabels, @Nullable FirstLabel firstLabel, List<Day> curve) implements Findings {
    /** The models over the same payments. */
    record Phase(int events, Quality adapted, Quality unadapted, Quality frozen) {}

    /** One day, from 0. */
    record Day(int day, Phase phase) {}

    /**
     * When labels of the target began.
     *
     * @param timeMs on the stream's clock
     * @param day the same in days since the stream began
     * @param eventsBefore payments of the target before that
     */
    record FirstLabel(long timeMs, double day, long eventsBefore) {}

    TargetReport {
        curve = List.copyOf(curve);
    }

    @Override
    public void put(ObjectNode json) {
        ObjectNode target = json.putObject("target");
        put(target.putObject("before_labels"), beforeLabels);
        put(target.putObject("after_labels"), afterLabels);
        if (firstLabel == null) {
            target.putNull("first_target_label");
        } else {
            target.putObject("first_target_label")
                    .put("time", Instant.ofEpochMilli(firstLabel.timeMs).toString())
                    .put("day", firstLabel.day)
                    .put("events_before", firstLabel.eventsBefore);
        }
        ArrayNode days = target.putArray("curve");
        for (Day each : curve) {
            ObjectNode node = days.addObject().put("day", each.day).put("events", each.phase.events);
            DemoSummary.put(node, "adapted", each.phase.adapted.rocAuc());
            DemoSummary.put(node, "unadapted", each.phase.unadapted.rocAuc());
            DemoSummary.put(node, "frozen", each.phase.frozen.rocAuc());
        }
    }

    private static void put(ObjectNode node, Phase phase) {
        DemoSummary.put(node, "adapted", phase.adapted).put("events", phase.events);
        DemoSummary.put(node, "unadapted", phase.unadapted).put("events", phase.events);
        DemoSummary.put(node, "frozen", phase.frozen).put("events", phase.events);
    }

    @Override
    public String toTable() {
        StringBuilder table = new StringBuilder();
        phase(table, "target before its labels, %,d", beforeLabels);
        if (firstLabel != null) {
            DemoSummary.line(
                    table,
                    "%nfirst label of the target: %s, after %,d of its payments",
                    Instant.ofEpochMilli(firstLabel.timeMs),
                    firstLabel.eventsBefore);
            phase(table, "target since then, %,d", afterLabels);
        }
        return table.toString();
    }

    private static void phase(StringBuilder table, String title, Phase phase) {
        DemoSummary.line(
                table, "%n%-34s %9s %9s", String.format(Locale.ROOT, title, phase.events), "ROC AUC", "log loss");
        row(table, "frozen", phase.frozen);
        row(table, "learning, unadapted", phase.unadapted);
        row(table, "learning, adapted", phase.adapted);
    }

    private static void row(StringBuilder table, String name, Quality quality) {
        DemoSummary.line(
                table,
                "  %-32s %9s %9s",
                name,
                DemoSummary.number("%.4f", quality.rocAuc()),
                DemoSummary.number("%.4f", quality.logLoss()));
    }

    /** Draws the days' areas under the curve, and where the labels of the target begin. */
    void plot(Path file) throws IOException {
        double[] ends = curve.stream().mapToDouble(each -> each.day + 1).toArray();
        Panel panel = new Panel(
                "ROC AUC of the target, by day",
                List.of(of("adapted", Phase::adapted), of("unadapted", Phase::unadapted), of("frozen", Phase::frozen)));
        List<LineChart.Mark> marks = firstLabel == null ? List.of() : List.of(mark(firstLabel));
        new LineChart(
                        "a region whose labels come late, served with and without adaptation",
                        "day",
                        curve.isEmpty() ? 1 : ends[ends.length - 1],
                        ends,
                        List.of(panel),
                        marks)
                .write(file);
    }

    private Curve of(String name, Function<Phase, Quality> model) {
        return new Curve(
                name,
                curve.stream()
                        .mapToDouble(each -> model.apply(each.phase).rocAuc())
                        .toArray());
    }

    private LineChart.Mark mark(FirstLabel first) {
        return new LineChart.Mark(
                first.day,
                "first label",
                String.format(Locale.ROOT, "first label of the target, after %,d of its payments", first.eventsBefore));
    }
}
