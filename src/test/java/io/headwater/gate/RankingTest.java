package io.headwater.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RankingTest {
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

        assertThat(area(scores, labels, n)).isCloseTo(definition(scores, labels), within(1e-12));
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

        assertThat(area(new float[] {-3, -2, 0, 9}, labels, 4)).isEqualTo(1);
        assertThat(area(new float[] {9, 0, -2, -3}, labels, 4)).isZero();
        assertThat(area(new float[4], labels, 4)).isEqualTo(0.5);
    }

    @Test
    void negativeZero_tiesWithZero() {
        assertThat(area(new float[] {0f, -0f}, new boolean[] {true, false}, 2)).isEqualTo(0.5);
    }

    @Test
    void infinities_areRankedAsNumbers() {
        float[] scores = {Float.NEGATIVE_INFINITY, -Float.MAX_VALUE, Float.MAX_VALUE, Float.POSITIVE_INFINITY};

        assertThat(area(scores, new boolean[] {false, false, true, true}, 4)).isEqualTo(1);
    }

    @Test
    void area_isOverTheFirstScoresOnly() {
        float[] scores = {1, 2, 100, -100};
        boolean[] labels = {false, true, false, true};

        assertThat(area(scores, labels, 2)).isEqualTo(1);
        assertThat(area(scores, labels, 4)).isEqualTo(0.25);
    }

    @Test
    void oneClassOrNothing_isNaN() {
        float[] scores = {1, 2, 3};

        assertThat(area(scores, new boolean[] {true, true, true}, 3)).isNaN();
        assertThat(area(scores, new boolean[3], 3)).isNaN();
        assertThat(area(scores, new boolean[3], 0)).isNaN();
    }

    private static Ranking ranking(float[] scores, int... labels) {
        boolean[] positive = new boolean[labels.length];
        for (int i = 0; i < labels.length; i++) {
            positive[i] = labels[i] == 1;
        }
        return Ranking.of(scores, positive);
    }

    /** The example of scikit-learn's documentation of both figures, and by hand: pairs 3 of 4; (1/1 + 2/3) / 2. */
    @Test
    void ranking_withoutTies_asByHand() {
        Ranking found = ranking(new float[] {0.1f, 0.4f, 0.35f, 0.8f}, 0, 0, 1, 1);
        assertThat(found.rocAuc()).isCloseTo(0.75, within(1e-12));
        assertThat(found.averagePrecision()).isCloseTo((1 + 2 / 3.0) / 2, within(1e-12));
    }

    /** Two tied at 0.5, one of each: half a pair; both positives' precision is at the end of their tie: 1, 2/3, 3/5. */
    @Test
    void ranking_withTies_believesNoOrderWithin() {
        float[] scores = {0.9f, 0.5f, 0.5f, 0.2f, 0.2f};
        for (int[] labels : new int[][] {{1, 1, 0, 0, 1}, {1, 0, 1, 1, 0}}) {
            Ranking found = ranking(scores, labels);
            // Pairs: 0.9 beats 2; 0.5 ties 1 and beats 1; 0.2 ties 1.
            assertThat(found.rocAuc()).isCloseTo((2 + 1.5 + 0.5) / 6, within(1e-12));
            assertThat(found.averagePrecision()).isCloseTo((1 + 2 / 3.0 + 3 / 5.0) / 3, within(1e-12));
        }
        Ranking allTied = ranking(new float[4], 0, 1, 0, 0);
        assertThat(allTied.rocAuc()).isEqualTo(0.5);
        assertThat(allTied.averagePrecision()).as("the share of positives").isEqualTo(0.25);
        assertThat(ranking(new float[] {-0f, 0f}, 1, 0).rocAuc()).isEqualTo(0.5);
    }

    @Test
    void ranking_atItsEnds() {
        assertThat(ranking(new float[] {-3, -2, 5}, 0, 1, 1)).isEqualTo(new Ranking(1, 1));
        assertThat(ranking(new float[] {3, -2, -5}, 0, 1, 1).rocAuc()).isZero();
        assertThat(ranking(new float[] {1, 2}, 0, 0).averagePrecision()).isNaN();
        assertThat(ranking(new float[] {1, 2}, 1, 1).averagePrecision()).isEqualTo(1);
        assertThat(ranking(new float[] {1, 2}, 1, 1).rocAuc()).isNaN();
    }

    /** Against the definitions, pair by pair and threshold by threshold. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void ranking_equalsTheDefinitions(long seed) {
        Random random = new Random(seed);
        int n = 200;
        float[] scores = new float[n];
        boolean[] positive = new boolean[n];
        for (int i = 0; i < n; i++) {
            positive[i] = random.nextInt(3) == 0;
            scores[i] = random.nextInt(40) - 20 + (positive[i] ? 5 : 0);
        }
        double wins = 0;
        double pairs = 0;
        double precision = 0;
        int positives = 0;
        for (int i = 0; i < n; i++) {
            if (positive[i]) {
                double hits = 0;
                double above = 0;
                for (int j = 0; j < n; j++) {
                    wins += positive[j] ? 0 : scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                    pairs += positive[j] ? 0 : 1;
                    above += scores[j] >= scores[i] ? 1 : 0;
                    hits += positive[j] && scores[j] >= scores[i] ? 1 : 0;
                }
                precision += hits / above;
                positives++;
            }
        }
        Ranking found = Ranking.of(scores, positive);
        assertThat(found.rocAuc()).isCloseTo(wins / pairs, within(1e-12));
        assertThat(found.averagePrecision()).isCloseTo(precision / positives, within(1e-12));
    }

    private static double area(float[] scores, boolean[] labels, int n) {
        return Ranking.of(scores, labels, n).rocAuc();
    }
}
