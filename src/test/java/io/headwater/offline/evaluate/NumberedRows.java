package io.headwater.offline.evaluate;

import io.headwater.learn.OnlineRow;

/** Rows of one number, their own place, with these labels. */
record NumberedRows(float... labels) implements EvaluationRows {
    @Override
    public int rows() {
        return labels.length;
    }

    @Override
    public int numericWidth() {
        return 1;
    }

    @Override
    public int categoricalWidth() {
        return 0;
    }

    @Override
    public void read(int row, OnlineRow into) {
        into.numeric()[0] = row;
    }

    @Override
    public float label(int row) {
        return labels[row];
    }

    @Override
    public float weight(int row) {
        return weightOf(row);
    }

    static float weightOf(int row) {
        return 1 + row / 2f;
    }
}
