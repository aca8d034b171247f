package io.headwater.learn;

import java.util.Arrays;

/**
 * By how much one of two predictors ranks better than another, block by block of the labels as these come: the
 * difference of their ROC AUC within the block, each label in one block alone.
 */
final class PairedRanks {
    /*
     * A block ends when it has OF_A_CLASS labels of each class. No label is used twice, so that the differences of two
     * blocks have nothing in common but the past, and their expectation, given the past, is the difference of the two
     * AUC (Mann & Whitney 1947): which labels come when ends a block, never what was said of them. Ranking each label
     * among the last ones of the other class instead would use each twice, once to be ranked and once as a mark for
     * others. Every single difference is fair then as well, given its marks, but marks that happen to favour one
     * predictor do so for hundreds of labels on end: the sum of equals varies with four times the variance that a bet
     * on it takes for granted (tried with a window of 100: equals were told apart in 61 of 200 runs of 5,000 labels).
     *
     * Blocks of one positive and one negative would be as fair. Of eight and eight, a difference varies little more than
     * the same labels would in one large block. Of the class that comes more often the latest KEPT wait.
     */
    private static final int OF_A_CLASS = 8;

    private static final int KEPT = 256;

    private final Side ones = new Side();
    private final Side zeros = new Side();

    /** The logits of both predictors of labels of one class that wait for the end of the block, the latest ones. */
    private static final class Side {
        private final float[] used = new float[KEPT];
        private final float[] other = new float[KEPT];
        private int taken;

        void add(float ofUsed, float ofOther) {
            used[taken % KEPT] = ofUsed;
            other[taken % KEPT] = ofOther;
            // Stays in its range, and the next place with it.
            taken = taken + 1 == 2 * KEPT ? KEPT : taken + 1;
        }

        int size() {
            return Math.min(taken, KEPT);
        }

        void write(StateWriter out) {
            out.integer(taken).reals(Arrays.copyOf(used, size())).reals(Arrays.copyOf(other, size()));
        }

        void read(StateReader in) {
            taken = in.integer(0, 2 * KEPT - 1);
            float[] ofUsed = in.reals(size());
            float[] ofOther = in.reals(size());
            System.arraycopy(ofUsed, 0, used, 0, ofUsed.length);
            System.arraycopy(ofOther, 0, other, 0, ofOther.length);
        }
    }

    /** Takes a label in; whether it ends a block, whose {@link #endBlock} is to be asked for then. */
    boolean add(float used, float other, boolean label) {
        (label ? ones : zeros).add(used, other);
        return Math.min(ones.size(), zeros.size()) >= OF_A_CLASS;
    }

    /** The AUC of the other predictor in the block less that of the one in use, -1 to 1; the next block begins. */
    double endBlock() {
        long lead = 0;
        for (int one = 0; one < ones.size(); one++) {
            for (int zero = 0; zero < zeros.size(); zero++) {
                lead += order(ones.other[one], zeros.other[zero]) - order(ones.used[one], zeros.used[zero]);
            }
        }
        double pairs = 2.0 * ones.size() * zeros.size();
        clear();
        return lead / pairs;
    }

    /** 1 where the positive is above the negative, -1 where it is below or one of them is no number, 0 for a tie. */
    private static int order(float one, float zero) {
        return one > zero ? 1 : one == zero ? 0 : -1;
    }

    void clear() {
        ones.taken = 0;
        zeros.taken = 0;
    }

    void write(StateWriter out) {
        ones.write(out);
        zeros.write(out);
    }

    void read(StateReader in) {
        ones.read(in);
        zeros.read(in);
    }
}
