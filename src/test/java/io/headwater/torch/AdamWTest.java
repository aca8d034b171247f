package io.headwater.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.headwater.graph.Dim;
import io.headwater.graph.ElementType;
import io.headwater.graph.GraphBuilder;
import io.headwater.graph.GraphBuilder.Attribute;
import io.headwater.graph.OnnxGraph;
import io.headwater.graph.TensorSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AdamWTest {
    private static final float[] WEIGHT = {0.5f, -1f, 0.25f, 2f};
    private static final float[] BIAS = {0.1f, -0.2f};
    private static final AdamW.Settings UNCLIPPED = new AdamW.Settings(0.9f, 0.999f, 0.1f, 1e6f);

    private static OnnxGraph linear() {
        GraphBuilder builder = new GraphBuilder("linear");
        String x = builder.input(TensorSpec.of("x", ElementType.FLOAT, Dim.dynamic("batch"), Dim.of(2)));
        String w = builder.floats("w", WEIGHT, 2, 2);
        String b = builder.floats("b", BIAS, 2);
        builder.nodeTo("y", "/Gemm", "Gemm", List.of(x, w, b), Attribute.of("transB", 1L));
        return builder.output(TensorSpec.of("y", ElementType.FLOAT, Dim.dynamic("batch"), Dim.of(2)))
                .build();
    }

    private static TorchGraph graph() {
        return new TorchGraph(linear(), TorchDevice.CPU, List.of("w", "b"));
    }

    /** One step on the mean square of the outputs of one row. */
    private static AdamW.Step step(TorchGraph graph, AdamW adam, float x0, float x1) {
        return GradientScope.recording(graph, scope -> {
            NDArray x = scope.manager().create(new float[] {x0, x1}, new Shape(1, 2));
            NDArray loss =
                    graph.run(scope, Map.of("x", x)).get("y").square().sum().mul(0.5f);
            scope.backward(loss);
            return adam.step(0.01f, Map.of("b", 3f));
        });
    }

    @Test
    void step_equalsTheFormula_withDecayOnMatricesOnlyAndRatesByName() {
        double[] w = {0.5, -1, 0.25, 2};
        double[] b = {0.1f, -0.2f};
        double[] m = new double[6];
        double[] v = new double[6];
        try (TorchGraph graph = graph();
                AdamW adam = new AdamW(graph, UNCLIPPED)) {
            for (int t = 1; t <= 5; t++) {
                float x0 = 0.3f * t;
                float x1 = 1f - 0.4f * t;
                double y0 = w[0] * x0 + w[1] * x1 + b[0];
                double y1 = w[2] * x0 + w[3] * x1 + b[1];
                double[] g = {y0 * x0, y0 * x1, y1 * x0, y1 * x1, y0, y1};
                for (int i = 0; i < 6; i++) {
                    m[i] = 0.9 * m[i] + 0.1 * g[i];
                    v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
                    double rate = i < 4 ? 0.01 : 0.03;
                    double change = rate
                            * (m[i] / (1 - Math.pow(0.9, t)))
                            / (Math.sqrt(v[i] / (1 - Math.pow(0.999, t))) + 1e-8);
                    if (i < 4) {
                        w[i] = w[i] * (1 - 0.01 * 0.1) - change;
                    } else {
                        b[i - 4] -= change;
                    }
                }
                AdamW.Step done = step(graph, adam, x0, x1);
                assertThat(done.applied()).isTrue();
                assertThat(done.gradientNorm()).isCloseTo(norm(g), within(1e-4));
            }
            assertClose(graph.weights("w"), w);
            assertClose(graph.weights("b"), b);
        }
    }

    private static double norm(double[] values) {
        double squares = 0;
        for (double value : values) {
            squares += value * value;
        }
        return Math.sqrt(squares);
    }

    private static void assertClose(float[] found, double[] expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            assertThat((double) found[i]).isCloseTo(expected[i], within(1e-5));
        }
    }

    @Test
    void clip_scalesTheWholeGradient() {
        try (TorchGraph clipped = graph();
                AdamW adam = new AdamW(clipped, new AdamW.Settings(0.9f, 0.999f, 0, 0.5f))) {
            AdamW.Step done = step(clipped, adam, 3, 4);
            assertThat(done.gradientNorm()).isGreaterThan(0.5);
            AdamW.State state = adam.state();
            double squares = 0;
            for (float[] first : state.first().values()) {
                for (float moment : first) {
                    squares += Math.pow(moment / 0.1, 2);
                }
            }
            assertThat(Math.sqrt(squares)).isCloseTo(0.5, within(1e-4));
        }
    }

    @Test
    void step_withAnInfiniteGradient_changesNothing() {
        try (TorchGraph graph = graph();
                AdamW adam = new AdamW(graph, UNCLIPPED)) {
            assertThat(step(graph, adam, 1, 1).applied()).isTrue();
            float[] before = graph.weights("w");
            AdamW.Step skipped = step(graph, adam, Float.POSITIVE_INFINITY, 1);
            assertThat(skipped.applied()).isFalse();
            assertThat(graph.weights("w")).isEqualTo(before);
            assertThat(adam.state().steps()).isEqualTo(1);
            assertThat(step(graph, adam, 1, 1).applied())
                    .as("the bad gradient is cleared")
                    .isTrue();
        }
    }

    @Test
    void restore_continuesBitForBit() {
        float[] uninterrupted;
        AdamW.State state;
        float[] w;
        float[] b;
        try (TorchGraph graph = graph();
                AdamW adam = new AdamW(graph, AdamW.Settings.DEFAULT)) {
            for (int i = 0; i < 7; i++) {
                step(graph, adam, i, 1 - i);
            }
            state = adam.state();
            w = graph.weights("w");
            b = graph.weights("b");
            for (int i = 0; i < 7; i++) {
                step(graph, adam, 2 - i, i);
            }
            uninterrupted = graph.weights("w");
        }
        try (TorchGraph graph = graph();
                AdamW adam = new AdamW(graph, AdamW.Settings.DEFAULT)) {
            graph.setWeights("w", w);
            graph.setWeights("b", b);
            adam.restore(state);
            for (int i = 0; i < 7; i++) {
                step(graph, adam, 2 - i, i);
            }
            assertThat(graph.weights("w")).isEqualTo(uninterrupted);
        }
    }

    @Test
    void restore_ofAnotherShape_isRefusedAndChangesNothing() {
        try (TorchGraph graph = graph();
                AdamW adam = new AdamW(graph, UNCLIPPED)) {
            step(graph, adam, 1, 1);
            AdamW.State wrong = new AdamW.State(9, Map.of("w", new float[4]), Map.of("w", new float[4]));
            assertThatThrownBy(() -> adam.restore(wrong)).isInstanceOf(IllegalArgumentException.class);
            assertThat(adam.state().steps()).isEqualTo(1);
            assertThatThrownBy(() -> graph.setWeights("w", new float[3])).hasMessageContaining("'w' has 4 weights");
        }
    }

    @Test
    void nativeArrays_overManySteps_stayTheSameInNumber() {
        try (TorchGraph graph = graph();
                AdamW adam = new AdamW(graph, UNCLIPPED)) {
            step(graph, adam, 1, 1);
            int managed = graph.manager().getManagedArrays().size();
            for (int i = 0; i < 2_000; i++) {
                step(graph, adam, i % 3, 1);
            }
            assertThat(graph.manager().getManagedArrays()).hasSize(managed);
        }
    }
}
