package io.headwater.learn.online;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.learn.SeededRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StateDigestTest {
    private static String of(float[] values) {
        StateDigest digest = new StateDigest();
        digest.reals(values);
        return digest.hex();
    }

    private static float[] values() {
        SeededRandom random = new SeededRandom(1);
        float[] values = new float[2 * StateDigest.BLOCK + 7];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @Test
    void everyBitOfEveryFloat_makesAnotherDigest() {
        float[] values = values();
        Set<String> seen = new HashSet<>(Set.of(of(values)));
        for (int i = 0; i < values.length; i++) {
            for (int bit = 0; bit < Float.SIZE; bit++) {
                float before = values[i];
                values[i] = Float.intBitsToFloat(Float.floatToRawIntBits(before) ^ 1 << bit);
                seen.add(of(values));
                values[i] = before;
            }
        }

        assertThat(seen).hasSize(1 + values.length * Float.SIZE);
    }

    @Test
    void placesMatter_alsoOfBlocksAndOfTheLength() {
        float[] values = values();
        float[] swapped = values.clone();
        swapped[3] = values[9];
        swapped[9] = values[3];
        float[] rotated = new float[values.length];
        System.arraycopy(values, 0, rotated, StateDigest.BLOCK, StateDigest.BLOCK);
        System.arraycopy(values, StateDigest.BLOCK, rotated, 0, StateDigest.BLOCK);
        System.arraycopy(values, 2 * StateDigest.BLOCK, rotated, 2 * StateDigest.BLOCK, 7);

        assertThat(Set.of(of(values), of(swapped), of(rotated), of(Arrays.copyOf(values, values.length + 1))))
                .hasSize(4);
    }

    @Test
    void signsOfTwoFloats_turnedTogether_doNotCancel() {
        // The lowest bits of both differences are 0: here a sum of products is at its weakest.
        float[] values = values();
        Set<String> seen = new HashSet<>();
        for (int other = 1; other < StateDigest.BLOCK; other++) {
            values[0] = -values[0];
            values[other] = -values[other];
            seen.add(of(values));
            values[0] = -values[0];
            values[other] = -values[other];
        }

        assertThat(seen).hasSize(StateDigest.BLOCK - 1).doesNotContain(of(values));
    }
}
