package io.headwater.offline;

import io.headwater.dataset.Table;
import io.headwater.event.Event;
import io.headwater.event.EventLayout;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a table as events; a picture's path is relative to the file. */
final class TableFile implements ExampleFile {
    private final Path path;
    private final Table table;
    private final boolean pictures;
    private final int label;
    private final int[] numeric;
    private final int[] categorical;
    private final int[] text;

    /**
     * @param pictures whether the fields of text are paths
     * @throws IllegalArgumentException if the table lacks a column, or has texts where numbers belong
     */
    TableFile(Path path, Table table, String label, EventLayout fields, boolean pictures) {
        this.path = path;
        this.table = table;
        this.pictures = pictures;
        this.label = column(label);
        this.numeric = columns(fields.numeric());
        this.categorical = columns(fields.categorical());
        this.text = columns(fields.text());
        for (int column : numeric) {
            if (!table.isNumeric(column)) {
                throw new IllegalArgumentException(path + ": the column '"
                        + table.names().get(column) + "' holds texts, where numbers are expected");
            }
        }
    }

    private int column(String name) {
        try {
            return table.column(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
        }
    }

    private int[] columns(List<String> names) {
        return names.stream().mapToInt(this::column).toArray();
    }

    @Override
    public int rows() {
        return table.rows();
    }

    @Override
    public Event event(int row) {
        float[] numbers = new float[numeric.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = table.number(numeric[i], row);
        }
        return new Event(where(row), 0, numbers, texts(categorical, row), pictures ? paths(row) : texts(text, row));
    }

    private @Nullable String[] texts(int[] columns, int row) {
        @Nullable String[] values = new @Nullable String[columns.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = table.text(columns[i], row);
        }
        return values;
    }

    private @Nullable String[] paths(int row) {
        @Nullable String[] values = texts(text, row);
        for (int i = 0; i < values.length; i++) {
            String value = values[i];
            values[i] = value == null ? null : path.resolveSibling(value).toString();
        }
        return values;
    }

    @Override
    public @Nullable String label(int row) {
        return table.text(label, row);
    }

    @Override
    public String where(int row) {
        return path + ", row " + (row + 1);
    }
}
