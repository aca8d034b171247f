package io.headwater.offline.evaluate;

/**
 * What is kept of rows whose labels have not come: the learner's memo and the loss of the score. A row has a slot from
 * its event to its label; slots are used again, and their number is fixed from the start.
 */
final class Waiting {
    private static final float[] NOTHING = {};

    private final int[] slots;
    private final int[] free;
    private final float[][] memos;
    private final float[] losses;
    private int unused;

    Waiting(LabelArrivals arrivals) {
        int most = arrivals.mostWaiting();
        slots = new int[arrivals.rows()];
        free = new int[most];
        memos = new float[most][];
        losses = new float[most];
        for (int slot = 0; slot < most; slot++) {
            free[slot] = most - 1 - slot;
            memos[slot] = NOTHING;
        }
        unused = most;
    }

    /** A slot for this row, with room for a memo. Memory is taken only where a memo is longer than any before it. */
    int enter(int row, int memoLength) {
        int slot = free[--unused];
        slots[row] = slot;
        if (memos[slot].length < memoLength) {
            memos[slot] = new float[memoLength];
        }
        return slot;
    }

    /** Gives the row's slot back; what it holds is there until the next row enters. */
    int leave(int row) {
        int slot = slots[row];
        free[unused++] = slot;
        return slot;
    }

    float[] memo(int slot) {
        return memos[slot];
    }

    float loss(int slot) {
        return losses[slot];
    }

    void loss(int slot, float loss) {
        losses[slot] = loss;
    }
}
