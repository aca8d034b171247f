package io.headwater.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A table that fills up run by run, and is printed as mean ± standard deviation over the runs. */
final class Results {
    private final String study;
    private final List<String> columns;
    private final Map<String, List<double[]>> rows = new LinkedHashMap<>();

    Results(String study, String... columns) {
        this.study = study;
        this.columns = List.of(columns);
    }

    /** One run of {@code row}; printed at once, so that a study that is cut short has told what it knows. */
    void add(String row, double... values) {
        if (values.length != columns.size()) {
            throw new IllegalArgumentException(values.length + " values for " + columns);
        }
        rows.computeIfAbsent(row, key -> new ArrayList<>()).add(values);
        System.out.println(study + " | " + row + " | "
                + Arrays.stream(values)
                        .mapToObj(value -> String.format(Locale.ROOT, "%.4f", value))
                        .collect(Collectors.joining(" | ")));
    }

    /** The table in Markdown, then one line of JSON. */
    void print() {
        System.out.println();
        System.out.println("| " + study + " | " + String.join(" | ", columns) + " |");
        System.out.println("|---|" + "---|".repeat(columns.size()));
        List<String> json = new ArrayList<>();
        rows.forEach((row, runs) -> {
            StringBuilder line = new StringBuilder("| " + row);
            List<String> fields = new ArrayList<>(List.of("\"row\":\"" + row + "\"", "\"runs\":" + runs.size()));
            for (int i = 0; i < columns.size(); i++) {
                int column = i;
                double[] values = runs.stream().mapToDouble(run -> run[column]).toArray();
                double mean = Arrays.stream(values).average().orElse(Double.NaN);
                double deviation = deviation(values, mean);
                String shape = columns.get(i).endsWith(" s") ? " | %.1f ± %.1f" : " | %.4f ± %.4f";
                line.append(String.format(Locale.ROOT, shape, mean, deviation));
                fields.add(String.format(Locale.ROOT, "\"%s\":[%.6f,%.6f]", columns.get(i), mean, deviation));
            }
            System.out.println(line.append(" |"));
            json.add("{" + String.join(",", fields) + "}");
        });
        System.out.println();
        System.out.println("{\"study\":\"" + study + "\",\"rows\":[" + String.join(",", json) + "]}");
    }

    /** Of a sample; 0 of one value. */
    private static double deviation(double[] values, double mean) {
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        return values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1));
    }
}
