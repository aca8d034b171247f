package io.headwater.learn.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PriorShiftTest {
    private static final int ROWS = 20_000;

    /** Two normal densities at -1 and 1: with even shares the logit is 2 x. */
    private static float[] probabilities(Random random, double positives, boolean[] labels) {
        float[] probabilities = new float[2 * ROWS];
        for (int row = 0; row < ROWS; row++) {
            labels[row] = random.nextDouble() < positives;
            double x = random.nextGaussian() + (labels[row] ? 1 : -1);
            probabilities[2 * row + 1] = (float) (1 / (1 + Math.exp(-2 * x)));
            probabilities[2 * row] = 1 - probabilities[2 * row + 1];
        }
        return probabilities;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.3, 0.5, 0.9})
    void estimate_findsTheNewShares_andCorrectionLowersTheLoss(double positives) {
        boolean[] labels = new boolean[ROWS];
        float[] rows = probabilities(new Random(7), positives, labels);
        PriorShift shift = PriorShift.estimate(rows, new double[] {0.5, 0.5});
        assertThat(shift.found()[1]).isCloseTo(positives, within(0.015));
        assertThat(shift.found()[0] + shift.found()[1]).isCloseTo(1, within(1e-6));
        double before = 0;
        double after = 0;
        for (int row = 0; row < ROWS; row++) {
            float[] one = {rows[2 * row], rows[2 * row + 1]};
            int label = labels[row] ? 1 : 0;
            double logit = Math.log(one[1] / one[0]) + shift.logitShifts()[0];
            before -= Math.log(one[label]);
            shift.correct(one);
            after -= Math.log(one[label]);
            assertThat(one[1]).isCloseTo((float) (1 / (1 + Math.exp(-logit))), within(1e-4f));
        }
        if (positives == 0.5) {
            assertThat(after).isCloseTo(before, within(0.001 * before));
        } else {
            assertThat(after).isLessThan(before);
        }
    }

    @Test
    void estimate_withoutRows_orWithAClassThatWasNeverSeen_isRefused() {
        assertThatThrownBy(() -> PriorShift.estimate(new float[0], new double[] {0.5, 0.5}))
                .hasMessageContaining("at least one whole row");
        assertThatThrownBy(() -> PriorShift.estimate(new float[] {0, 1}, new double[] {0, 1}))
                .hasMessageContaining("share of the training rows is 0.0");
    }
}
