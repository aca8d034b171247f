package io.headwater.offline.evaluate;

import java.util.Arrays;

/**
 * Sums of some figures over windows of rows that follow each other. A window has so many rows that count; the last may
 * have fewer.
 */
final class Windows {
    private final int rowsEach;
    private final double[][] sums;
    private final int[] ends;
    private int rows;

    /** @param figures how many sums a window has */
    Windows(int rowsEach, long rowsAtMost, int figures) {
        this.rowsEach = rowsEach;
        int most = (int) ((rowsAtMost + rowsEach - 1) / rowsEach);
        this.sums = new double[figures][most];
        this.ends = new int[most];
    }

    /** Adds to a figure of the window in hand; {@link #next} ends the row. */
    void add(int figure, double value) {
        sums[figure][rows / rowsEach] += value;
    }

    /** @param place of the row that is done in the whole stream */
    void next(int place) {
        ends[rows / rowsEach] = place + 1;
        rows++;
    }

    int count() {
        return (rows + rowsEach - 1) / rowsEach;
    }

    /** Rows that count in this window. */
    int rows(int window) {
        return Math.min(rowsEach, rows - window * rowsEach);
    }

    /** Rows that count before this window. */
    int first(int window) {
        return window * rowsEach;
    }

    /** Rows of the whole stream when this window ended. */
    int end(int window) {
        return ends[window];
    }

    double mean(int figure, int window) {
        return sums[figure][window] / rows(window);
    }

    /** Over all rows. */
    double mean(int figure) {
        return Arrays.stream(sums[figure]).sum() / rows;
    }
}
