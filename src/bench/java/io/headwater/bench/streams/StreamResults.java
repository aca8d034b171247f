package io.headwater.bench.streams;

import io.headwater.offline.evaluate.ClassFigures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Figures of many runs, and the one table of them. */
final class StreamResults {
    /** Vowpal Wabbit's own rate, and others beside which it is the best of several. */
    private static final String BEST = "VW logistic, the best of its rates by this result";

    private static final String COLUMNS =
            "| stream | delay | learner | accuracy | kappa temporal | ROC AUC | average precision | log loss | rows/s |";

    /** A stream with a delay. */
    private record Place(String stream, Delay delay) {}

    /** One learner in one place, over the seeds. */
    private static final class Line {
        final String learner;
        final Spread accuracy = new Spread();
        final Spread kappaTemporal = new Spread();
        final Spread rocAuc = new Spread();
        final Spread averagePrecision = new Spread();
        final Spread logLoss = new Spread();
        final List<Double> speeds = new ArrayList<>();

        Line(String learner) {
            this.learner = learner;
        }

        String text(Place place, String title, boolean isBest) {
            String mark = isBest ? "**" : "";
            return String.join(
                            " | ",
                            "| " + place.stream,
                            place.delay.toString(),
                            title,
                            mark + accuracy.text("%.4f") + mark,
                            kappaTemporal.text("%.3f"),
                            rocAuc.text("%.4f"),
                            averagePrecision.text("%.4f"),
                            logLoss.text("%.4f"),
                            speeds.isEmpty() ? "" : rounded(median(speeds)))
                    + " |";
        }
    }

    private final Map<Place, Map<String, Line>> lines = new LinkedHashMap<>();

    void add(String stream, Delay delay, String learner, long seed, ClassFigures figures, double speed) {
        Map<String, Line> here = lines.computeIfAbsent(new Place(stream, delay), place -> new LinkedHashMap<>());
        Line line = here.computeIfAbsent(learner, Line::new);
        line.accuracy.add(seed, figures.accuracy());
        line.kappaTemporal.add(seed, figures.kappaTemporal());
        line.rocAuc.add(seed, figures.rocAuc());
        line.averagePrecision.add(seed, figures.averagePrecision());
        line.logLoss.add(seed, figures.logLoss());
        line.speeds.add(speed);
        here.computeIfAbsent("no change", Line::new)
                .accuracy
                .add(seed, figures.baselines().noChange());
        here.computeIfAbsent("majority", Line::new)
                .accuracy
                .add(seed, figures.baselines().majority());
    }

    /** In Markdown; the best accuracy of a stream and delay is bold. */
    void print() {
        System.out.println();
        System.out.println(COLUMNS);
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        lines.forEach((place, here) -> {
            Line best = best(here.values().stream().toList());
            List<Line> rates = here.values().stream()
                    .filter(line -> line.learner.startsWith(Peers.VW))
                    .toList();
            Line rate = rates.size() > 1 ? best(rates) : null;
            for (Line line : here.values()) {
                if (rate == null || !rates.contains(line) || line.learner.equals(Peers.VW)) {
                    System.out.println(line.text(place, line.learner, line.equals(best)));
                }
            }
            if (rate != null) {
                System.out.println(rate.text(place, BEST, rate.equals(best)));
            }
        });
    }

    private static Line best(List<Line> of) {
        return of.stream()
                .max(Comparator.comparingDouble(line -> line.accuracy.mean()))
                .orElseThrow();
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    /** To three digits. */
    private static String rounded(double speed) {
        double unit = Math.pow(10, Math.max(0, Math.floor(Math.log10(speed)) - 2));
        return String.format(Locale.ROOT, "%,.0f", Math.round(speed / unit) * unit);
    }
}
