package io.headwater.learn.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.headwater.gate.Ranking;
import io.headwater.learn.OnlineRow;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnomalyLearnerTest {
    private static final int COLUMNS = 8;
    private static final int ROWS = 30_000;
    private static final int JUDGED_FROM = 10_000;

    /** Traffic in which each column of a strange row is as usual, only not together with the others. */
    enum Traffic {
        /** Columns that rise and fall together; in strange rows every second one does the opposite. */
        CORRELATED {
            @Override
            void fill(Random random, boolean strange, float[] row) {
                double common = random.nextGaussian();
                for (int i = 0; i < COLUMNS; i++) {
                    double sign = strange && i % 2 == 0 ? -1 : 1;
                    row[i] = (float) (100 + 10 * (sign * common + 0.1 * random.nextGaussian()));
                }
            }
        },
        /** Points on a closed curve, without any correlation; strange ones mix those of two points. */
        CURVED {
            @Override
            void fill(Random random, boolean strange, float[] row) {
                double angle = 2 * Math.PI * random.nextDouble();
                double other = strange ? 2 * Math.PI * random.nextDouble() : angle;
                for (int i = 0; i < COLUMNS; i++) {
                    double at = i < 4 ? angle : other;
                    double turn = i / 2 % 2 == 0 ? at : 2 * at;
                    row[i] = (float) ((i % 2 == 0 ? Math.cos(turn) : Math.sin(turn)) + 0.05 * random.nextGaussian());
                }
            }
        };

        abstract void fill(Random random, boolean strange, float[] row);
    }

    private static final class Outcome {
        final float[] scores = new float[ROWS - JUDGED_FROM];
        final float[] outputs = new float[ROWS - JUDGED_FROM];
        final boolean[] strange = new boolean[ROWS - JUDGED_FROM];
        int flagged;

        double rocAuc() {
            return Ranking.of(scores, strange).rocAuc();
        }
    }

    private static Outcome run(AnomalyLearner learner, Traffic traffic, long seed, double share, boolean labels) {
        Random random = new Random(seed);
        Outcome outcome = new Outcome();
        OnlineRow row = new OnlineRow(COLUMNS, 0);
        float[] out = new float[1];
        float[] memo = new float[1];
        for (int i = 0; i < ROWS; i++) {
            boolean strange = random.nextDouble() < share;
            traffic.fill(random, strange, row.numeric());
            double tail = learner.tailProbability(row);
            learner.arrive(row, out, memo);
            if (i >= JUDGED_FROM) {
                outcome.scores[i - JUDGED_FROM] = (float) -Math.log(tail);
                outcome.outputs[i - JUDGED_FROM] = out[0];
                outcome.strange[i - JUDGED_FROM] = strange;
                outcome.flagged += tail < 0.01 ? 1 : 0;
            }
            if (labels) {
                learner.learn(row, memo, strange ? 1 : 0, 1);
            }
        }
        return outcome;
    }

    @ParameterizedTest
    @EnumSource(Traffic.class)
    void strangeRows_areFoundWithoutLabels(Traffic traffic) {
        double auc =
                run(new AnomalyLearner(COLUMNS, 1), traffic, 1, 0.01, false).rocAuc();
        assertThat(auc).isGreaterThan(0.9);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void tailProbability_isTheShareOfTrafficThatIsStranger(long seed) {
        int flagged = run(new AnomalyLearner(COLUMNS, seed), Traffic.CORRELATED, seed, 0, false).flagged;
        assertThat(flagged / (double) (ROWS - JUDGED_FROM)).isCloseTo(0.01, offset(0.003));
    }

    @Test
    void labels_calibrateAndChangeNoRank() {
        Outcome with = run(new AnomalyLearner(COLUMNS, 1), Traffic.CORRELATED, 5, 0.1, true);
        Outcome without = run(new AnomalyLearner(COLUMNS, 1), Traffic.CORRELATED, 5, 0.1, false);
        assertThat(with.scores).isEqualTo(without.scores);
        assertThat(logLoss(with)).isLessThan(0.9 * logLoss(without));
    }

    private static double logLoss(Outcome outcome) {
        double sum = 0;
        for (int i = 0; i < outcome.outputs.length; i++) {
            sum += Math.log1p(Math.exp(outcome.strange[i] ? -outcome.outputs[i] : outcome.outputs[i]));
        }
        return sum / outcome.outputs.length;
    }

    @Test
    void valuesThatAreRarelyMissing_areStrangeToMiss() {
        AnomalyLearner learner = new AnomalyLearner(COLUMNS, 1);
        run(learner, Traffic.CORRELATED, 6, 0, false);
        OnlineRow row = new OnlineRow(COLUMNS, 0);
        Traffic.CORRELATED.fill(new Random(7), false, row.numeric());
        assertThat(learner.tailProbability(row)).isGreaterThan(0.01);
        row.numeric()[0] = Float.NaN;
        row.numeric()[3] = Float.NaN;
        assertThat(learner.tailProbability(row)).isLessThan(0.01);
    }

    @Test
    void strangeValues_breakNothing() {
        AnomalyLearner learner = new AnomalyLearner(COLUMNS, 1);
        float[] strange = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MAX_VALUE, -1e38f, 0};
        Random random = new Random(8);
        OnlineRow row = new OnlineRow(COLUMNS, 0);
        float[] out = new float[1];
        float[] memo = new float[1];
        for (int i = 0; i < 3_000; i++) {
            for (int column = 0; column < COLUMNS; column++) {
                row.numeric()[column] =
                        random.nextInt(4) == 0 ? strange[random.nextInt(strange.length)] : random.nextFloat();
            }
            learner.arrive(row, out, memo);
            assertThat(out[0]).isFinite();
            learner.learn(row, memo, random.nextInt(2), 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20, 333, 999})
    void restored_goesOnBitForBit(int at) {
        AnomalyLearner one = new AnomalyLearner(COLUMNS, 1);
        AnomalyLearner other = new AnomalyLearner(COLUMNS, 1);
        Random random = new Random(9);
        OnlineRow row = new OnlineRow(COLUMNS, 0);
        float[] out = new float[1];
        float[] otherOut = new float[1];
        float[] memo = new float[1];
        for (int i = 0; i < 2_000; i++) {
            if (i == at) {
                other.restore(one.checkpoint());
            }
            Traffic.CURVED.fill(random, false, row.numeric());
            one.arrive(row, out, memo);
            if (i >= at) {
                other.arrive(row, otherOut, memo);
                assertThat(otherOut).isEqualTo(out);
            }
            if (i == 1_500) {
                one.alarm();
                other.alarm();
            }
        }
        assertThat(other.checkpoint()).isEqualTo(one.checkpoint());
        assertThatThrownBy(() -> new AnomalyLearner(COLUMNS, 2).restore(one.checkpoint()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("seed 1");
    }
}
