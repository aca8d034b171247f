package io.headwater.learn.anomaly;

import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;

/**
 * Ranks a positive value among the recent ones: which share of them was larger. Bounded memory; a value counts half
 * after a half-life of further ones. A value is known to 1 % of itself, so a rank is exact but for the values within
 * 1 % of the one that is asked for, of which it counts a part.
 */
final class RecentRanks {
    /*
     * Cells whose borders grow by 2 %, as in DDSketch (Masson, Rim & Lee, VLDB 2019), counted in a Fenwick tree (1994)
     * so that a rank costs 11 additions. Instead of fading all cells with every value, each new value weighs more than
     * the last, and now and then all are scaled down.
     */
    private static final int CELLS = 2_048;
    private static final double LN_GROWTH = 0.02;
    private static final double LN_SMALLEST = -16;
    private static final double MAX_WEIGHT = 1e9;

    private final double growth;
    private final double[] tree = new double[CELLS + 1];
    private double weight = 1;
    private double total;

    RecentRanks(double halfLife) {
        this.growth = Math.pow(2, 1 / halfLife);
    }

    private static double place(double value) {
        double place = (Math.log(value) - LN_SMALLEST) / LN_GROWTH;
        return place > 0 ? Math.min(place, CELLS - 1e-3) : 0;
    }

    void add(double value) {
        for (int i = (int) place(value) + 1; i <= CELLS; i += i & -i) {
            tree[i] += weight;
        }
        total += weight;
        weight *= growth;
        if (weight > MAX_WEIGHT) {
            scale(1 / weight);
            weight = 1;
        }
    }

    private void scale(double factor) {
        for (int i = 0; i < tree.length; i++) {
            tree[i] *= factor;
        }
        total *= factor;
    }

    private double upTo(int cell) {
        double sum = 0;
        for (int i = cell; i > 0; i -= i & -i) {
            sum += tree[i];
        }
        return sum;
    }

    /** How many values the recent ones amount to. */
    double values() {
        return total / weight;
    }

    /**
     * The share of recent values that were larger, in (0, 1); larger values have a smaller share, even beyond all that
     * were seen, where it is below half of one in {@link #values}.
     */
    double shareAbove(double value) {
        double place = place(value);
        int cell = (int) place;
        double below = upTo(cell);
        double within = upTo(cell + 1) - below;
        double above = Math.max(0, total - below - within * (place - cell)) / weight;
        return (above + 0.5 - 0.4 * place / CELLS) / (values() + 1);
    }

    /** Makes what was seen count so much less. */
    void fade(double factor) {
        scale(factor);
    }

    void write(StateWriter out) {
        out.reals64(tree).real64(weight).real64(total);
    }

    void read(StateReader in) {
        System.arraycopy(in.reals64(tree.length), 0, tree, 0, tree.length);
        weight = in.real64();
        total = in.real64();
    }

    long bytes() {
        return (long) Double.BYTES * (tree.length + 3);
    }
}
