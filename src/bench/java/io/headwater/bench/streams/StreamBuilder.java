package io.headwater.bench.streams;

import io.headwater.bench.streams.StreamRows.Categories;
import io.headwater.bench.streams.StreamRows.Cells;
import io.headwater.bench.streams.StreamRows.Clock;
import io.headwater.bench.streams.StreamRows.Drift;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows of a stream as they come, numbering values and classes. */
final class StreamBuilder {
    private static final int FIRST = 1024;

    private final String name;
    private final List<String> numeric;
    private final List<String> categorical;
    private final List<Map<String, Integer>> places = new ArrayList<>();
    private final List<List<String>> values = new ArrayList<>();
    private final Map<Integer, Integer> classes = new HashMap<>();
    private float[] numbers;
    private int[] cells;
    private int[] labels = new int[FIRST];
    private int rows;

    StreamBuilder(String name, List<String> numeric, List<String> categorical) {
        this.name = name;
        this.numeric = numeric;
        this.categorical = categorical;
        this.numbers = new float[FIRST * numeric.size()];
        this.cells = new int[FIRST * categorical.size()];
        for (int i = 0; i < categorical.size(); i++) {
            places.add(new HashMap<>());
            values.add(new ArrayList<>());
        }
    }

    /** Numbers a value of a categorical column, if it is new. */
    private int place(int column, String value) {
        return places.get(column).computeIfAbsent(value, fresh -> {
            values.get(column).add(fresh);
            return values.get(column).size();
        });
    }

    /** Says which values a column may have, where that is known beforehand. */
    void declare(int column, List<String> allowed) {
        allowed.forEach(value -> place(column, value));
    }

    /**
     * @param texts null where missing
     * @param label 0 or 1, or any numbers of more than two classes
     */
    void add(float[] row, @Nullable String[] texts, int label) {
        if (rows == labels.length) {
            labels = Arrays.copyOf(labels, 2 * rows);
            numbers = Arrays.copyOf(numbers, 2 * numbers.length);
            cells = Arrays.copyOf(cells, 2 * cells.length);
        }
        System.arraycopy(row, 0, numbers, rows * numeric.size(), row.length);
        for (int column = 0; column < texts.length; column++) {
            String text = texts[column];
            cells[rows * texts.length + column] = text == null ? 0 : place(column, text);
        }
        classes.computeIfAbsent(label, fresh -> classes.size());
        labels[rows++] = label;
    }

    StreamRows build(List<Drift> drifts, Clock clock) {
        if (classes.size() < 2) {
            throw new IllegalStateException(name + " has fewer than two classes in its " + rows + " rows");
        }
        int[] numbered = Arrays.copyOf(labels, rows);
        boolean binary = classes.size() == 2;
        if (binary && !(classes.containsKey(0) && classes.containsKey(1))) {
            throw new IllegalStateException(name + " has the two classes " + classes.keySet() + ", not 0 and 1");
        }
        for (int row = 0; row < rows && !binary; row++) {
            numbered[row] = classes.getOrDefault(labels[row], 0);
        }
        List<Categories> columns = new ArrayList<>();
        for (int column = 0; column < categorical.size(); column++) {
            columns.add(new Categories(categorical.get(column), List.copyOf(values.get(column))));
        }
        Cells held = new Cells(
                Arrays.copyOf(numbers, rows * numeric.size()),
                Arrays.copyOf(cells, rows * categorical.size()),
                numbered,
                classes.size());
        return new StreamRows(name, numeric, columns, held, drifts, clock);
    }
}
