package io.headwater.learn.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.headwater.gate.CalibrationError;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalibrationTest {
    private static double sigmoid(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }

    @ParameterizedTest
    @CsvSource({"0.4,-1", "2.5,0.7", "1,0", "1,-4"})
    void scaleAndShift_ofADistortedLogit_areFound(double scale, double shift) {
        Random random = new Random(1);
        Calibration calibration = new Calibration();
        int n = 20_000;
        float[] raw = new float[n];
        float[] corrected = new float[n];
        boolean[] labels = new boolean[n];
        for (int i = -20_000; i < n; i++) {
            double truth = 1.5 * random.nextGaussian() - 0.5;
            double given = (truth - shift) / scale;
            boolean label = random.nextDouble() < sigmoid(truth);
            if (i >= 0) {
                raw[i] = (float) sigmoid(given);
                corrected[i] = (float) sigmoid(calibration.map().apply(given));
                labels[i] = label;
            }
            calibration.learn(given, label, 1);
        }
        assertThat(calibration.map().scale()).isCloseTo(scale, offset(0.15 * scale));
        assertThat(calibration.map().shift()).isCloseTo(shift, offset(0.15));
        double error = CalibrationError.of(corrected, labels, n);
        assertThat(error).isLessThan(0.012);
        if (scale != 1 || shift != 0) {
            assertThat(CalibrationError.of(raw, labels, n)).isGreaterThan(3 * error);
        }
    }

    @ParameterizedTest
    @CsvSource({"0.3", "1", "4"})
    void temperature_ofSeveralClasses_isFound(double scale) {
        Random random = new Random(2);
        Calibration calibration = new Calibration();
        float[] given = new float[5];
        double[] shares = new double[5];
        for (int i = 0; i < 20_000; i++) {
            double sum = 0;
            for (int k = 0; k < 5; k++) {
                double logit = 1.5 * random.nextGaussian();
                given[k] = (float) (logit / scale);
                shares[k] = Math.exp(logit);
                sum += shares[k];
            }
            double rest = random.nextDouble() * sum;
            int label = 0;
            while (label < 4 && rest > shares[label]) {
                rest -= shares[label++];
            }
            calibration.learnClass(given, 0, 5, label, 1);
        }
        assertThat(calibration.map().scale()).isCloseTo(scale, offset(0.08 * scale));
        assertThat(calibration.map().shift()).isZero();
    }

    @Test
    void calibrationThatChanges_isFollowed() {
        Random random = new Random(3);
        Calibration calibration = new Calibration(LogitMap.IDENTITY, 2_000);
        for (int i = 0; i < 40_000; i++) {
            double truth = random.nextGaussian();
            calibration.learn(i < 20_000 ? truth : truth / 2 + 2, random.nextDouble() < sigmoid(truth), 1);
        }
        assertThat(calibration.map().scale()).isCloseTo(2, offset(0.35));
        assertThat(calibration.map().shift()).isCloseTo(-4, offset(0.7));
    }

    @Test
    void strangeLogits_breakNothing() {
        Random random = new Random(4);
        Calibration calibration = new Calibration();
        double[] strange = {Double.NaN, Double.POSITIVE_INFINITY, 1e300, -1e300, 0, 1e-300, 40};
        for (int i = 0; i < 10_000; i++) {
            double logit = strange[random.nextInt(strange.length)];
            calibration.learn(logit, random.nextBoolean(), random.nextInt(1, 1_000));
            assertThat(calibration.map().apply(1)).isFinite();
        }
    }

    @Test
    void restored_goesOnBitForBit() {
        Random random = new Random(5);
        Calibration one = new Calibration();
        Calibration other = new Calibration();
        for (int i = 0; i < 300; i++) {
            double logit = random.nextGaussian();
            boolean label = random.nextBoolean();
            one.learn(logit, label, 1);
            if (i >= 100) {
                other.learn(logit, label, 1);
            } else if (i == 99) {
                other.restore(one.state());
            }
        }
        assertThat(other.state()).isEqualTo(one.state());
        assertThatThrownBy(() -> one.restore(new double[4])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void weightedPositives_areGivenTheirTrueOdds() {
        // Positives of share 0.008 that count 124 times each make up a half.
        assertThat(sigmoid(LogitMap.ofWeightedPositives(0.992 / 0.008).apply(0)))
                .isCloseTo(0.008, offset(1e-12));
    }
}
