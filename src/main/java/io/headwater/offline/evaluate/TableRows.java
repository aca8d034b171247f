package io.headwater.offline.evaluate;

import io.headwater.dataset.Table;
import io.headwater.feature.CategoryHasher;
import io.headwater.learn.OnlineRow;

/** Rows of a table in the order of their events: numbers as they are, categories as hash buckets. */
final class TableRows implements EvaluationRows {
    private final Table table;
    private final int[] numeric;
    private final int[][] buckets;
    private final float[] labels;
    private final float[] weights;
    private final int[] order;

    /**
     * @param numeric columns
     * @param categorical columns
     * @param labels of each row of the table
     * @param weights of each row of the table; empty where all count as one
     * @param order row of the table for each place of the stream; empty for the table's own order
     */
    TableRows(
            Table table,
            int[] numeric,
            int[] categorical,
            int hashBuckets,
            float[] labels,
            float[] weights,
            int[] order) {
        this.table = table;
        this.numeric = numeric;
        this.labels = labels;
        this.weights = weights;
        this.order = order;
        this.buckets = new int[categorical.length][table.rows()];
        for (int i = 0; i < categorical.length; i++) {
            CategoryHasher hasher = new CategoryHasher(table.names().get(categorical[i]), hashBuckets);
            for (int row = 0; row < table.rows(); row++) {
                buckets[i][row] = (int) hasher.bucket(table.text(categorical[i], row));
            }
        }
    }

    @Override
    public int rows() {
        return table.rows();
    }

    @Override
    public int numericWidth() {
        return numeric.length;
    }

    @Override
    public int categoricalWidth() {
        return buckets.length;
    }

    private int place(int row) {
        return order.length == 0 ? row : order[row];
    }

    @Override
    public void read(int row, OnlineRow into) {
        int at = place(row);
        for (int i = 0; i < numeric.length; i++) {
            into.numeric()[i] = table.number(numeric[i], at);
        }
        for (int i = 0; i < buckets.length; i++) {
            into.categorical()[i] = buckets[i][at];
        }
    }

    @Override
    public float label(int row) {
        return labels[place(row)];
    }

    @Override
    public float weight(int row) {
        return weights.length == 0 ? 1 : weights[place(row)];
    }
}
