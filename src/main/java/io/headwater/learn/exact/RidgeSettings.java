package io.headwater.learn.exact;

/**
 * What a {@link RidgeLearner} is to be. Its defaults suit features that a backbone made.
 *
 * @param features random features that the row is projected to first, 0 for the row's numbers as they are. The cost of
 *     a row and the memory grow with the square of the features
 * @param seed of the projection; two learners can be merged only if it is the same
 * @param priorRows how many rows without any correlation count along, at least 0; more of them shrink the covariances
 * @param halfLifeRows learned rows after which a row counts half; infinite to forget nothing
 * @param evenPriors whether classes are taken for equally likely, however many rows each has
 */
public record RidgeSettings(int features, long seed, double priorRows, double halfLifeRows, boolean evenPriors) {
    static final int MAX_FEATURES = 20_000;

    public RidgeSettings {
        if (features < 0 || features > MAX_FEATURES) {
            throw new IllegalArgumentException("random features are 0 to " + MAX_FEATURES + ", not " + features);
        }
        if (!(priorRows >= 0) || Double.isInfinite(priorRows)) {
            throw new IllegalArgumentException("prior rows are 0 or more, not " + priorRows);
        }
        if (!(halfLifeRows > 0)) {
            throw new IllegalArgumentException("a half-life is above 0 rows, not " + halfLifeRows);
        }
    }

    public static RidgeSettings byDefault() {
        return new RidgeSettings(0, 1, 10, Double.POSITIVE_INFINITY, false);
    }

    /** The same on so many random features. */
    public RidgeSettings projectedTo(int features, long seed) {
        return new RidgeSettings(features, seed, priorRows, halfLifeRows, evenPriors);
    }

    public RidgeSettings withPriorRows(double rows) {
        return new RidgeSettings(features, seed, rows, halfLifeRows, evenPriors);
    }

    public RidgeSettings withHalfLife(double rows) {
        return new RidgeSettings(features, seed, priorRows, rows, evenPriors);
    }

    public RidgeSettings withEvenPriors() {
        return new RidgeSettings(features, seed, priorRows, halfLifeRows, true);
    }
}
