package io.headwater.feature;

import java.nio.FloatBuffer;
import java.util.Arrays;

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
     * otherwise flatten its column for hundreds of half-lives. So many of them in a row are a jump, and from there on
     * the limit doubles with each row until the values are within it: a column that comes back after an outage has a
     * deviation that has faded to nothing, and would otherwise take thousands of rows to find its scale again.
     */
    private static final double MAX_DEVIATIONS = 8;
    private static final double KNOWN_AFTER_ROWS = 30;
    private static final int JUMP_ROWS = 30;

    /** Of limited values in a row, so many are counted: by then any limit has doubled to infinity. */
    private static final int MOST_LIMITED = 4_000;

    private final double decay;
    private final double[] weight;
    private final double[] mean;
    private final double[] squares;

    /** How many of the column's latest values in a row were further out than the limit. */
    private final int[] limited;

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
        this.limited = new int[mean.length];
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

    /**
     * Takes one value of a column in.
     *
     * @return the value as it counted: itself, or brought nearer if it was far out of a known column
     */
    public float observe(int column, float value) {
        if (!Float.isFinite(value)) {
            return value;
        }
        double kept = weight[column] * decay;
        weight[column] = kept + 1;
        double distance = value - mean[column];
        double delta = distance;
        if (kept > KNOWN_AFTER_ROWS) {
            double limit = limit(column, Math.abs(distance));
            delta = Math.max(-limit, Math.min(limit, distance));
        }
        double counted = mean[column] + delta;
        mean[column] += delta / weight[column];
        squares[column] = squares[column] * decay + delta * (counted - mean[column]);
        return delta == distance ? value : (float) counted;
    }

    /** How far out a value may count, where it is this far out. */
    private double limit(int column, double distance) {
        double deviation = Math.sqrt(squares[column] / weight[column]);
        int before = limited[column];
        // A column that was constant so far has no deviation to go by, only a magnitude; in a jump, neither has one
        // whose deviation has faded away.
        boolean constant = before < JUMP_ROWS ? !(deviation > 0) : !(deviation > leastDeviation(mean[column]));
        double limit = MAX_DEVIATIONS * (constant ? Math.max(1, Math.abs(mean[column])) : deviation);
        limited[column] = distance > limit ? Math.min(MOST_LIMITED, before + 1) : 0;
        return limited[column] > JUMP_ROWS ? Math.scalb(limit, limited[column] - JUMP_ROWS) : limit;
    }

    /** The deviation up to which a column of this mean is as good as constant: a float has few digits left of it. */
    public static double leastDeviation(double mean) {
        return MIN_DEVIATION * Math.max(1, Math.abs(mean));
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
            out[i] = isSpread(mean[i], deviation) ? (float) deviation : 1f;
        }
    }

    /** Whether a column of this mean and deviation is not as good as constant, and the deviation can divide it. */
    public static boolean isSpread(double mean, double deviation) {
        return deviation > leastDeviation(mean) && (float) deviation < Float.MAX_VALUE;
    }

    /**
     * {@code [3 * columns]} weights, means and sums of squares, for a checkpoint; where the latest values of a column
     * were further out than the limit, {@code [4 * columns]} with how many they are.
     */
    public double[] state() {
        int n = mean.length;
        boolean calm = Arrays.stream(limited).allMatch(rows -> rows == 0);
        double[] state = new double[(calm ? 3 : 4) * n];
        System.arraycopy(weight, 0, state, 0, n);
        System.arraycopy(mean, 0, state, n, n);
        System.arraycopy(squares, 0, state, 2 * n, n);
        for (int i = 3 * n; i < state.length; i++) {
            state[i] = limited[i - 3 * n];
        }
        return state;
    }

    /** Takes over what {@link #state()} gave. */
    public void restore(double[] state) {
        int n = mean.length;
        if (state.length != 3 * n && state.length != 4 * n) {
            throw new IllegalArgumentException("scaler state of " + state.length + " values for " + n + " columns");
        }
        System.arraycopy(state, 0, weight, 0, n);
        System.arraycopy(state, n, mean, 0, n);
        System.arraycopy(state, 2 * n, squares, 0, n);
        for (int i = 0; i < n; i++) {
            limited[i] = state.length == 3 * n ? 0 : (int) state[3 * n + i];
        }
    }
}
