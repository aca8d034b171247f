package io.headwater.learn.exact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.event.RowKey;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinearSolutionTest {
    private static final double FOREVER = Double.POSITIVE_INFINITY;

    /** Rounding of the sums grows with the rows. */
    @Test
    void constantColumns_ofAMillionRows_explainNothing_andHinderNothing() {
        int rows = 1_000_000;
        Moments classes = new Moments(5, 2, FOREVER);
        Moments numbers = new Moments(5, 2, FOREVER);
        Random random = new Random(1);
        double[] row = {0, .1f, 1.7f, 4e6, 0};
        for (int i = 0; i < rows; i++) {
            int label = i % 2;
            row[0] = random.nextGaussian() + label;
            row[4] = row[0] + 2 * random.nextGaussian();
            classes.add(row, label, 1, RowKey.NONE);
            numbers.addNumber(row, 3 * row[0] - row[4] + 5, 1, RowKey.NONE);
        }
        LinearSolution logit = new LinearSolution(5, 1);
        LinearSolution number = new LinearSolution(5, 1);

        assertThat(logit.solveClasses(classes, rows, 0, false)).isTrue();
        assertThat(number.solveNumber(numbers, rows, 0)).isTrue();

        // log p(x | 1) / p(x | 0) = x - 1 / 2; given x the other column says nothing
        assertThat(logit.weights()).containsExactly(new float[] {1, 0, 0, 0, 0}, within(0.02f));
        assertThat(logit.bias()).containsExactly(new float[] {-0.5f}, within(0.02f));
        assertThat(number.weights()).containsExactly(new float[] {3, 0, 0, 0, -1}, within(1e-4f));
        assertThat(number.bias()).containsExactly(new float[] {5}, within(1e-3f));
    }

    /** Their differences are all rounding, which a ridge of the usual height does not cover. */
    @Test
    void columnsThatAreTheSame_farFromZero_shareTheirWeight() {
        int rows = 1_000_000;
        int copies = 6;
        Moments numbers = new Moments(copies, 2, FOREVER);
        Random random = new Random(2);
        double[] row = new double[copies];
        for (int i = 0; i < rows; i++) {
            double value = random.nextGaussian();
            for (int copy = 0; copy < copies; copy++) {
                row[copy] = (copy + 1) * (300 + value);
            }
            numbers.addNumber(row, 2 * value, 1, RowKey.NONE);
        }
        LinearSolution solution = new LinearSolution(copies, 1);

        assertThat(solution.solveNumber(numbers, rows, 0)).isTrue();

        float[] out = new float[1];
        for (double value : new double[] {-2, 0, 1}) {
            for (int copy = 0; copy < copies; copy++) {
                row[copy] = (copy + 1) * (300 + value);
            }
            solution.outputs(row, out);
            assertThat(out[0]).isCloseTo((float) (2 * value), within(0.05f));
        }
    }

    @Test
    void classThatFadedAway_isAsIfItHadNeverBeen() {
        Moments fading = new Moments(2, 3, 10);
        for (int i = 0; i < 50; i++) {
            fading.add(new double[] {3, -7}, 2, 1, RowKey.NONE);
        }
        // 1,100 half-lives; the least double is 2 to the -1,074
        for (int i = 0; i < 11_000; i++) {
            fading.add(new double[] {i % 3, i % 7}, i % 2, 1, RowKey.NONE);
        }

        assertThat(fading.weight(2)).isZero();
        assertThat(fading.sum(2)).containsOnly(0);
        assertThat(fading.weight(1)).isPositive();
    }
}
