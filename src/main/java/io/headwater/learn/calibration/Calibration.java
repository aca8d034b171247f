package io.headwater.learn.calibration;

/**
 * Learns the {@link LogitMap} that makes probabilities come true, from the logits as they were when the events arrived
 * and the labels that came later. For one logit it learns scale and shift (Platt scaling), for one logit per class the
 * scale only (temperature). It never stops following: what was
 * learned counts half after a half-life of further rows, of which a row that was sure to come out so counts little.
 */
public final class Calibration {
    /*
     * Platt, Probabilistic Outputs for Support Vector Machines (1999); Guo et al., On Calibration of Modern Neural
     * Networks (ICML 2017). Both are logistic regressions of one or two parameters and are solved as such, one Newton
     * step per row with the curvature of all rows so far (Amari's natural gradient; the extended Kalman filter of the
     * model). What counts as known before the first row, so many rows' worth, keeps early steps small; curvature
     * never falls below that, so that a long run of certain rows does not make the next step a leap. What a row tells is
     * 4 p (1 - p) of what one at p = 1/2 does, and by so much of a row the others fade: else a stream of rare positives
     * would have forgotten most of them, and the map would be noise.
     */
    /** In rows whose probability was 1/2; of rows with 1 % positives, some 25 times as many. */
    public static final double DEFAULT_HALF_LIFE = 5_000;

    private static final double PRIOR_ROWS = 50;
    /** Of a row at probability 1/2 and a logit of 1. */
    private static final double ROW_CURVATURE = 0.25;

    private static final double KEPT_AT_ALARM = 0.1;
    private static final double MIN_SCALE = 0.05;
    private static final double MAX_SCALE = 20;
    private static final double MAX_SHIFT = 20;
    private static final double MAX_LOGIT = 50;

    /** Values of a state. */
    static final int STATE = 5;

    private final double fading;
    private final double priorCurvature;
    private double scale;
    private double shift;
    /** Curvature beyond the prior's: of the scale, of both, of the shift. */
    private double scaleScale;

    private double scaleShift;
    private double shiftShift;

    public Calibration() {
        this(LogitMap.IDENTITY, DEFAULT_HALF_LIFE);
    }

    /**
     * @param start what is taken for true before any label came, a prior correction for instance
     * @param halfLifeRows in rows whose probability was 1/2; infinite to forget nothing
     */
    public Calibration(LogitMap start, double halfLifeRows) {
        this(start, halfLifeRows, PRIOR_ROWS);
    }

    /** @param priorRows how many rows' worth is known at the start, and stays so: what steps are small by */
    Calibration(LogitMap start, double halfLifeRows, double priorRows) {
        if (!(halfLifeRows > 0)) {
            throw new IllegalArgumentException("a half-life is above 0 rows, not " + halfLifeRows);
        }
        this.fading = Math.log(2) / halfLifeRows;
        this.priorCurvature = ROW_CURVATURE * priorRows;
        this.scale = start.scale();
        this.shift = start.shift();
    }

    /** The map as it stands. */
    public LogitMap map() {
        return new LogitMap(scale, shift);
    }

    double scale() {
        return scale;
    }

    double shift() {
        return shift;
    }

    /** What the map makes of a logit. */
    public double apply(double logit) {
        return scale * logit + shift;
    }

    /**
     * Learns how one logit came out; anything but a finite one is passed over.
     *
     * @param weight how many such rows it counts for, above 0
     */
    public void learn(double logit, boolean cameTrue, double weight) {
        if (!(Math.abs(logit) < Double.POSITIVE_INFINITY)) {
            return;
        }
        double z = Math.max(-MAX_LOGIT, Math.min(MAX_LOGIT, logit));
        double p = 1 / (1 + Math.exp(-(scale * z + shift)));
        double curvature = weight * p * (1 - p);
        double kept = Math.exp(-fading * 4 * p * (1 - p));
        scaleScale = kept * scaleScale + curvature * z * z;
        scaleShift = kept * scaleShift + curvature * z;
        shiftShift = kept * shiftShift + curvature;

        double a = scaleScale + priorCurvature;
        double d = shiftShift + priorCurvature;
        double determinant = a * d - scaleShift * scaleShift;
        double error = weight * (p - (cameTrue ? 1 : 0));
        move(error * (d * z - scaleShift) / determinant, error * (a - scaleShift * z) / determinant);
    }

    private void move(double scaleStep, double shiftStep) {
        scale = Math.max(MIN_SCALE, Math.min(MAX_SCALE, scale - scaleStep));
        shift = Math.max(-MAX_SHIFT, Math.min(MAX_SHIFT, shift - shiftStep));
    }

    /**
     * Learns how the logits of several classes came out, by their common scale.
     *
     * @param logits from {@code from} on, one for each of {@code classes}
     * @param label the class, less than {@code classes}
     */
    public void learnClass(float[] logits, int from, int classes, int label, double weight) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = from; i < from + classes; i++) {
            if (!Float.isFinite(logits[i])) {
                return;
            }
            largest = Math.max(largest, logits[i]);
        }
        double sum = 0;
        double mean = 0;
        double squares = 0;
        for (int i = from; i < from + classes; i++) {
            double z = Math.max(-MAX_LOGIT, logits[i] - largest);
            double share = Math.exp(scale * z);
            sum += share;
            mean += share * z;
            squares += share * z * z;
        }
        mean /= sum;
        double curvature = Math.max(0, squares / sum - mean * mean);
        double surest = 1 / sum; // the largest logit has a share of exp(0)
        scaleScale = Math.exp(-fading * 4 * surest * (1 - surest)) * scaleScale + weight * curvature;
        double actual = Math.max(-MAX_LOGIT, logits[from + label] - largest);
        move(weight * (mean - actual) / (scaleScale + priorCurvature), 0);
    }

    /** Takes in that what was learned may be out of date: nine tenths of the rows count no more, so the next move it more. */
    public void alarm() {
        scaleScale *= KEPT_AT_ALARM;
        scaleShift *= KEPT_AT_ALARM;
        shiftShift *= KEPT_AT_ALARM;
    }

    /** For a checkpoint. */
    public double[] state() {
        return new double[] {scale, shift, scaleScale, scaleShift, shiftShift};
    }

    /** Takes over what {@link #state()} gave. */
    public void restore(double[] state) {
        if (state.length != STATE) {
            throw new IllegalArgumentException(
                    "calibration state of " + state.length + " values where " + STATE + " are needed");
        }
        LogitMap map = new LogitMap(state[0], state[1]);
        scale = map.scale();
        shift = map.shift();
        scaleScale = state[2];
        scaleShift = state[3];
        shiftShift = state[4];
    }
}
