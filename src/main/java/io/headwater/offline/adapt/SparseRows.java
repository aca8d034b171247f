package io.headwater.offline.adapt;

import io.headwater.learn.adapt.Msda;
import io.headwater.learn.adapt.ProxyDistance;
import java.util.Arrays;

/** Rows of numbers most of which are 0, immutable: the ones that are not, row by row. */
public final class SparseRows implements ProxyDistance.Rows, Msda.RowWriter {
    private final int width;
    private final int[] ends;
    private final int[] columns;
    private final float[] values;

    private SparseRows(int width, int[] ends, int[] columns, float[] values) {
        this.width = width;
        this.ends = ends;
        this.columns = columns;
        this.values = values;
    }

    /** Collects rows. */
    static final class Builder {
        private final int width;
        private final int[] ends;
        private int[] columns;
        private float[] values;
        private int rows;
        private int next;

        Builder(int width, int capacity) {
            this.width = width;
            this.ends = new int[capacity];
            this.columns = new int[Math.max(16, capacity)];
            this.values = new float[columns.length];
        }

        /** Adds a number to the row at hand. */
        void put(int column, float value) {
            if (value == 0) {
                return;
            }
            if (next == columns.length) {
                int larger = Math.toIntExact(Math.min(Integer.MAX_VALUE - 8L, 2L * next));
                columns = Arrays.copyOf(columns, larger);
                values = Arrays.copyOf(values, larger);
            }
            columns[next] = column;
            values[next++] = value;
        }

        void endRow() {
            ends[rows++] = next;
        }

        SparseRows build() {
            return new SparseRows(
                    width, Arrays.copyOf(ends, rows), Arrays.copyOf(columns, next), Arrays.copyOf(values, next));
        }
    }

    private int start(int row) {
        return row == 0 ? 0 : ends[row - 1];
    }

    @Override
    public int size() {
        return ends.length;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public void write(int row, float[] to, int at) {
        for (int i = start(row); i < ends[row]; i++) {
            to[at + columns[i]] = values[i];
        }
    }

    @Override
    public double dot(int row, double[] weights) {
        double sum = 0;
        for (int i = start(row); i < ends[row]; i++) {
            sum += values[i] * weights[columns[i]];
        }
        return sum;
    }

    @Override
    public void addTo(double[] to, int row, double factor) {
        for (int i = start(row); i < ends[row]; i++) {
            to[columns[i]] += factor * values[i];
        }
    }

    @Override
    public double squaredNorm(int row) {
        double sum = 0;
        for (int i = start(row); i < ends[row]; i++) {
            sum += (double) values[i] * values[i];
        }
        return sum;
    }

    /** The rows from {@code from} until {@code until}. */
    SparseRows part(int from, int until) {
        int begin = start(from);
        int end = start(until);
        int[] partEnds = Arrays.copyOfRange(ends, from, until);
        Arrays.setAll(partEnds, i -> partEnds[i] - begin);
        return new SparseRows(
                width, partEnds, Arrays.copyOfRange(columns, begin, end), Arrays.copyOfRange(values, begin, end));
    }

    /** These rows and then the other's. */
    SparseRows and(SparseRows other) {
        int size = columns.length;
        int[] allEnds = Arrays.copyOf(ends, ends.length + other.ends.length);
        for (int i = 0; i < other.ends.length; i++) {
            allEnds[ends.length + i] = size + other.ends[i];
        }
        int[] allColumns = Arrays.copyOf(columns, size + other.columns.length);
        System.arraycopy(other.columns, 0, allColumns, size, other.columns.length);
        float[] allValues = Arrays.copyOf(values, allColumns.length);
        System.arraycopy(other.values, 0, allValues, size, other.values.length);
        return new SparseRows(width, allEnds, allColumns, allValues);
    }
}
