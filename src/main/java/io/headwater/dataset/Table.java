package io.headwater.dataset;

import io.headwater.spelling.NearNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Named columns of equal length, immutable. A column holds numbers or texts; {@link Tables} says how it comes to be one
 * or the other. Columns are counted from 0 in the order of the file.
 */
public final class Table {
    private static final int SUGGESTIONS = 5;

    private final List<String> names;
    private final List<Column> columns;
    private final Map<String, Integer> places = new HashMap<>();
    private final int rows;

    Table(List<String> names, List<Column> columns) {
        this.names = List.copyOf(names);
        this.columns = List.copyOf(columns);
        this.rows = columns.isEmpty() ? 0 : columns.get(0).rows();
        for (int i = 0; i < names.size(); i++) {
            places.put(names.get(i), i);
            if (columns.get(i).rows() != rows) {
                throw new IllegalArgumentException(
                        "column " + names.get(i) + " has " + columns.get(i).rows() + " rows, not " + rows);
            }
        }
    }

    /** The columns' names, each once. */
    public List<String> names() {
        return names;
    }

    public int rows() {
        return rows;
    }

    /**
     * The place of the column with this name.
     *
     * @throws IllegalArgumentException if there is none; the message names the nearest
     */
    public int column(String name) {
        Integer place = places.get(name);
        if (place == null) {
            List<String> near = new ArrayList<>(NearNames.of(name, names, SUGGESTIONS));
            throw new IllegalArgumentException("there is no column '" + name + "'; "
                    + (near.size() < names.size() ? "the nearest of " + names.size() + " are " : "there are ")
                    + String.join(", ", near));
        }
        return place;
    }

    public boolean hasColumn(String name) {
        return places.containsKey(name);
    }

    /** Whether the column holds numbers. */
    public boolean isNumeric(int column) {
        return columns.get(column).isNumeric();
    }

    /** The number in this place; NaN where it is missing or a text. */
    public float number(int column, int row) {
        return (float) columns.get(column).number(row);
    }

    /** The number in this place with all that was kept of it: whole numbers are exact up to 2^53. */
    public double exactNumber(int column, int row) {
        return columns.get(column).number(row);
    }

    /** The text in this place, null where it is missing; a number is written in its shortest form, 1 and not 1.0. */
    public @Nullable String text(int column, int row) {
        return columns.get(column).text(row);
    }
}
