package io.headwater.learn.anomaly;

import io.headwater.event.OwnerKeys;
import io.headwater.feature.NumericScaler;
import io.headwater.learn.OnlineLearner;
import io.headwater.learn.OnlineRow;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import io.headwater.learn.Task;
import io.headwater.learn.calibration.Calibration;
import io.headwater.learn.calibration.LogitMap;

/**
 * Finds strange rows without labels: by their Mahalanobis distance from recent rows, and by what a small autoencoder
 * cannot give back of them. All is learned when events arrive. What it says of a row is a tail probability, the share of
 * recent traffic that was stranger; labels, when they come, only calibrate how likely such a row is positive. It sees no
 * categories.
 */
public final class AnomalyLearner implements OnlineLearner {
    /*
     * Each of the two strangenesses is ranked among the recent ones; the two ranks, which depend on each other, are
     * joined by their harmonic mean (Wilson, PNAS 116, 2019), and the result is ranked again, so that it is a share of
     * traffic whatever the two have in common. A missing value stands at its column's mean, and how many are missing is
     * a column of its own.
     *
     * Until labels say otherwise one row in a hundred is taken for positive, and strange rows for those: a row among the
     * strangest hundredth has a probability of one half or more.
     */
    private static final String KIND = "anomaly";
    private static final int FORMAT = 2;
    private static final double HALF_LIFE = 20_000;
    private static final double POSITIVES = 0.01;
    private static final int FIRST_RANK = 50;
    private static final float MAX_DEVIATIONS = 10;
    private static final double SMALLEST = 1e-6;
    private static final double KEPT_AT_ALARM = 0.1;

    private final int numeric;
    private final long seed;
    private final NumericScaler scaler;
    private final float[] mean;
    private final float[] scale;
    private final float[] counted;
    private final float[] scaled;
    private final Covariance covariance;
    private final Autoencoder autoencoder;
    private final RecentRanks distances = new RecentRanks(HALF_LIFE);
    private final RecentRanks errors = new RecentRanks(HALF_LIFE);
    private final RecentRanks both = new RecentRanks(HALF_LIFE);
    private final Calibration calibration =
            new Calibration(new LogitMap(1, Math.log(POSITIVES)), Calibration.DEFAULT_HALF_LIFE);

    private long rows;
    private double distance;
    private double error;
    private double joined;

    public AnomalyLearner(int numeric, long seed) {
        if (numeric < 1) {
            throw new IllegalArgumentException("an anomaly learner needs a number in its rows");
        }
        this.numeric = numeric;
        this.seed = seed;
        int columns = numeric + 1;
        this.scaler = new NumericScaler(columns, HALF_LIFE);
        this.mean = new float[columns];
        this.scale = new float[columns];
        this.counted = new float[columns];
        this.scaled = new float[columns];
        this.covariance = new Covariance(columns, HALF_LIFE);
        this.autoencoder = new Autoencoder(columns, seed);
        scaler.meanTo(mean);
        scaler.scaleTo(scale);
    }

    @Override
    public Task task() {
        return Task.BINARY;
    }

    @Override
    public int outputs() {
        return 1;
    }

    @Override
    public int memoLength() {
        return 1;
    }

    /** The share of recent traffic that was stranger than the row, in (0, 1); 1/2 until there is some traffic. */
    public double tailProbability(OnlineRow row) {
        look(row);
        return tail();
    }

    private void look(OnlineRow row) {
        int missing = 0;
        for (int i = 0; i < numeric; i++) {
            float value = row.numeric()[i];
            counted[i] = value;
            missing += Float.isNaN(value) ? 1 : 0;
        }
        counted[numeric] = missing;
        for (int i = 0; i < counted.length; i++) {
            float deviations = (counted[i] - mean[i]) / scale[i];
            scaled[i] = Float.isNaN(deviations) ? 0 : Math.max(-MAX_DEVIATIONS, Math.min(MAX_DEVIATIONS, deviations));
        }
        distance = Math.max(SMALLEST, covariance.distance(scaled));
        error = Math.max(SMALLEST, autoencoder.error(scaled));
        joined = 0.5 / distances.shareAbove(distance) + 0.5 / errors.shareAbove(error);
    }

    private double tail() {
        return rows < FIRST_RANK ? 0.5 : both.shareAbove(joined);
    }

    private static double logit(double tail) {
        return Math.log((1 - tail) / tail);
    }

    @Override
    public void score(OnlineRow row, float[] outputs) {
        outputs[0] = (float) calibration.apply(logit(tailProbability(row)));
    }

    @Override
    public void arrive(OnlineRow row, float[] outputs, float[] memo) {
        double logit = logit(tailProbability(row));
        memo[0] = (float) logit;
        outputs[0] = (float) calibration.apply(logit);

        distances.add(distance);
        errors.add(error);
        both.add(joined);
        covariance.add(scaled, row.key());
        autoencoder.learn(scaled);
        scaler.observe(counted);
        scaler.meanTo(mean);
        scaler.scaleTo(scale);
        rows++;
    }

    @Override
    public void learn(OnlineRow row, float[] memo, float label, float weight) {
        if (label != 0 && label != 1) {
            throw new IllegalArgumentException("the label " + label + " is none of BINARY: 0 or 1");
        }
        if (!(weight > 0 && weight <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("a row counts for a number of rows above 0, not " + weight);
        }
        calibration.learn(memo[0], label == 1, weight);
    }

    @Override
    public void alarm() {
        distances.fade(KEPT_AT_ALARM);
        errors.fade(KEPT_AT_ALARM);
        both.fade(KEPT_AT_ALARM);
        covariance.fade(KEPT_AT_ALARM);
        calibration.alarm();
    }

    /** Of the few rows that wait to be taken into the covariance; ranks are counts, and the autoencoder's are weights. */
    @Override
    public int erase(OwnerKeys owners) {
        return covariance.erase(owners);
    }

    @Override
    public long stateBytes() {
        return covariance.bytes()
                + autoencoder.bytes()
                + distances.bytes()
                + errors.bytes()
                + both.bytes()
                + (long) Float.BYTES * 4 * scaled.length
                + (long) Double.BYTES * 3 * scaled.length;
    }

    /** All that decides what later calls do. */
    public byte[] checkpoint() {
        StateWriter out = new StateWriter(KIND, FORMAT);
        out.integer(numeric).integer64(seed).integer64(rows);
        out.reals64(scaler.state()).reals64(calibration.state());
        covariance.write(out);
        autoencoder.write(out);
        distances.write(out);
        errors.write(out);
        both.write(out);
        return out.toBytes();
    }

    /**
     * Becomes the learner whose {@link #checkpoint} this is.
     *
     * @throws IllegalArgumentException if the bytes are of another kind, format or shape
     */
    public void restore(byte[] checkpoint) {
        StateReader in = new StateReader(checkpoint, KIND, FORMAT);
        int columns = in.integer();
        long savedSeed = in.integer64();
        if (columns != numeric || savedSeed != seed) {
            throw new IllegalArgumentException("the state is of an anomaly learner for " + columns
                    + " numbers with seed " + savedSeed + ", this is one for " + numeric + " with seed " + seed);
        }
        rows = in.integer64();
        scaler.restore(in.reals64(3 * scaled.length, 4 * scaled.length));
        calibration.restore(in.reals64(5));
        covariance.read(in);
        autoencoder.read(in);
        distances.read(in);
        errors.read(in);
        both.read(in);
        in.end();
        scaler.meanTo(mean);
        scaler.scaleTo(scale);
    }
}
