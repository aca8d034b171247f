package io.headwater.offline.adapt;

import io.headwater.dataset.DatasetException;
import io.headwater.dataset.Limits;
import io.headwater.dataset.Progress;
import io.headwater.dataset.Table;
import io.headwater.dataset.Tables;
import io.headwater.feature.NumericScaler;
import io.headwater.learn.adapt.ProxyDistance;
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
import java.util.stream.IntStream;

/**
 * Reads a target domain and one or more source domains from files of one format.
 *
 * <p>Numbers of svmlight files, which are mostly counts of words, become their logarithms, {@code log(1 + x)}, with their
 * sign; a column that one file lacks is 0 in it. Numbers of other files are taken in standard deviations from their mean,
 * both of all source rows, or as they are from it where all source rows are about the same, 0 where missing; each value of a column of texts is a column of its own, 1 or 0.
 */
public final class DomainFiles {
    private static final String SVMLIGHT_LABEL = "label";
    /** A column of texts with more values is no category. */
    private static final int MOST_VALUES = 1_000;

    private final List<Path> sources;
    private final Path target;
    private final Path test;
    private final String label;
    private final boolean sparse;
    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private final Map<String, Map<String, Integer>> texts = new LinkedHashMap<>();
    private int width;

    private DomainFiles(List<Path> sources, Path target, Path test, Optional<String> label) {
        this.sources = List.copyOf(sources);
        this.target = target;
        this.test = test;
        this.sparse = isSvmlight(target);
        List<Path> all = new ArrayList<>(sources);
        all.addAll(List.of(target, test));
        if (all.stream().anyMatch(file -> isSvmlight(file) != sparse)) {
            throw new IllegalArgumentException("the files are of different kinds, "
                    + String.join(", ", all.stream().map(Path::toString).toList())
                    + "; allowed are all in svmlight's format, or all tables");
        }
        this.label = label.orElse(SVMLIGHT_LABEL);
    }

    static boolean isSvmlight(Path file) {
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
        return read(List.of(source), target, test, label, progress);
    }

    /** As {@link #read(Path, Path, Path, Optional, Progress)}, with at least one source. */
    public static Domains read(List<Path> sources, Path target, Path test, Optional<String> label, Progress progress)
            throws DatasetException {
        return new DomainFiles(sources, target, test, label).domains(progress);
    }

    private Domains domains(Progress progress) throws DatasetException {
        List<Table> sourceTables = new ArrayList<>();
        for (Path file : sources) {
            sourceTables.add(Tables.read(file, Limits.DEFAULT, progress));
        }
        Table targetTable = Tables.read(target, Limits.DEFAULT, progress);
        columns(sourceTables, targetTable);
        RowEncoding encoding = encoding(sourceTables);
        Set<String> found = new LinkedHashSet<>();
        for (int i = 0; i < sources.size(); i++) {
            labels(sourceTables.get(i), sources.get(i), found);
        }
        if (found.size() < 2) {
            throw new IllegalArgumentException(sources.get(0) + ": the label '" + label + "' has the one value '"
                    + found.iterator().next() + "'; at least two are needed");
        }
        List<String> classes = ClassNames.ordered(found, Optional.empty());
        Table testTable = Tables.read(test, Limits.DEFAULT, progress);
        if (!sparse) {
            check(testTable, test);
        }
        SparseRows sourceRows = rows(sourceTables.get(0), encoding);
        IntStream.Builder sourceLabels = IntStream.builder();
        List<Integer> sizes = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            Table table = sourceTables.get(i);
            sourceRows = i == 0 ? sourceRows : sourceRows.and(rows(table, encoding));
            for (int row : labels(table, sources.get(i), classes)) {
                sourceLabels.add(row);
            }
            sizes.add(checked(table, sources.get(i)).rows());
        }
        return new Domains(
                sourceRows,
                sourceLabels.build().toArray(),
                sizes,
                rows(checked(targetTable, target), encoding),
                rows(testTable, encoding),
                labels(testTable, test, classes),
                classes,
                encoding);
    }

    /** Of fewer rows there is no distance to another domain. */
    private static Table checked(Table table, Path file) {
        if (table.rows() < ProxyDistance.LEAST_ROWS) {
            throw new IllegalArgumentException(
                    file + ": too few rows, " + table.rows() + "; a domain has at least " + ProxyDistance.LEAST_ROWS);
        }
        return table;
    }

    private void labels(Table table, Path file, Set<String> found) {
        for (int row = 0; row < table.rows(); row++) {
            found.add(label(table, file, row));
            if (found.size() > ClassNames.MOST) {
                throw new IllegalArgumentException(file + ": the label '" + label + "' has more than " + ClassNames.MOST
                        + " different values; allowed are " + ClassNames.MOST + " classes");
            }
        }
    }

    private void columns(List<Table> sourceTables, Table targetTable) {
        Table first = sourceTables.get(0);
        Set<String> names = new LinkedHashSet<>(first.names());
        if (sparse) {
            sourceTables.forEach(table -> names.addAll(table.names()));
            names.addAll(targetTable.names());
        }
        names.remove(label);
        for (String name : names) {
            if (sparse || first.isNumeric(first.column(name))) {
                numbers.put(name, width++);
            } else {
                texts.put(name, new LinkedHashMap<>());
            }
        }
        if (!sparse) {
            for (int i = 1; i < sources.size(); i++) {
                check(sourceTables.get(i), sources.get(i));
            }
            check(targetTable, target);
            texts.keySet().forEach(name -> {
                for (int i = 0; i < sources.size(); i++) {
                    values(name, sourceTables.get(i), sources.get(i));
                }
                values(name, targetTable, target);
            });
        }
        if (width == 0) {
            throw new IllegalArgumentException(sources.get(0) + ": there is no column to learn from beside the label");
        }
    }

    private RowEncoding encoding(List<Table> sourceTables) {
        List<RowEncoding.Measure> measures = numbers.keySet().stream()
                .map(name -> sparse ? new RowEncoding.Measure(name, 0, 1) : measure(name, sourceTables))
                .toList();
        RowEncoding.Value[] values = new RowEncoding.Value[width - measures.size()];
        texts.forEach((name, places) ->
                places.forEach((text, place) -> values[place - measures.size()] = new RowEncoding.Value(name, text)));
        return new RowEncoding(sparse, measures, List.of(values));
    }

    /** Of floats, which is what a model reads: of numbers far from 0 they are not those of the file. */
    private static RowEncoding.Measure measure(String name, List<Table> tables) {
        double mean = 0;
        double squares = 0;
        int count = 0;
        for (Table table : tables) {
            int column = table.column(name);
            for (int row = 0; row < table.rows(); row++) {
                double value = table.number(column, row);
                if (Double.isFinite(value)) {
                    // Welford (Technometrics 4, 1962)
                    double delta = value - mean;
                    mean += delta / ++count;
                    squares += delta * (value - mean);
                }
            }
        }
        double deviation = count == 0 ? 0 : Math.sqrt(squares / count);
        // Nothing cuts such numbers off: what the target has beside a constant must not be a million deviations out.
        return new RowEncoding.Measure(
                name,
                mean,
                NumericScaler.isSpread(mean, deviation) ? deviation : Math.max(1, NumericScaler.leastDeviation(mean)));
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
            throw new IllegalArgumentException(file + " does not fit " + sources.get(0) + ": it "
                    + String.join(", it ", wrong.subList(0, Math.min(5, wrong.size()))));
        }
    }

    private SparseRows rows(Table table, RowEncoding encoding) {
        SparseRows.Builder builder = new SparseRows.Builder(width, table.rows());
        List<Map.Entry<String, Integer>> known = numbers.entrySet().stream()
                .filter(entry -> table.hasColumn(entry.getKey()))
                .toList();
        int[] from =
                known.stream().mapToInt(entry -> table.column(entry.getKey())).toArray();
        int[] to = known.stream().mapToInt(Map.Entry::getValue).toArray();
        for (int row = 0; row < table.rows(); row++) {
            for (int i = 0; i < from.length; i++) {
                builder.put(to[i], encoding.of(to[i], table.number(from[i], row)));
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

    private int[] labels(Table table, Path file, List<String> classes) {
        Map<String, Integer> places = new HashMap<>();
        classes.forEach(name -> places.put(name, places.size()));
        int[] labels = new int[table.rows()];
        for (int row = 0; row < labels.length; row++) {
            String found = label(table, file, row);
            Integer place = places.get(found);
            if (place == null) {
                throw new IllegalArgumentException(file + ", row " + (row + 1) + ": the label is '" + found
                        + "', which no row of a source has; there are " + ClassNames.some(classes));
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
}
