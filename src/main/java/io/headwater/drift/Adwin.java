package io.headwater.drift;

/**
 * Adaptive windowing: keeps the longest recent window in which no two parts have means that differ by more than chance
 * explains. Values lie in {@code [0, 1]}. The window is held as an exponential histogram: at most 144 buckets, in which
 * one value costs amortised constant time and a test, made every 32 values, time in the number of buckets.
 */
public final class Adwin {
    /*
     * Bifet & Gavalda, Learning from Time-Changing Data with Adaptive Windowing (SDM 2007), with the bound of its
     * section 4: for every way to cut the window into an older and a newer part,
     *
     *   |mean0 - mean1| > sqrt(2/m var L) + 2/(3m) L,   1/m = 1/n0 + 1/n1.
     *
     * By the paper L = ln(2 cuts / chance) bounds how often a test is wrong, by Bernstein's inequality and the union
     * over all cuts. Neighbouring cuts and neighbouring tests see almost the same window, so that bound wastes a factor
     * of about 1,000 of the budget and doubles the delay. Here L follows from the budget N by simulation instead: on
     * unchanging streams the values until a false alarm grow as exp(4.35 + 1.2 L) for the worst kind of stream
     * (DriftCalibration in src/bench made the two constants and prints what they cost now).
     *
     * Differences from the paper beside that: the smallest bucket holds 32 values; when a test fails the window is cut
     * where the difference is clearest, not one bucket at a time; and where values depend on their neighbours the
     * variance is the long-run one, which the caller estimates, and m counts in independent values.
     */
    static final int BLOCK = 32;

    private static final int BUCKETS_PER_LEVEL = 6;

    /** The largest bucket holds 2^28 values; older ones fall out of the window. */
    private static final int LEVELS = 24;

    private static final double OFFSET = 4.35;
    private static final double SLOPE = 1.2;

    private final double surprise;
    private final int[] count = new int[LEVELS];
    private final double[] sum = new double[LEVELS * BUCKETS_PER_LEVEL];
    /** Squared deviations from the bucket's own mean. */
    private final double[] squares = new double[LEVELS * BUCKETS_PER_LEVEL];

    private int pending;
    private double pendingMean;
    private double pendingSquares;

    private double length;
    private double total;
    private double totalSquares;

    private double statistic;
    private double threshold;
    private double before;
    private double after;

    public Adwin(FalseAlarmBudget budget) {
        this.surprise = Math.max(1, (Math.log(budget.eventsPerAlarm()) - OFFSET) / SLOPE);
    }

    /** As {@link #add(double, double)} of values that do not depend on each other. */
    public boolean add(double value) {
        return add(value, 0);
    }

    /**
     * Takes in the next value; true if the window was cut because its mean changed, up or down.
     *
     * @param longRunVariance of the mean of many values, times their number; 0 if they are independent
     */
    public boolean add(double value, double longRunVariance) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("ADWIN takes values in [0, 1], not " + value);
        }
        pending++;
        double delta = value - pendingMean;
        pendingMean += delta / pending;
        pendingSquares += delta * (value - pendingMean);
        if (pending < BLOCK) {
            return false;
        }
        insert(0, BLOCK * pendingMean, pendingSquares);
        pending = 0;
        pendingMean = 0;
        pendingSquares = 0;
        measure();
        return cut(longRunVariance);
    }

    private static int at(int level, int bucket) {
        return level * BUCKETS_PER_LEVEL + bucket;
    }

    private static double size(int level) {
        return (double) BLOCK * (1L << level);
    }

    /** Adds the newest bucket of a level; a full level hands its two oldest up as one. */
    private void insert(int level, double bucketSum, double bucketSquares) {
        if (count[level] == BUCKETS_PER_LEVEL) {
            int oldest = at(level, 0);
            double between = sum[oldest] - sum[oldest + 1];
            double joined = squares[oldest] + squares[oldest + 1] + between * between / (2 * size(level));
            double joinedSum = sum[oldest] + sum[oldest + 1];
            drop(level, 2);
            if (level + 1 < LEVELS) {
                insert(level + 1, joinedSum, joined);
            }
        }
        int newest = at(level, count[level]++);
        sum[newest] = bucketSum;
        squares[newest] = bucketSquares;
    }

    private void drop(int level, int oldest) {
        count[level] -= oldest;
        System.arraycopy(sum, at(level, oldest), sum, at(level, 0), count[level]);
        System.arraycopy(squares, at(level, oldest), squares, at(level, 0), count[level]);
    }

    /** Sums the window up afresh, so that no error of rounding grows. */
    private void measure() {
        length = 0;
        total = 0;
        totalSquares = 0;
        for (int level = LEVELS - 1; level >= 0; level--) {
            double size = size(level);
            for (int i = 0; i < count[level]; i++) {
                double bucketSum = sum[at(level, i)];
                if (length > 0) {
                    double between = bucketSum / size - total / length;
                    totalSquares += between * between * size * length / (size + length);
                }
                totalSquares += squares[at(level, i)];
                total += bucketSum;
                length += size;
            }
        }
    }

    private boolean cut(double longRunVariance) {
        double log = surprise;
        double variance = totalSquares / length;
        double used = Math.max(variance, longRunVariance);
        double dependence = variance > 0 ? used / variance : 1;
        double n0 = 0;
        double sum0 = 0;
        double clearest = 1;
        int cutLevel = -1;
        int cutBucket = 0;
        for (int level = LEVELS - 1; level >= 0; level--) {
            for (int i = 0; i < count[level]; i++) {
                n0 += size(level);
                sum0 += sum[at(level, i)];
                double n1 = length - n0;
                if (n1 <= 0) {
                    break;
                }
                double difference = Math.abs(sum0 / n0 - (total - sum0) / n1);
                double perValue = 1 / n0 + 1 / n1;
                double bound = Math.sqrt(2 * perValue * used * log) + perValue * dependence * log * 2 / 3;
                if (difference > clearest * bound) {
                    clearest = difference / bound;
                    cutLevel = level;
                    cutBucket = i;
                    statistic = difference;
                    threshold = bound;
                    before = sum0 / n0;
                    after = (total - sum0) / n1;
                }
            }
        }
        if (cutLevel < 0) {
            return false;
        }
        for (int level = LEVELS - 1; level > cutLevel; level--) {
            count[level] = 0;
        }
        drop(cutLevel, cutBucket + 1);
        measure();
        return true;
    }

    /** Forgets everything but the budget. */
    public void reset() {
        for (int level = 0; level < LEVELS; level++) {
            count[level] = 0;
        }
        pending = 0;
        pendingMean = 0;
        pendingSquares = 0;
        measure();
    }

    /** Values in the window, those that do not fill a bucket yet left out. */
    public double length() {
        return length;
    }

    /** Mean of the window; NaN of an empty one. */
    public double mean() {
        return total / length;
    }

    /** Of the last cut: the mean of the part that was dropped. */
    public double before() {
        return before;
    }

    /** Of the last cut: the mean of the part that was kept. */
    public double after() {
        return after;
    }

    /** Of the last cut: the difference of the means. */
    public double statistic() {
        return statistic;
    }

    /** Of the last cut: the difference that chance explains. */
    public double threshold() {
        return threshold;
    }

    /** For a checkpoint. */
    public double[] state() {
        StateNumbers out = new StateNumbers();
        write(out);
        return out.toArray();
    }

    void write(StateNumbers out) {
        out.put(pending).put(pendingMean).put(pendingSquares);
        for (int level = 0; level < LEVELS; level++) {
            out.put(count[level]);
            for (int i = 0; i < count[level]; i++) {
                out.put(sum[at(level, i)]).put(squares[at(level, i)]);
            }
        }
    }

    void read(StateNumbers in) {
        pending = in.nextInt(0, BLOCK - 1);
        pendingMean = in.next();
        pendingSquares = in.next();
        for (int level = 0; level < LEVELS; level++) {
            count[level] = in.nextInt(0, BUCKETS_PER_LEVEL);
            for (int i = 0; i < count[level]; i++) {
                sum[at(level, i)] = in.next();
                squares[at(level, i)] = in.next();
            }
        }
        measure();
    }
}
