package io.headwater.feature;

import java.nio.FloatBuffer;

/**
 * Running mean and scale of each numeric column. Observations fade with a half-life counted in rows, so the statistics
 * follow a drifting stream; missing values (NaN) and infinities are passed over. The statistics travel with every
 * version as two initializers of its graph.
 */
public final class NumericScaler {
    /*
     * Exponentially weighted Welford (West, CACM 1979): per column a weight, a mean and a sum of squared deviations,
     * all three multiplied by the decay before each row.
     */
    private static final double MIN_DEVIATION = 1e-6;

    /*
     * Once a column is known, a value further out counts as this many deviations only: one hostile record of 1e38 would
     * otherwise flatten its column for hundreds of half-lives. A true jump still gets through: the deviation grows by a
     * constant factor with each row.
     */
    private static final double MAX_DEVIATIONS = 8;
    private static final double KNOWN_AFTER_ROWS = 30;

    private final double decay;
    private final double[] weight;
    private final double[] mean;
    private final double[] squares;

    /** @param halfLifeRows rows after which an observation counts half; infinite to forget nothing */
    public NumericScaler(int columns, double halfLifeRows) {
        this(decay(halfLifeRows), new double[columns], new double[columns], new double[columns]);
    }

    private static double decay(double halfLifeRows) {
        if (!(halfLifeRows > 0)) {
            throw new IllegalArgumentException("a half-life is above 0 rows, not " + halfLifeRows);
        }
        return Math.pow(0.5, 1 / halfLifeRows);
    }

    private NumericScaler(double decay, double[] weight, double[] mean, double[] squares) {
        this.decay = decay;
        this.weight = weight;
        this.mean = mean;
        this.squares = squares;
    }

    public int columns() {
        return mean.length;
    }

    /** Takes every row of the batch in, in order. */
    public void observe(FeatureBatch batch) {
        FloatBuffer values = batch.numeric();
        for (int row = 0, at = 0; row < batch.rows(); row++) {
            for (int column = 0; column < mean.length; column++, at++) {
                observe(column, values.get(at));
            }
        }
    }

    /** Takes one row in: the first {@link #columns()} of {@code values}. */
    public void observe(float[] values) {
        for (int column = 0; column < mean.length; column++) {
            observe(column, values[column]);
        }
    }

    private void observe(int column, float value) {
        if (!Float.isFinite(value)) {
            return;
        }
        double kept = weight[column] * decay;
        weight[column] = kept + 1;
        double delta = value - mean[column];
        if (kept > KNOWN_AFTER_ROWS) {
            double deviation = Math.sqrt(squares[column] / weight[column]);
            // A column that was constant so far has no deviation to go by, only a magnitude.
            double limit = MAX_DEVIATIONS * (deviation > 0 ? deviation : Math.max(1, Math.abs(mean[column])));
            delta = Math.max(-limit, Math.min(limit, delta));
        }
        double counted = mean[column] + delta;
        mean[column] += delta / weight[column];
        squares[column] = squares[column] * decay + delta * (counted - mean[column]);
    }

    /** {@code [columns]}; zero for a column that has no observation. */
    public float[] mean() {
        float[] out = new float[mean.length];
        meanTo(out);
        return out;
    }

    /** Writes what {@link #mean()} gives. */
    public void meanTo(float[] out) {
        for (int i = 0; i < mean.length; i++) {
            out[i] = (float) mean[i];
        }
    }

    /** {@code [columns]} standard deviations, one where a column is constant or has no observation: always usable as a divisor. */
    public float[] scale() {
        float[] out = new float[mean.length];
        scaleTo(out);
        return out;
    }

    /** Writes what {@link #scale()} gives. */
    public void scaleTo(float[] out) {
        for (int i = 0; i < mean.length; i++) {
            double deviation = weight[i] > 1 ? Math.sqrt(squares[i] / weight[i]) : 0;
            boolean usable =
                    deviation > MIN_DEVIATION * Math.max(1, Math.abs(mean[i])) && (float) deviation < Float.MAX_VALUE;
            out[i] = usable ? (float) deviation : 1f;
        }
    }

    /** {@code [3 * columns]} weights, means and sums of squares, for a checkpoint. */
    public double[] state() {
        int n = mean.length;
        double[] state = new double[3 * n];
        System.arraycopy(weight, 0, state, 0, n);
        System.arraycopy(mean, 0, state, n, n);
        System.arraycopy(squares, 0, state, 2 * n, n);
        return state;
    }

    /** Takes over what {@link #state()} gave. */
    public void restore(double[] state) {
        int n = mean.length;
        if (state.length != 3 * n) {
            throw new IllegalArgumentException("scaler state of " + state.length + " values for " + n + " columns");
        }
        System.arraycopy(state, 0, weight, 0, n);
        System.arraycopy(state, n, mean, 0, n);
        System.arraycopy(state, 2 * n, squares, 0, n);
    }
}
