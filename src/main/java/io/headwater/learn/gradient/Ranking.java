package io.headwater.learn.gradient;

import java.util.Arrays;

/**
 * How well scores put positives above negatives. Ties are of one rank: no order within them is believed.
 *
 * @param rocAuc probability that a random positive outranks a random negative, ties counting half (Mann and Whitney);
 *     NaN where there are not both
 * @param averagePrecision mean over the positives of the precision at each one's rank, the area under precision and
 *     recall as steps; NaN where there is no positive
 */
record Ranking(double rocAuc, double averagePrecision) {
    /** @param scores logits or probabilities; sorted copies are made */
    static Ranking of(float[] scores, boolean[] positive) {
        long[] keys = new long[scores.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = key(scores[i], positive[i]);
        }
        Arrays.sort(keys);
        double positives = 0;
        double negatives = 0;
        double wins = 0;
        double precisions = 0;
        for (int until = keys.length; until > 0; ) {
            int from = until;
            double tied = 0;
            while (from > 0 && keys[from - 1] >> 32 == keys[until - 1] >> 32) {
                tied += keys[--from] & 1;
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

    /** A score's order-preserving 32 bits in the high half, the label in the lowest bit: sorts without boxing. */
    private static long key(float score, boolean positive) {
        int bits = Float.floatToIntBits(score + 0f); // -0 becomes 0
        int ordered = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
        return ((long) ordered << 32) | (positive ? 1 : 0);
    }
}
