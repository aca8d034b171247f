package io.headwater.drift;

/**
 * The population stability index of one feature: how far the shares of its bins have moved from those of a reference
 * window, {@code sum (q - p) ln(q / p)}.
 */
public final class PopulationStability {
    /*
     * Where nothing changes, index / (1/n + 1/m) has a chi-squared distribution with bins - 1 degrees of freedom
     * (Yurdakul, Statistical Properties of Population Stability Index, 2018). A chi-squared variable of d degrees
     * exceeds d + 2 sqrt(d x) + 2x with probability exp(-x) at most (Laurent & Massart, Annals of Statistics 28, 2000,
     * lemma 1), which gives the threshold. Where rows depend on their neighbours both sizes shrink by the same factor
     * (Rao & Scott, JASA 76, 1981). The rule of thumb "above 0.25" knows neither sizes nor budget.
     */
    private static final double SMOOTHING = 0.5;

    private final double bound;

    private double statistic;
    private double threshold;
    private double before;
    private double after;

    /** @param rowsPerTest how many rows come from one test to the next */
    public PopulationStability(FalseAlarmBudget budget, int rowsPerTest, int bins) {
        double x = -Math.log(budget.chance(rowsPerTest));
        int degrees = bins - 1;
        this.bound = degrees + 2 * Math.sqrt(degrees * x) + 2 * x;
    }

    /**
     * True if the two differ by more than chance explains.
     *
     * @param reference {@code [bins]} counts
     * @param window {@code [bins]} counts
     * @param dependence rows that tell as much as one independent row, at least 1
     */
    public boolean test(int[] reference, int[] window, double dependence) {
        double rows = 0;
        double referenceRows = 0;
        for (int bin = 0; bin < window.length; bin++) {
            rows += window[bin] + SMOOTHING;
            referenceRows += reference[bin] + SMOOTHING;
        }
        statistic = 0;
        double largest = -1;
        for (int bin = 0; bin < window.length; bin++) {
            double p = (reference[bin] + SMOOTHING) / referenceRows;
            double q = (window[bin] + SMOOTHING) / rows;
            double part = (q - p) * Math.log(q / p);
            statistic += part;
            if (part > largest) {
                largest = part;
                before = p;
                after = q;
            }
        }
        threshold = bound * dependence * (1 / referenceRows + 1 / rows);
        return statistic > threshold;
    }

    /** Of the last test: the index. */
    public double statistic() {
        return statistic;
    }

    public double threshold() {
        return threshold;
    }

    /** Of the last test: the share of the bin that moved most, in the reference. */
    public double before() {
        return before;
    }

    /** Of the last test: the share of the bin that moved most, in the window. */
    public double after() {
        return after;
    }
}
