package io.headwater.learn.calibration;

/**
 * A straight line on a logit, {@code scale * logit + shift}: what calibration is, and so small that it ships inside the
 * exported graph. It never changes the order of scores.
 *
 * @param scale above 0
 */
public record LogitMap(double scale, double shift) {
    public static final LogitMap IDENTITY = new LogitMap(1, 0);

    public LogitMap {
        if (!(scale > 0) || Double.isInfinite(scale) || !(Math.abs(shift) < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "a logit is mapped by a scale above 0 and a finite shift, not by " + scale + " and " + shift);
        }
    }

    /**
     * Undoes class balancing: a model that learned at one rate of positives, and is asked at another.
     *
     * <p>Elkan, The Foundations of Cost-Sensitive Learning (IJCAI 2001), theorem 2: the odds are off by a factor.
     *
     * @param learned share of positives among what was learned, weights counted, in (0, 1)
     * @param actual share of positives among the events, in (0, 1)
     */
    public static LogitMap priorCorrection(double learned, double actual) {
        return new LogitMap(1, logOdds(actual) - logOdds(learned));
    }

    /** The same where each positive counted as {@code positiveWeight} rows and each negative as one. */
    public static LogitMap ofWeightedPositives(double positiveWeight) {
        if (!(positiveWeight > 0)) {
            throw new IllegalArgumentException("positives count above 0, not " + positiveWeight);
        }
        return new LogitMap(1, -Math.log(positiveWeight));
    }

    private static double logOdds(double rate) {
        if (!(rate > 0 && rate < 1)) {
            throw new IllegalArgumentException("a rate of positives is between 0 and 1, not " + rate);
        }
        return Math.log(rate / (1 - rate));
    }

    public double apply(double logit) {
        return scale * logit + shift;
    }

    /** This one first, then {@code next}. */
    public LogitMap then(LogitMap next) {
        return new LogitMap(next.scale * scale, next.scale * shift + next.shift);
    }
}
