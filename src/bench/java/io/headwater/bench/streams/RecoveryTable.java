package io.headwater.bench.streams;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Recoveries of all drifts, as means and spreads over the seeds; a seed's value is the mean over its drifts. */
final class RecoveryTable {
    private static final String COLUMNS =
            "| stream | learner | accuracy before | first 500 after | rows to 95 % of its own | rows to 95 % of the best |";

    /** One learner's drifts on one stream: a list for each figure, with an entry for each drift. */
    private static final class Line {
        final List<Spread> figures = List.of(new Spread(), new Spread(), new Spread(), new Spread());
        final int[] never = new int[2];
        int drifts;
    }

    private final Map<String, Line> lines = new LinkedHashMap<>();

    /**
     * One drift.
     *
     * @param own rows to the learner's own bar, -1 if it did not get there
     * @param common rows to the bar of all learners, -1 likewise
     * @param most rows that there were
     */
    void add(String stream, String learner, long seed, Recovery recovery, int own, int common, int most) {
        Line line = lines.computeIfAbsent(stream + " | " + learner, key -> new Line());
        line.drifts++;
        line.never[0] += own < 0 ? 1 : 0;
        line.never[1] += common < 0 ? 1 : 0;
        double[] values = {recovery.before(), recovery.after(), own < 0 ? most : own, common < 0 ? most : common};
        for (int i = 0; i < values.length; i++) {
            line.figures.get(i).add(seed, values[i]);
        }
    }

    /** In Markdown; where a drift was not recovered from, all the rows to the next one are counted and a mark says it. */
    void print() {
        List<String> text = new ArrayList<>(List.of("", COLUMNS, "|---|---|---|---|---|---|"));
        lines.forEach((name, line) -> text.add(String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s |",
                name,
                line.figures.get(0).text("%.3f"),
                line.figures.get(1).text("%.3f"),
                rows(line, 0),
                rows(line, 1))));
        text.forEach(System.out::println);
    }

    private static String rows(Line line, int bar) {
        String rows = line.figures.get(2 + bar).text("%.0f");
        return line.never[bar] == 0 ? rows : "≥ " + rows + " (not " + line.never[bar] + " of " + line.drifts + ")";
    }
}
