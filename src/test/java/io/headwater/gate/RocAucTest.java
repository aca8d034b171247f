package io.headwater.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RocAucTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void area_equalsTheDefinition(long seed) {
        // Given scores of which many tie: signs, zeros, huge and tiny ones
        Random random = new Random(seed);
        int n = 2 + random.nextInt(400);
        float[] scores = new float[n];
        boolean[] labels = new boolean[n];
        for (int i = 0; i < n; i++) {
            labels[i] = random.nextInt(4) == 0;
            float base = Math.round(random.nextGaussian() * 4 + (labels[i] ? 1 : 0)) / 4f;
            scores[i] = switch (random.nextInt(12)) {
                case 0 -> -0f;
                case 1 -> base * 1e37f;
                case 2 -> base * 1e-44f;
                default -> base;
            };
        }
        labels[0] = true;
        labels[1] = false;

        assertThat(RocAuc.of(scores, labels, n)).isCloseTo(definition(scores, labels), within(1e-12));
    }

    /** The share of pairs of a positive and a negative in which the positive is ahead; a tie is half a win. */
    private static double definition(float[] scores, boolean[] labels) {
        double wins = 0;
        long pairs = 0;
        for (int p = 0; p < scores.length; p++) {
            for (int q = 0; q < scores.length; q++) {
                if (labels[p] && !labels[q]) {
                    pairs++;
                    wins += scores[p] > scores[q] ? 1 : scores[p] == scores[q] ? 0.5 : 0;
                }
            }
        }
        return wins / pairs;
    }

    @Test
    void perfectAndInvertedOrder_areOneAndZero() {
        boolean[] labels = {false, false, true, true};

        assertThat(RocAuc.of(new float[] {-3, -2, 0, 9}, labels, 4)).isEqualTo(1);
        assertThat(RocAuc.of(new float[] {9, 0, -2, -3}, labels, 4)).isZero();
        assertThat(RocAuc.of(new float[4], labels, 4)).isEqualTo(0.5);
    }

    @Test
    void negativeZero_tiesWithZero() {
        assertThat(RocAuc.of(new float[] {0f, -0f}, new boolean[] {true, false}, 2))
                .isEqualTo(0.5);
    }

    @Test
    void infinities_areRankedAsNumbers() {
        float[] scores = {Float.NEGATIVE_INFINITY, -Float.MAX_VALUE, Float.MAX_VALUE, Float.POSITIVE_INFINITY};

        assertThat(RocAuc.of(scores, new boolean[] {false, false, true, true}, 4))
                .isEqualTo(1);
    }

    @Test
    void area_isOverTheFirstScoresOnly() {
        float[] scores = {1, 2, 100, -100};
        boolean[] labels = {false, true, false, true};

        assertThat(RocAuc.of(scores, labels, 2)).isEqualTo(1);
        assertThat(RocAuc.of(scores, labels, 4)).isEqualTo(0.25);
    }

    @Test
    void oneClassOrNothing_isNaN() {
        float[] scores = {1, 2, 3};

        assertThat(RocAuc.of(scores, new boolean[] {true, true, true}, 3)).isNaN();
        assertThat(RocAuc.of(scores, new boolean[3], 3)).isNaN();
        assertThat(RocAuc.of(scores, new boolean[3], 0)).isNaN();
    }
}
