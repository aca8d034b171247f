package io.headwater.bench.streams;

import io.headwater.learn.Task;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A stream in memory: rows in the order of their events, read or generated once, which every learner is fed from. */
public final class StreamRows {
    /**
     * A change of what the labels follow.
     *
     * @param row the first of the new concept, or where the change is gradual the middle of it
     * @param width rows that the change takes, 0 if it is abrupt
     */
    public record Drift(int row, int width) {}

    /**
     * A column of categories.
     *
     * @param values what occurs in it; a row has the place of its value plus 1, or 0 if it is missing
     */
    record Categories(String name, List<String> values) {}

    /**
     * When events happen and their labels come; both empty where the stream has no clock.
     *
     * @param labels by row, none before its event
     */
    record Clock(double[] events, double[] labels) {
        static final Clock NONE = new Clock(new double[0], new double[0]);
    }

    private final String name;
    private final List<String> numericNames;
    private final List<Categories> categories;
    private final float[] numbers;
    private final int[] places;
    private final int[] labels;
    private final int classes;
    private final List<Drift> drifts;
    private final Clock clock;

    StreamRows(
            String name,
            List<String> numericNames,
            List<Categories> categories,
            Cells cells,
            List<Drift> drifts,
            Clock clock) {
        this.name = name;
        this.numericNames = List.copyOf(numericNames);
        this.categories = List.copyOf(categories);
        this.numbers = cells.numbers();
        this.places = cells.places();
        this.labels = cells.labels();
        this.classes = cells.classes();
        this.drifts = List.copyOf(drifts);
        this.clock = clock;
    }

    /**
     * What the rows hold.
     *
     * @param numbers {@code [rows, numeric columns]}, NaN where missing
     * @param places {@code [rows, categorical columns]}
     * @param labels {@code [rows]}; of more than two classes numbered in the order in which they first come
     * @param classes how many there are, at least 2
     */
    record Cells(float[] numbers, int[] places, int[] labels, int classes) {}

    /** The same rows, labels and times with other numeric columns; its name says so. */
    StreamRows with(List<String> names, float[] cells) {
        return new StreamRows(
                name + Streams.TRENDS, names, categories, new Cells(cells, places, labels, classes), drifts, clock);
    }

    public String name() {
        return name;
    }

    public int rows() {
        return labels.length;
    }

    public int classes() {
        return classes;
    }

    public Task task() {
        return classes == 2 ? Task.BINARY : Task.CLASSES;
    }

    public List<Drift> drifts() {
        return drifts;
    }

    public int label(int row) {
        return labels[row];
    }

    List<String> numericNames() {
        return numericNames;
    }

    List<Categories> categories() {
        return categories;
    }

    Clock clock() {
        return clock;
    }

    /** Copies the numbers of a row. */
    void numbers(int row, float[] into) {
        System.arraycopy(numbers, row * into.length, into, 0, into.length);
    }

    /** The place of a row's value in a column of categories. */
    int place(int row, int column) {
        return places[row * categories.size() + column];
    }

    /** Writes the rows with a header; the last column is {@code class}. */
    public void writeCsv(Path file) throws IOException {
        float[] row = new float[numericNames.size()];
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (String column : numericNames) {
                out.append(column).append(',');
            }
            out.append(categories.stream().map(column -> column.name() + ',').collect(Collectors.joining()));
            out.append("class\n");
            for (int i = 0; i < labels.length; i++) {
                numbers(i, row);
                for (float number : row) {
                    out.append(Float.isNaN(number) ? "" : Float.toString(number))
                            .append(',');
                }
                for (int column = 0; column < categories.size(); column++) {
                    int place = place(i, column);
                    out.append(place == 0 ? "" : categories.get(column).values().get(place - 1))
                            .append(',');
                }
                out.append(Integer.toString(labels[i])).append('\n');
            }
        }
    }
}
