package io.headwater.offline.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** The figures of an evaluation drawn over its rows, baselines beside the learner, with a mark at each alarm. */
public final class EvaluationChart {
    private EvaluationChart() {}

    /** @throws IllegalArgumentException if the name does not say a format that can be drawn, or its folder is missing */
    public static void checkName(Path file) {
        LineChart.checkName(file);
    }

    /** Writes SVG, or HTML that holds it, by the file's name. */
    public static void write(EvaluationReport report, Path file) throws IOException {
        int rows = report.course().rows();
        new LineChart(
                        String.format(Locale.ROOT, "%s, test-then-train over %,d rows", report.learner(), rows),
                        "row",
                        rows,
                        Arrays.stream(report.figures().ends()).asDoubleStream().toArray(),
                        report.figures().panels(),
                        report.alarms().stream()
                                .map(row -> new LineChart.Mark(
                                        row, "alarm", String.format(Locale.ROOT, "alarm before row %,d", row + 1)))
                                .toList())
                .write(file);
    }
}
