package io.headwater.gate;

/**
 * Expected calibration error: how far stated probabilities are from how often they came true, in [0, 1]. The scores are
 * put in order and cut into bins of equally many; the error is the mean over the bins of the distance between the mean
 * probability and the share that came true, each bin counting by its scores. Equal probabilities are never put into
 * different bins, so there may be fewer and larger ones than asked for.
 */
public final class CalibrationError {
    /*
     * Naeini, Cooper & Hauskrecht (AAAI 2015) with bins of equal mass, whose bias is smaller than that of bins of equal
     * width: Nixon et al. (CVPR workshops 2019), Roelofs et al. (AISTATS 2022). With n scores and b bins a perfectly
     * calibrated model has about sqrt(2 b p (1 - p) / (pi n)) all the same: 0.007 at n = 45,000, b = 15, p = 1/2.
     */
    public static final int BINS = 15;

    private CalibrationError() {}

    /** Of the first {@code n} probabilities, in {@link #BINS} bins; NaN of none. */
    public static double of(float[] probabilities, boolean[] cameTrue, int n) {
        return of(probabilities, cameTrue, 0, n, BINS);
    }

    /** Of the probabilities from {@code from} to before {@code to}. */
    public static double of(float[] probabilities, boolean[] cameTrue, int from, int to, int bins) {
        if (bins < 1) {
            throw new IllegalArgumentException("bins are at least 1, not " + bins);
        }
        long[] keys = ScoreKeys.sorted(probabilities, cameTrue, from, to);
        double error = 0;
        int start = 0;
        for (int bin = 1; bin <= bins && start < keys.length; bin++) {
            int end = Math.max(start + 1, (int) ((long) keys.length * bin / bins));
            while (end < keys.length && ScoreKeys.score(keys[end]) == ScoreKeys.score(keys[end - 1])) {
                end++;
            }
            double gap = 0;
            for (int i = start; i < end; i++) {
                gap += ScoreKeys.value(keys[i]) - ScoreKeys.label(keys[i]);
            }
            error += Math.abs(gap);
            start = end;
        }
        return error / keys.length;
    }
}
