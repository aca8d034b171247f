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
     * Undoes class balancing, where each positive counted as {@code positiveWeight} rows and each negative as one.
     *
     * <p>Elkan, The Foundations of Cost-Sensitive Learning (IJCAI 2001), theorem 2: the odds are off by a factor.
     */
    public static LogitMap ofWeightedPositives(double positiveWeight) {
        if (!(positiveWeight > 0)) {
            throw new IllegalArgumentException("positives count above 0, not " + positiveWeight);
        }
        return new LogitMap(1, -Math.log(positiveWeight));
    }

    public double apply(double logit) {
        return scale * logit + shift;
    }
}
