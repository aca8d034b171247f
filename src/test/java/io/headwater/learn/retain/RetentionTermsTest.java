package io.headwater.learn.retain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.headwater.learn.Gradients;
import io.headwater.learn.Gradients.Argument;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RetentionTermsTest {
    private static final float[] W = {1, -2, 0.5f, 3, 0, 1};
    private static final float[] B = {0.25f, -1};
    private static final Map<String, float[]> START = Map.of("w", W, "b", B);

    private static List<Argument> weights(long seed) {
        Random random = new Random(seed);
        return List.of(Argument.random(random, 2, 2, 3), Argument.random(random, 2, 2));
    }

    private static Function<List<NDArray>, NDArray> loss(WeightTerm term) {
        return arrays -> term.loss(Map.of("w", arrays.get(0), "b", arrays.get(1)));
    }

    private static void check(Function<List<NDArray>, NDArray> loss, List<Argument> arguments) {
        List<double[]> exact = Gradients.exact(loss, arguments);
        List<double[]> numeric = Gradients.numeric(loss, arguments);
        for (int i = 0; i < arguments.size(); i++) {
            assertThat(exact.get(i)).containsExactly(numeric.get(i), within(1e-6));
        }
        assertThat(DoubleStream.of(exact.get(0))).anyMatch(value -> Math.abs(value) > 1e-3);
    }

    @Test
    void l2Sp_isTheDistanceFromTheStart() {
        List<Argument> arguments = weights(1);
        double squares = 0;
        for (int i = 0; i < 6; i++) {
            squares += Math.pow(arguments.get(0).values()[i] - W[i], 2);
        }
        for (int i = 0; i < 2; i++) {
            squares += Math.pow(arguments.get(1).values()[i] - B[i], 2);
        }
        L2Sp term = new L2Sp(0.3, START);
        assertThat(Gradients.value(loss(term), arguments)).isCloseTo(0.15 * squares, within(1e-6));
        check(loss(term), arguments);
    }

    @Test
    void l2Sp_leavesWeightsThatTheSourceLacks_alone() {
        L2Sp term = new L2Sp(1, Map.of("b", new float[2]));
        assertThat(Gradients.exact(loss(term), weights(1)).get(0)).containsOnly(0);
        assertThatThrownBy(() -> Gradients.value(loss(new L2Sp(1, Map.of("gone", new float[2]))), weights(1)))
                .hasMessageContaining("'gone'");
    }

    @Test
    void ewc_weighsEachDistance_byImportanceThatFades() {
        Ewc ewc = new Ewc(2, 0.5);
        assertThat(ewc.isAnchored()).isFalse();
        ewc.consolidate(
                Map.of("w", new float[6], "b", new float[2]),
                Map.of("w", new float[] {4, 0, 0, 0, 0, 0}, "b", new float[2]));
        ewc.consolidate(START, Map.of("w", new float[] {1, 0, 0, 0, 0, 6}, "b", new float[] {0, 3}));
        List<Argument> arguments = weights(2);
        double[] w = arguments.get(0).values();
        double[] b = arguments.get(1).values();
        // Half of the first task's 4, and 1; anchors are the newest weights.
        double expected = 3 * Math.pow(w[0] - 1, 2) + 6 * Math.pow(w[5] - 1, 2) + 3 * Math.pow(b[1] + 1, 2);
        assertThat(Gradients.value(loss(ewc), arguments)).isCloseTo(expected, within(1e-5));
        check(loss(ewc), arguments);
    }

    @Test
    void ewc_refuses_whatDoesNotFit() {
        Ewc ewc = new Ewc(1, 1);
        assertThatThrownBy(() -> Gradients.value(loss(ewc), weights(1)))
                .hasMessageContaining("nothing was consolidated");
        assertThatThrownBy(() -> ewc.consolidate(START, Map.of("w", new float[5], "b", new float[2])))
                .hasMessageContaining("'w'");
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 2, 5})
    void distillation_isZeroWhereBothAgree_andGradientChecked(double temperature) {
        Distillation term = new Distillation(temperature);
        Random random = new Random(3);
        for (long[] shape : List.of(new long[] {4}, new long[] {4, 3})) {
            Argument student = Argument.random(random, 3, shape);
            Argument teacher = Argument.random(random, 3, shape);
            assertThat(Gradients.value(arrays -> term.loss(arrays.get(0), arrays.get(0)), List.of(student)))
                    .isCloseTo(0, within(1e-7));
            double loss = Gradients.value(arrays -> term.loss(arrays.get(0), arrays.get(1)), List.of(student, teacher));
            assertThat(loss).isCloseTo(divergence(student, teacher, temperature), within(1e-5));
            List<double[]> exact =
                    Gradients.exact(arrays -> term.loss(arrays.get(0), arrays.get(1)), List.of(student, teacher));
            List<double[]> numeric =
                    Gradients.numeric(arrays -> term.loss(arrays.get(0), arrays.get(1)), List.of(student, teacher));
            assertThat(exact.get(0)).containsExactly(numeric.get(0), within(1e-6));
            assertThat(exact.get(1)).as("the teacher is a constant").containsOnly(0);
        }
    }

    private static double divergence(Argument student, Argument teacher, double temperature) {
        int rows = (int) student.shape()[0];
        int outputs = student.values().length / rows;
        double sum = 0;
        for (int row = 0; row < rows; row++) {
            double[] p = softened(teacher.values(), row, outputs, temperature);
            double[] q = softened(student.values(), row, outputs, temperature);
            for (int i = 0; i < p.length; i++) {
                sum += p[i] * Math.log(p[i] / q[i]);
            }
        }
        return temperature * temperature * sum / rows;
    }

    private static double[] softened(double[] logits, int row, int outputs, double temperature) {
        double[] z = outputs == 1 ? new double[] {0, logits[row]} : new double[outputs];
        for (int i = 0; i < outputs && outputs > 1; i++) {
            z[i] = logits[row * outputs + i];
        }
        double sum = 0;
        for (double value : z) {
            sum += Math.exp(value / temperature);
        }
        for (int i = 0; i < z.length; i++) {
            z[i] = Math.exp(z[i] / temperature) / sum;
        }
        return z;
    }
}
