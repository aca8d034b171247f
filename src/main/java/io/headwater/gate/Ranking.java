package io.headwater.gate;

/**
 * How well scores put positives above negatives. Ties are of one rank: no order within them is believed.
 *
 * @param rocAuc probability that a random positive outranks a random negative, ties counting half (Mann and Whitney);
 *     NaN where there are not both
 * @param averagePrecision mean over the positives of the precision at each one's rank, the area under precision and
 *     recall as steps; NaN where there is no positive
 */
public record Ranking(double rocAuc, double averagePrecision) {
    /** @param scores any monotone score, logit or probability; sorted copies are made */
    public static Ranking of(float[] scores, boolean[] positive) {
        return of(scores, positive, scores.length);
    }

    /** Of the first {@code n} scores. */
    public static Ranking of(float[] scores, boolean[] positive, int n) {
        return ofSorted(ScoreKeys.sorted(scores, positive, 0, n));
    }

    /** Of the scores from {@code from} to before {@code to}. */
    public static Ranking of(float[] scores, boolean[] positive, int from, int to) {
        return ofSorted(ScoreKeys.sorted(scores, positive, from, to));
    }

    private static Ranking ofSorted(long[] keys) {
        double positives = 0;
        double negatives = 0;
        double wins = 0;
        double precisions = 0;
        for (int until = keys.length; until > 0; ) {
            int from = until;
            double tied = 0;
            while (from > 0 && ScoreKeys.score(keys[from - 1]) == ScoreKeys.score(keys[until - 1])) {
                tied += ScoreKeys.label(keys[--from]);
            }
            double losing = until - from - tied;
            // From the highest score down: a negative loses against all positives above it.
            wins += losing * (positives + tied / 2);
            positives += tied;
            negatives += losing;
            precisions += tied * positives / (positives + negatives);
            until = from;
        }
        return new Ranking(wins / (positives * negatives), precisions / positives);
    }
}
