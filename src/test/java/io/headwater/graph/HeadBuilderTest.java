package io.headwater.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.graph.HeadBuilder.Linear;
import io.headwater.graph.HeadBuilder.Weights;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HeadBuilderTest {
    private static final Dim BATCH = Dim.dynamic("batch");
    private static final List<Linear> SUM = List.of(new Linear(new float[] {1, 1}, new float[1]));

    /** A backbone whose hidden tensor {@code h} is its input doubled, with an old head of its own behind it. */
    private static OnnxGraph doubling(int opset, boolean masked, Dim... shape) {
        GraphBuilder builder = new GraphBuilder("doubling", opset);
        String x = builder.input(TensorSpec.of("x", ElementType.FLOAT, shape));
        if (masked) {
            builder.input(TensorSpec.of("attention_mask", ElementType.INT64, shape[0], shape[1]));
        }
        builder.nodeTo("h", "double", "Add", List.of(x, x));
        String old = builder.floats("head.weight", new float[] {5}, 1);
        builder.nodeTo("y", "old", "Mul", List.of("h", old));
        return builder.output(TensorSpec.of("y", ElementType.FLOAT, shape)).build();
    }

    private static float[] run(OnnxGraph graph, Map<String, OrtRun.Value> inputs) throws Exception {
        return OrtRun.of(graph, inputs).get("z").floats();
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 13, 17, 18, 21})
    void tokens_areAveraged(int opset) throws Exception {
        OnnxGraph plain = doubling(opset, false, BATCH, Dim.dynamic("tokens"), Dim.of(2));
        OnnxGraph masked = doubling(opset, true, BATCH, Dim.dynamic("tokens"), Dim.of(2));
        OrtRun.Value x = OrtRun.Value.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 2, 2);
        OrtRun.Value mask = OrtRun.Value.of(new long[] {1, 0, 0, 0}, 2, 2);

        OnnxGraph mean = new HeadBuilder(plain, "h")
                .splice("z", SUM, Weights.INITIALIZERS)
                .graph();
        OnnxGraph byMask = new HeadBuilder(masked, "h")
                .splice("z", SUM, Weights.INITIALIZERS)
                .graph();

        assertThat(run(mean, Map.of("x", x))).containsExactly(10, 26);
        assertThat(run(byMask, Map.of("x", x, "attention_mask", mask)))
                .as("a row that is all padding gives 0")
                .containsExactly(6, 0);
    }

    @Test
    void images_areAveragedOverPlaces() throws Exception {
        OnnxGraph backbone = doubling(13, false, BATCH, Dim.of(2), Dim.of(1), Dim.of(2));
        OnnxGraph graph = new HeadBuilder(backbone, "h")
                .splice("z", SUM, Weights.INITIALIZERS)
                .graph();

        assertThat(run(graph, Map.of("x", OrtRun.Value.of(new float[] {1, 3, 10, 30}, 1, 2, 1, 2))))
                .containsExactly(44);
    }

    @Test
    void twoLayers_asInputs_areHandedInAtEachRun() throws Exception {
        OnnxGraph backbone = doubling(17, false, BATCH, Dim.of(2));
        Linear first = new Linear(new float[] {1, 0, 0, 1, -1, -1}, new float[] {0, 0, 1});
        Linear second = new Linear(new float[] {1, 1, 1}, new float[] {0.5f});

        HeadBuilder.Spliced spliced =
                new HeadBuilder(backbone, "h").splice("z", List.of(first, second), Weights.INPUTS);

        assertThat(spliced.weights())
                .as("the name 'head' is taken")
                .containsExactly("head_1.0.weight", "head_1.0.bias", "head_1.1.weight", "head_1.1.bias");
        assertThat(spliced.graph().initializers())
                .as("the old head is left out")
                .isEmpty();
        assertThat(spliced.features()).isEqualTo("h");
        float[] z = run(
                spliced.graph(),
                Map.of(
                        "x", OrtRun.Value.of(new float[] {1, 2, -1, -2}, 2, 2),
                        "head_1.0.weight", OrtRun.Value.of(first.weight(), 3, 2),
                        "head_1.0.bias", OrtRun.Value.of(first.bias(), 3),
                        "head_1.1.weight", OrtRun.Value.of(second.weight(), 1, 3),
                        "head_1.1.bias", OrtRun.Value.of(second.bias(), 1)));
        assertThat(z).containsExactly(6.5f, 7.5f);
    }

    @Test
    void whatDoesNotFit_isRefused() {
        OnnxGraph open = doubling(17, false, BATCH, Dim.dynamic("width"));
        assertThatThrownBy(() -> new HeadBuilder(open, "h"))
                .hasMessageContaining("no head fits on h float[batch, width]")
                .hasMessageContaining("allowed are float [batch, N]");
        assertThatThrownBy(() -> new HeadBuilder(open, "nothing")).hasMessageContaining("'nothing'");
        HeadBuilder builder = new HeadBuilder(doubling(17, false, BATCH, Dim.of(3)), "h");
        assertThatThrownBy(() -> builder.splice("z", SUM, Weights.INITIALIZERS))
                .hasMessage("layer 0 of the head has 2 weights for 3 inputs and 1 outputs");
    }
}
