package io.headwater.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LogitFoldTest {
    private static final Dim BATCH = Dim.dynamic("batch");
    private static final Map<String, OrtRun.Value> ROWS =
            Map.of("x", OrtRun.Value.of(new float[] {0.1f, 0.2f, -0.3f, 0.4f, 0.5f, -0.6f}, 3, 2));

    private static OnnxGraph stem(int opset) {
        GraphBuilder builder = new GraphBuilder("net", opset);
        String x = builder.input(TensorSpec.of("x", ElementType.FLOAT, BATCH, Dim.of(2)));
        String weight = builder.floats("stem.weight", new float[] {1, -0.5f, 0.25f, 2}, 2, 2);
        builder.nodeTo("y", "/stem/MatMul", "MatMul", List.of(x, weight));
        return builder.output(TensorSpec.of("y", ElementType.FLOAT, BATCH, Dim.of(2)))
                .build();
    }

    private static void assertMapped(OnnxGraph mapped, OnnxGraph graph, double scale, double shift) throws Exception {
        OrtRun before = OrtRun.of(graph, ROWS);
        OrtRun after = OrtRun.of(mapped, ROWS);
        for (int row = 0; row < 3; row++) {
            double logit = scale * before.get("logit").floats()[row] + shift;
            assertThat((double) after.get("logit").floats()[row]).isEqualTo(logit, within(1e-5));
            assertThat((double) after.get("probability").floats()[row])
                    .isEqualTo(1 / (1 + Math.exp(-logit)), within(1e-5));
        }
        assertThat(mapped.nodes()).hasSameSizeAs(graph.nodes());
    }

    /** Of a service on a backbone a version is the suffix; the whole file is made of its weights. */
    @ParameterizedTest
    @CsvSource({"11,2.5,-1", "17,0.3,4", "21,1,0"})
    void logit_ofAHeadOnABackbone_isMapped_inTheSuffixAndInTheWhole(int opset, double scale, double shift)
            throws Exception {
        SplitGraph split = Backbone.of(stem(opset), "head", 1, List.of(4), 7).split();
        OnnxGraph whole = split.whole().withInitializers(Map.of(HeadNames.INTERCEPT, new float[] {0.75f}));

        OnnxGraph suffix = split.suffix()
                .withInitializers(Map.of(HeadNames.INTERCEPT, new float[] {0.75f}))
                .withLogitMapped("logit", scale, shift);

        assertMapped(split.merge(suffix), whole, scale, shift);
    }

    @Test
    void logit_ofWeightsThatAnotherReads_isRefused() {
        GraphBuilder builder = new GraphBuilder("net");
        String x = builder.input(TensorSpec.of("x", ElementType.FLOAT, BATCH, Dim.of(2)));
        String weight = builder.floats("weight", new float[] {1, -0.5f, 0.25f, 2}, 2, 2);
        String hidden = builder.node("/a/MatMul", "MatMul", List.of(x, weight));
        builder.nodeTo("logit", "/b/MatMul", "MatMul", List.of(hidden, weight));
        OnnxGraph graph = builder.output(TensorSpec.of("logit", ElementType.FLOAT, BATCH, Dim.of(2)))
                .build();

        assertThatThrownBy(() -> graph.withLogitMapped("logit", 2, 0))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("'weight' are read by more");
    }

    @Test
    void logit_thatIsNotLinear_isRefused_byTheNodeThatMakesIt() {
        GraphBuilder builder = new GraphBuilder("net");
        String x = builder.input(TensorSpec.of("x", ElementType.FLOAT, BATCH, Dim.of(2)));
        builder.nodeTo("logit", "/Tanh", "Tanh", List.of(x));
        OnnxGraph graph = builder.output(TensorSpec.of("logit", ElementType.FLOAT, BATCH, Dim.of(2)))
                .build();

        assertThatThrownBy(() -> graph.withLogitMapped("logit", 2, 0))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("Tanh /Tanh");
    }

    @Test
    void shift_withoutAnIntercept_isRefused_andAFactorIsNot() throws Exception {
        OnnxGraph graph = stem(17);

        OnnxGraph mapped = graph.withLogitMapped("y", 2, 0);

        assertThat(OrtRun.of(mapped, ROWS).get("y").floats()[0])
                .isEqualTo(2 * OrtRun.of(graph, ROWS).get("y").floats()[0], within(1e-6f));
        assertThatThrownBy(() -> graph.withLogitMapped("y", 2, 1))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("no intercept");
    }
}
