package io.headwater.gate;

import java.util.Arrays;

/** Area under the ROC curve: the probability that a random positive outranks a random negative, ties counting half. */
public final class RocAuc {
    /** A score's order-preserving 32 bits in the high half, the label in the lowest bit: sorts without boxing. */
    private static long key(float score, boolean label) {
        int bits = Float.floatToIntBits(score + 0f); // -0 becomes 0
        int ordered = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
        return ((long) ordered << 32) | (label ? 1 : 0);
    }

    private RocAuc() {}

    /**
     * The exact area (Mann-Whitney) over the first {@code n} scores; NaN if they are all of one class.
     *
     * @param scores any monotone score, logit or probability
     */
    public static double of(float[] scores, boolean[] labels, int n) {
        long[] keys = new long[n];
        for (int i = 0; i < n; i++) {
            keys[i] = key(scores[i], labels[i]);
        }
        Arrays.sort(keys);
        double wins = 0;
        long negatives = 0;
        for (int i = 0; i < n; ) {
            long tiedPositives = 0;
            long tiedNegatives = 0;
            for (long score = keys[i] >> 32; i < n && keys[i] >> 32 == score; i++) {
                if ((keys[i] & 1) == 1) {
                    tiedPositives++;
                } else {
                    tiedNegatives++;
                }
            }
            wins += tiedPositives * (negatives + tiedNegatives / 2.0);
            negatives += tiedNegatives;
        }
        return wins / ((double) negatives * (n - negatives));
    }
}
