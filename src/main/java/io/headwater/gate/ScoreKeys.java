package io.headwater.gate;

import java.util.Arrays;

/** Scores with their labels as numbers that sort by the score without boxing; equal scores have equal high halves. */
final class ScoreKeys {
    private ScoreKeys() {}

    /** From the lowest score to the highest: its order-preserving 32 bits, and in the lowest bit the label. */
    static long[] sorted(float[] scores, boolean[] labels, int from, int to) {
        long[] keys = new long[to - from];
        for (int i = 0; i < keys.length; i++) {
            int bits = Float.floatToIntBits(scores[from + i] + 0f); // -0 becomes 0
            int ordered = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
            keys[i] = ((long) ordered << 32) | (labels[from + i] ? 1 : 0);
        }
        Arrays.sort(keys);
        return keys;
    }

    /** Equal for equal scores. */
    static int score(long key) {
        return (int) (key >> 32);
    }

    static long label(long key) {
        return key & 1;
    }

    static float value(long key) {
        int ordered = score(key);
        return Float.intBitsToFloat(ordered ^ ((ordered >> 31) & Integer.MAX_VALUE));
    }
}
