package io.headwater.drift;

/**
 * The Page-Hinkley test for a rise of the mean: how far the sum of deviations from the running mean, less an allowance,
 * stands above its lowest point. Values lie in {@code [0, 1]}; it scales itself by their long-run variance.
 */
public final class PageHinkley {
    /*
     * Page, Continuous Inspection Schemes (Biometrika 41, 1954); Hinkley, Inference about the Change-point from
     * Cumulative Sum Tests (Biometrika 58, 1971). Blocks of 32 values are standardized,
     *
     *   z = (mean of block - mean of all before) / sqrt(v/32 + v/n),   v the long-run variance, n the values before,
     *
     * which makes the z of an unchanging stream uncorrelated with unit variance although the mean is only estimated
     * (recursive residuals: Brown, Durbin & Evans, JRSS B 37, 1975). For such z the mean number of blocks until a false
     * alarm is (exp(s b) - s b - 1) / (2 k^2) with s = 2k (Siegmund, Sequential Analysis, 1985, chapter 10), which is
     * solved for the threshold b; Siegmund's correction for the overshoot would lower it by 1.166 and is left out, as
     * dependent blocks hardly overshoot.
     *
     * Rare errors skew the blocks to the right and make chance excursions longer: s becomes the root of
     * s/2 + g s^2/6 = k, where g is the skewness (Lundberg's exponent to third order). Where blocks depend on each
     * other the variance of their sums is r times theirs, and the third moment of the sums r^2 times or more. One
     * more value at 1 is always reckoned into the variance: where no error has come yet, the first proves nothing.
     */
    private static final int BLOCK = Adwin.BLOCK;
    private static final double ALLOWANCE = 0.25;
    private static final int BLOCKS_BEFORE_TEST = 32;
    private static final double MAX_SKEW = 8;
    /** As if so many blocks had been seen that were neither skewed nor dependent. */
    private static final double PRIOR = 8;

    private final double limit;

    private int pending;
    private double pendingSum;
    private double blocks;
    private double mean;
    private double squares;
    private double cubes;
    private double cumulative;
    private double lowest;
    private double blocksSinceLowest;
    private double sumSinceLowest;

    private double statistic;
    private double threshold;
    private double before;
    private double after;

    public PageHinkley(FalseAlarmBudget budget) {
        this.limit = solve(Math.max(2, budget.eventsPerAlarm() / BLOCK));
    }

    /** {@code s b}, by fixed-point iteration. */
    private static double solve(double blocksPerAlarm) {
        double target = 2 * ALLOWANCE * ALLOWANCE * blocksPerAlarm;
        double x = Math.log1p(target);
        for (int i = 0; i < 50; i++) {
            x = Math.log(target + x + 1);
        }
        return x;
    }

    /**
     * Takes in the next value; true if the mean has risen. The test goes on from nothing then.
     *
     * @param longRunVariance of the mean of many values, times their number; of independent ones their variance
     */
    public boolean add(double value, double longRunVariance) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("Page-Hinkley takes values in [0, 1], not " + value);
        }
        pendingSum += value;
        if (++pending < BLOCK) {
            return false;
        }
        double blockMean = pendingSum / BLOCK;
        pending = 0;
        pendingSum = 0;
        boolean risen = blocks >= BLOCKS_BEFORE_TEST && test(blockMean, longRunVariance);
        if (risen) {
            reset();
        } else {
            blocks++;
            mean += (blockMean - mean) / blocks;
        }
        return risen;
    }

    private boolean test(double blockMean, double longRunVariance) {
        double variance = longRunVariance + 1 / (blocks * BLOCK);
        double z = (blockMean - mean) / Math.sqrt(variance / BLOCK * (1 + 1 / blocks));
        squares += z * z;
        cubes += z * z * z;
        cumulative += z - ALLOWANCE;
        blocksSinceLowest++;
        sumSinceLowest += blockMean;
        if (cumulative < lowest) {
            lowest = cumulative;
            blocksSinceLowest = 0;
            sumSinceLowest = 0;
            return false;
        }
        double exponent = exponent(skew());
        statistic = cumulative - lowest;
        threshold = limit / exponent;
        if (statistic <= threshold) {
            return false;
        }
        after = sumSinceLowest / blocksSinceLowest;
        // The running mean has taken the risen blocks in; what it was before them is what is left without them.
        double unchanged = blocks - (blocksSinceLowest - 1);
        before = (mean * blocks - (sumSinceLowest - blockMean)) / unchanged;
        return true;
    }

    /** Of sums of many blocks, reckoned for one block. */
    private double skew() {
        double tested = PRIOR + blocks - BLOCKS_BEFORE_TEST + 1;
        double dependence = Math.max(1, tested / (PRIOR + squares));
        return Math.max(0, Math.min(MAX_SKEW, cubes / tested * dependence * dependence));
    }

    private static double exponent(double skew) {
        if (skew < 1e-3) {
            return 2 * ALLOWANCE;
        }
        return (Math.sqrt(0.25 + 2 * skew * ALLOWANCE / 3) - 0.5) * 3 / skew;
    }

    /** Forgets everything but the budget. */
    public void reset() {
        pending = 0;
        pendingSum = 0;
        blocks = 0;
        mean = 0;
        squares = 0;
        cubes = 0;
        cumulative = 0;
        lowest = 0;
        blocksSinceLowest = 0;
        sumSinceLowest = 0;
    }

    /** Of the last alarm: the mean until the sum stood lowest, which estimates when the change came. */
    public double before() {
        return before;
    }

    /** Of the last alarm: the mean since then. */
    public double after() {
        return after;
    }

    /** Of the last test: how far the sum stood above its lowest point, in standard deviations of a block's mean. */
    public double statistic() {
        return statistic;
    }

    public double threshold() {
        return threshold;
    }

    void write(StateNumbers out) {
        out.put(pending).put(pendingSum).put(blocks).put(mean).put(squares).put(cubes);
        out.put(cumulative).put(lowest).put(blocksSinceLowest).put(sumSinceLowest);
    }

    void read(StateNumbers in) {
        pending = in.nextInt(0, BLOCK - 1);
        pendingSum = in.next();
        blocks = in.next();
        mean = in.next();
        squares = in.next();
        cubes = in.next();
        cumulative = in.next();
        lowest = in.next();
        blocksSinceLowest = in.next();
        sumSinceLowest = in.next();
    }
}
