package io.headwater.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalibrationErrorTest {
    /** Bins (0.1, 0.2), (0.6, 0.8): means 0.15 and 0.7, shares 1/2 and 1/2; (0.35 + 0.2) / 2. */
    @Test
    void error_asByHand_inWhateverOrder() {
        float[] probabilities = {0.8f, 0.1f, 0.6f, 0.2f};
        boolean[] cameTrue = {true, true, false, false};

        assertThat(CalibrationError.of(probabilities, cameTrue, 0, 4, 2)).isCloseTo(0.275, within(1e-6));
        assertThat(CalibrationError.of(probabilities, cameTrue, 0, 4, 1)).isCloseTo(0.075, within(1e-6));
    }

    /** Cut by the count alone, the tie would be divided by its labels into a bin of none and a bin of all. */
    @Test
    void equalProbabilities_shareABin() {
        float[] probabilities = {0.5f, 0.5f, 0.5f, 0.5f};
        boolean[] cameTrue = {true, false, true, false};

        assertThat(CalibrationError.of(probabilities, cameTrue, 0, 4, 4)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void calibratedProbabilities_haveTheErrorOfChance_andShiftedOnesTheirShift(long seed) {
        Random random = new Random(seed);
        int n = 60_000;
        float[] probabilities = new float[n];
        float[] shifted = new float[n];
        boolean[] cameTrue = new boolean[n];
        for (int i = 0; i < n; i++) {
            probabilities[i] = 0.1f + 0.8f * random.nextFloat();
            shifted[i] = probabilities[i] + 0.1f;
            cameTrue[i] = random.nextFloat() < probabilities[i];
        }

        assertThat(CalibrationError.of(probabilities, cameTrue, n)).isLessThan(0.012);
        assertThat(CalibrationError.of(shifted, cameTrue, n)).isCloseTo(0.1, within(0.006));
    }

    @Test
    void fewerScoresThanBins_areABinEach_andNoneIsNaN() {
        assertThat(CalibrationError.of(new float[] {1, 0}, new boolean[] {true, true}, 2))
                .isEqualTo(0.5);
        assertThat(CalibrationError.of(new float[0], new boolean[0], 0)).isNaN();
        assertThatThrownBy(() -> CalibrationError.of(new float[1], new boolean[1], 0, 1, 0))
                .hasMessage("bins are at least 1, not 0");
    }
}
