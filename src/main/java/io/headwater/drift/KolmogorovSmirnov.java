package io.headwater.drift;

/**
 * The two-sample test of Kolmogorov and Smirnov for one feature: the largest difference between the distribution
 * functions of a reference window and of a later one, looked for at the borders of fixed cells.
 */
public final class KolmogorovSmirnov {
    /*
     * Where nothing changes the difference exceeds e with probability 2 exp(-2 m e^2) at most, 1/m the sum of the
     * inverse sizes (Wei & Dudley, Two-sample Dvoretzky-Kiefer-Wolfowitz Inequalities, Statistics & Probability
     * Letters 82, 2012, for sizes of 458 and more). A difference that is looked for at some points only is no larger,
     * so the bound holds for cells, and for ties, as well.
     */
    private final double bound;

    private double statistic;
    private double threshold;
    private double before;
    private double after;

    /** @param rowsPerTest how many rows come from one test to the next */
    public KolmogorovSmirnov(FalseAlarmBudget budget, int rowsPerTest) {
        this.bound = Math.log(2 / budget.chance(rowsPerTest)) / 2;
    }

    /**
     * True if the two differ by more than chance explains.
     *
     * @param reference {@code [cells]} counts, cells in the order of their values
     * @param window {@code [cells]} counts
     * @param dependence rows that tell as much as one independent row, at least 1
     */
    public boolean test(int[] reference, int[] window, double dependence) {
        double rows = 0;
        double referenceRows = 0;
        for (int cell = 0; cell < window.length; cell++) {
            rows += window[cell];
            referenceRows += reference[cell];
        }
        statistic = 0;
        double below = 0;
        double referenceBelow = 0;
        for (int cell = 0; cell < window.length; cell++) {
            below += window[cell];
            referenceBelow += reference[cell];
            double difference = Math.abs(below / rows - referenceBelow / referenceRows);
            if (difference > statistic) {
                statistic = difference;
                before = referenceBelow / referenceRows;
                after = below / rows;
            }
        }
        threshold = Math.sqrt(bound * dependence * (1 / referenceRows + 1 / rows));
        return statistic > threshold;
    }

    /** Of the last test: the largest difference. */
    public double statistic() {
        return statistic;
    }

    public double threshold() {
        return threshold;
    }

    /** Of the last test: the share of reference values up to where the difference is largest. */
    public double before() {
        return before;
    }

    /** Of the last test: the share of the window's values up to where the difference is largest. */
    public double after() {
        return after;
    }
}
