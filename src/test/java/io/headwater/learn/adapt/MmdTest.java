package io.headwater.learn.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.headwater.learn.Gradients;
import io.headwater.learn.Gradients.Argument;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MmdTest {
    private static final int WIDTH = 3;

    private static NDArray loss(List<NDArray> arrays) {
        return Mmd.loss(arrays.get(0), arrays.get(1));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void loss_equalsTheDefinition_andItsGradientFiniteDifferences(long seed) {
        Random random = new Random(seed);
        Argument source = Argument.random(random, 1, 6, WIDTH);
        Argument target = Argument.random(random, 3, 4, WIDTH);
        List<Argument> both = List.of(source, target);
        double median = median(source.values(), target.values());
        assertThat(Gradients.value(MmdTest::loss, both))
                .isCloseTo(byDefinition(source.values(), target.values(), median), within(1e-6));
        // The median counts as a constant, so the differences must not move it.
        Function<List<NDArray>, NDArray> held = arrays -> Mmd.loss(arrays.get(0), arrays.get(1), (float) median);
        List<double[]> exact = Gradients.exact(MmdTest::loss, both);
        List<double[]> numeric = Gradients.numeric(held, both);
        for (int i = 0; i < both.size(); i++) {
            assertThat(exact.get(i)).containsExactly(numeric.get(i), within(1e-6));
        }
    }

    private static double median(double[] source, double[] target) {
        double[] all = Arrays.copyOf(source, source.length + target.length);
        System.arraycopy(target, 0, all, source.length, target.length);
        int rows = all.length / WIDTH;
        double[] squares = new double[rows * (rows - 1) / 2];
        int next = 0;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < i; j++) {
                squares[next++] = square(all, i, all, j);
            }
        }
        Arrays.sort(squares);
        return squares[squares.length / 2];
    }

    private static double square(double[] a, int i, double[] b, int j) {
        double sum = 0;
        for (int k = 0; k < WIDTH; k++) {
            sum += Math.pow(a[i * WIDTH + k] - b[j * WIDTH + k], 2);
        }
        return sum;
    }

    private static double byDefinition(double[] source, double[] target, double median) {
        return mean(source, source, median) + mean(target, target, median) - 2 * mean(source, target, median);
    }

    private static double mean(double[] a, double[] b, double median) {
        double sum = 0;
        int rows = a.length / WIDTH;
        int columns = b.length / WIDTH;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                for (double factor : new double[] {0.25, 0.5, 1, 2, 4}) {
                    sum += Math.exp(-square(a, i, b, j) / (factor * median)) / 5;
                }
            }
        }
        return sum / rows / columns;
    }

    @Test
    void loss_ofALargeBatch_isTheMeanOverItsBlocks() {
        Random random = new Random(4);
        Argument source = Argument.random(random, 1, 128, WIDTH);
        Argument target = Argument.random(random, 2, 192, WIDTH);
        Function<List<NDArray>, NDArray> held = arrays -> Mmd.loss(arrays.get(0), arrays.get(1), 1);
        double first = Gradients.value(held, List.of(rows(source, 0, 64), rows(target, 0, 96)));
        double second = Gradients.value(held, List.of(rows(source, 64, 128), rows(target, 96, 192)));
        assertThat(Gradients.value(held, List.of(source, target))).isCloseTo((first + second) / 2, within(1e-9));
    }

    @Test
    void loss_ofRowsThatFillNoBlock_leavesTheLastOut_andItsGradientToo() {
        Random random = new Random(5);
        Argument source = Argument.random(random, 1, 129, WIDTH);
        Argument target = Argument.random(random, 2, 128, WIDTH);
        Function<List<NDArray>, NDArray> held = arrays -> Mmd.loss(arrays.get(0), arrays.get(1), 1);
        assertThat(Gradients.value(held, List.of(source, target)))
                .isEqualTo(Gradients.value(held, List.of(rows(source, 0, 128), target)));
        List<double[]> exact = Gradients.exact(held, List.of(source, target));
        List<double[]> numeric = Gradients.numeric(held, List.of(source, target));
        assertThat(exact.get(0)).containsExactly(numeric.get(0), within(1e-8)).endsWith(0, 0, 0);
        assertThat(exact.get(1)).containsExactly(numeric.get(1), within(1e-8));
    }

    private static Argument rows(Argument all, int from, int until) {
        return new Argument(Arrays.copyOfRange(all.values(), from * WIDTH, until * WIDTH), until - from, WIDTH);
    }

    @Test
    void loss_ofOneDomainWithItself_isZero() {
        Argument rows = Argument.random(new Random(1), 1, 8, WIDTH);
        assertThat(Gradients.value(MmdTest::loss, List.of(rows, rows))).isCloseTo(0, within(1e-9));
    }

    @Test
    void loss_ofDomainsThatDifferInSpreadOnly_isAboveThatOfEqualOnes() {
        Random random = new Random(2);
        Argument source = Argument.random(random, 1, 40, WIDTH);
        Argument alike = Argument.random(random, 1, 40, WIDTH);
        Argument wider = Argument.random(random, 4, 40, WIDTH);
        assertThat(Gradients.value(MmdTest::loss, List.of(source, wider)))
                .isGreaterThan(3 * Gradients.value(MmdTest::loss, List.of(source, alike)));
    }

    @Test
    void loss_ofRowsThatAreAllTheSame_isFinite() {
        Argument same = new Argument(new double[4 * WIDTH], 4, WIDTH);
        assertThat(Gradients.value(MmdTest::loss, List.of(same, same))).isCloseTo(0, within(1e-9));
    }
}
