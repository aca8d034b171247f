package io.headwater.offline.adapt;

import io.headwater.dataset.DatasetException;
import io.headwater.dataset.Limits;
import io.headwater.dataset.Progress;
import io.headwater.dataset.Table;
import io.headwater.dataset.Tables;
import io.headwater.offline.ClassNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads two domains from three files of one format.
 *
 * <p>Numbers of svmlight files, which are mostly counts of words, become their logarithms, {@code log(1 + x)}, with their
 * sign; a column that one file lacks is 0 in it. Numbers of other files are taken in standard deviations from their mean,
 * both of the source rows, 0 where missing; each value of a column of texts is a column of its own, 1 or 0.
 */
public final class DomainFiles {
    private static final String SVMLIGHT_LABEL = "label";
    /** A column of texts with more values is no category. */
    private static final int MOST_VALUES = 1_000;

    private final Path source;
    private final Path target;
    private final Path test;
    private final String label;
    private final boolean sparse;
    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private final Map<String, Map<String, Integer>> texts = new LinkedHashMap<>();
    private int width;

    private DomainFiles(Path source, Path target, Path test, Optional<String> label) {
        this.source = source;
        this.target = target;
        this.test = test;
        this.sparse = isSvmlight(source);
        if (sparse != isSvmlight(target) || sparse != isSvmlight(test)) {
            throw new IllegalArgumentException("the files are of different kinds, " + source + ", " + target + " and "
                    + test + "; allowed are three in svmlight's format, or three tables");
        }
        this.label = label.orElse(SVMLIGHT_LABEL);
        if (label.isEmpty() && !sparse) {
            throw new IllegalArgumentException("name the column of the labels with --label; only svmlight needs none");
        }
    }

    private static boolean isSvmlight(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return name.contains(".svmlight") || name.contains(".libsvm");
    }

    /**
     * @param target its labels are not looked at, and may be missing
     * @param label the column of the labels; svmlight has its own
     * @throws DatasetException if a file cannot be read
     * @throws IllegalArgumentException if the files do not fit each other
     */
    public static Domains read(Path source, Path target, Path test, Optional<String> label, Progress progress)
            throws DatasetException {
        return new DomainFiles(source, target, test, label).domains(progress);
    }

    private Domains domains(Progress progress) throws DatasetException {
        Table sourceTable = Tables.read(source, Limits.DEFAULT, progress);
        Table targetTable = Tables.read(target, Limits.DEFAULT, progress);
        columns(sourceTable, targetTable);
        Scale scale = sparse ? new Scale(Map.of(), Map.of()) : Scale.of(sourceTable, numbers.keySet());
        SparseRows sourceRows = rows(sourceTable, scale);
        SparseRows targetRows = rows(targetTable, scale);
        Set<String> found = new LinkedHashSet<>();
        for (int row = 0; row < sourceTable.rows(); row++) {
            found.add(label(sourceTable, source, row));
            if (found.size() > ClassNames.MOST) {
                throw new IllegalArgumentException(source + ": the label '" + label + "' has more than "
                        + ClassNames.MOST + " different values; allowed are " + ClassNames.MOST + " classes");
            }
        }
        if (found.size() < 2) {
            throw new IllegalArgumentException(
                    source + ": the label '" + label + "' has the one value " + found + "; at least two are needed");
        }
        List<String> classes = ClassNames.ordered(found, Optional.empty());
        int[] sourceLabels = labels(sourceTable, source, classes);
        Table testTable = Tables.read(test, Limits.DEFAULT, progress);
        if (!sparse) {
            check(testTable, test);
        }
        return new Domains(
                sourceRows,
                sourceLabels,
                targetRows,
                rows(testTable, scale),
                labels(testTable, test, classes),
                classes);
    }

    private void columns(Table sourceTable, Table targetTable) {
        Set<String> names = new LinkedHashSet<>(sourceTable.names());
        if (sparse) {
            names.addAll(targetTable.names());
        }
        names.remove(label);
        for (String name : names) {
            if (sparse || sourceTable.isNumeric(sourceTable.column(name))) {
                numbers.put(name, width++);
            } else {
                texts.put(name, new HashMap<>());
            }
        }
        if (!sparse) {
            check(targetTable, target);
            texts.keySet().forEach(name -> {
                values(name, sourceTable, source);
                values(name, targetTable, target);
            });
        }
        if (width == 0) {
            throw new IllegalArgumentException(source + ": there is no column to learn from beside the label");
        }
    }

    private void values(String name, Table table, Path file) {
        Map<String, Integer> places = texts.getOrDefault(name, Map.of());
        int column = table.column(name);
        for (int row = 0; row < table.rows(); row++) {
            String value = table.text(column, row);
            if (value != null && !places.containsKey(value)) {
                if (places.size() == MOST_VALUES) {
                    throw new IllegalArgumentException(file + ": the column '" + name + "' has more than " + MOST_VALUES
                            + " different texts, so it is no category; leave it out of the files");
                }
                places.put(value, width++);
            }
        }
    }

    /** Refuses a table that lacks a column, or has texts where the source has numbers. */
    private void check(Table table, Path file) {
        List<String> wrong = new ArrayList<>();
        numbers.keySet().forEach(name -> {
            if (!table.hasColumn(name)) {
                wrong.add("has no column '" + name + "'");
            } else if (!table.isNumeric(table.column(name))) {
                wrong.add("has texts in the column '" + name + "'");
            }
        });
        texts.keySet().stream()
                .filter(name -> !table.hasColumn(name))
                .forEach(name -> wrong.add("has no column '" + name + "'"));
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(file + " does not fit " + source + ": it "
                    + String.join(", it ", wrong.subList(0, Math.min(5, wrong.size()))));
        }
    }

    private SparseRows rows(Table table, Scale scale) {
        SparseRows.Builder builder = new SparseRows.Builder(width, table.rows());
        List<Map.Entry<String, Integer>> known = numbers.entrySet().stream()
                .filter(entry -> table.hasColumn(entry.getKey()))
                .toList();
        int[] from =
                known.stream().mapToInt(entry -> table.column(entry.getKey())).toArray();
        int[] to = known.stream().mapToInt(Map.Entry::getValue).toArray();
        for (int row = 0; row < table.rows(); row++) {
            for (int i = 0; i < from.length; i++) {
                float value = table.number(from[i], row);
                builder.put(
                        to[i], sparse ? logarithm(value) : scale.of(known.get(i).getKey(), value));
            }
            int at = row;
            texts.forEach((name, places) -> {
                Integer place = places.get(String.valueOf(table.text(table.column(name), at)));
                if (place != null) {
                    builder.put(place, 1);
                }
            });
            builder.endRow();
        }
        return builder.build();
    }

    private static float logarithm(float value) {
        return (float) (Math.signum(value) * Math.log1p(Math.abs(value)));
    }

    private int[] labels(Table table, Path file, List<String> classes) {
        Map<String, Integer> places = new HashMap<>();
        classes.forEach(name -> places.put(name, places.size()));
        int[] labels = new int[table.rows()];
        for (int row = 0; row < labels.length; row++) {
            String found = label(table, file, row);
            Integer place = places.get(found);
            if (place == null) {
                throw new IllegalArgumentException(file + ", row " + (row + 1) + ": the label is '" + found
                        + "', which no row of " + source + " has; there are " + ClassNames.some(classes));
            }
            labels[row] = place;
        }
        return labels;
    }

    private String label(Table table, Path file, int row) {
        if (!table.hasColumn(label)) {
            throw new IllegalArgumentException(file + ": " + noColumn(table));
        }
        String found = table.text(table.column(label), row);
        if (found == null || found.isBlank()) {
            throw new IllegalArgumentException(
                    file + ", row " + (row + 1) + ": the label is missing; leave the row out, or give it one");
        }
        return found.strip();
    }

    private String noColumn(Table table) {
        try {
            return "column " + table.column(label);
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Means and deviations of the source's columns of numbers. */
    private record Scale(Map<String, Double> means, Map<String, Double> deviations) {
        static Scale of(Table table, Set<String> names) {
            Map<String, Double> means = new HashMap<>();
            Map<String, Double> deviations = new HashMap<>();
            for (String name : names) {
                int column = table.column(name);
                double sum = 0;
                double squares = 0;
                int count = 0;
                for (int row = 0; row < table.rows(); row++) {
                    double value = table.exactNumber(column, row);
                    if (Double.isFinite(value)) {
                        sum += value;
                        squares += value * value;
                        count++;
                    }
                }
                double mean = count == 0 ? 0 : sum / count;
                double variance = count == 0 ? 0 : Math.max(0, squares / count - mean * mean);
                means.put(name, mean);
                deviations.put(name, variance > 0 ? Math.sqrt(variance) : 1);
            }
            return new Scale(means, deviations);
        }

        float of(String name, float value) {
            double scaled = (value - means.getOrDefault(name, 0.0)) / deviations.getOrDefault(name, 1.0);
            return Double.isFinite(scaled) ? (float) scaled : 0;
        }
    }
}
