package io.headwater.bench.streams;

import io.headwater.bench.streams.StreamRows.Drift;
import java.util.BitSet;

/**
 * How a learner came through one abrupt drift.
 *
 * @param before accuracy over the {@link #BEFORE} rows before it
 * @param after accuracy over the {@link #WINDOW} rows from it on
 */
record Recovery(double before, double after) {
    /** Over as many rows a share of .9 is known to within .013 (two standard errors). */
    static final int BEFORE = 2_000;
    /** Rows over which it counts as recovered; so at least as many are needed. */
    static final int WINDOW = 500;
    /** The share of an accuracy that counts as recovered. */
    static final double SHARE = 0.95;

    /** @param right the rows whose class was named rightly */
    static Recovery at(Drift drift, BitSet right) {
        int row = drift.row();
        return new Recovery(accuracy(right, row - BEFORE, row), accuracy(right, row, row + WINDOW));
    }

    /**
     * Rows from {@code from} to the end of the first {@link #WINDOW} rows after it whose accuracy is {@code bar}, or -1
     * if there are none before {@code end}.
     */
    static int rowsTo(double bar, int from, int end, BitSet right) {
        int hits = right.get(from, from + WINDOW).cardinality();
        for (int last = from + WINDOW; last <= end; last++) {
            if (hits >= bar * WINDOW) {
                return last - from;
            }
            hits += (right.get(last) ? 1 : 0) - (right.get(last - WINDOW) ? 1 : 0);
        }
        return -1;
    }

    private static double accuracy(BitSet right, int from, int to) {
        return right.get(from, to).cardinality() / (double) (to - from);
    }
}
