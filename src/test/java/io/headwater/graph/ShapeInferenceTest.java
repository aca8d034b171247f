package io.headwater.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.graph.GraphBuilder.Attribute;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ShapeInferenceTest {
    private static final Dim BATCH = Dim.dynamic("batch");
    private static final Dim TOKENS = Dim.dynamic("tokens");

    private final GraphBuilder builder = new GraphBuilder("shapes");

    private String input(Dim... dims) {
        return builder.input(TensorSpec.of("x", ElementType.FLOAT, dims));
    }

    private String axis(String name, long... axes) {
        return builder.longs(name, axes, axes.length);
    }

    /** As exporters write a view: sizes are read from the tensor, put together and handed to Reshape. */
    @Test
    void reshape_toComputedSizes_keepsTheirNames() {
        String x = input(BATCH, TOKENS, Dim.of(12));
        String shape = builder.node("s", "Shape", List.of(x));
        String batch = builder.node("b", "Gather", List.of(shape, builder.longs("zero", new long[] {0})));
        String tokens = builder.node("t", "Gather", List.of(shape, builder.longs("one", new long[] {1})));
        String front = axis("front", 0);
        String target = builder.node(
                "c",
                "Concat",
                List.of(
                        builder.node("ub", "Unsqueeze", List.of(batch, front)),
                        builder.node("ut", "Unsqueeze", List.of(tokens, front)),
                        axis("heads", 3),
                        axis("rest", -1)),
                Attribute.of("axis", 0L));
        String split = builder.node("r", "Reshape", List.of(x, target));
        String heads = builder.node("p", "Transpose", List.of(split), Attribute.of("perm", new long[] {0, 2, 1, 3}));
        String keys = builder.node("k", "Transpose", List.of(split), Attribute.of("perm", new long[] {0, 2, 3, 1}));
        String scores = builder.node("m", "MatMul", List.of(heads, keys));

        OnnxGraph graph = builder.output(
                        TensorSpec.of(scores, ElementType.FLOAT, Dim.UNKNOWN, Dim.UNKNOWN, Dim.UNKNOWN, Dim.UNKNOWN))
                .build();
        assertThat(ShapeInference.of(graph).get(split)).hasToString("r_output_0 float[batch, tokens, 3, 4]");
        assertThat(ShapeInference.of(graph).get(heads)).hasToString("p_output_0 float[batch, 3, tokens, 4]");
        assertThat(ShapeInference.of(graph).get(scores)).hasToString("m_output_0 float[batch, 3, tokens, tokens]");
        assertThat(GraphSplitter.typeOf(graph, "nothing")).isEmpty();
    }

    @Test
    void conv_andPool_followTheWindow() {
        String x = input(BATCH, Dim.of(3), Dim.of(11), Dim.of(11));
        String w = builder.floats("w", new float[8 * 3 * 9], 8, 3, 3, 3);
        String conv = builder.node(
                "c",
                "Conv",
                List.of(x, w),
                Attribute.of("strides", new long[] {2, 2}),
                Attribute.of("pads", new long[] {1, 1, 1, 1}));
        String pool = builder.node(
                "p",
                "MaxPool",
                List.of(conv),
                Attribute.of("kernel_shape", new long[] {2, 2}),
                Attribute.of("strides", new long[] {2, 2}));
        String up = builder.node(
                "u",
                "MaxPool",
                List.of(conv),
                Attribute.of("kernel_shape", new long[] {3, 3}),
                Attribute.of("strides", new long[] {2, 2}),
                Attribute.of("ceil_mode", 1L));
        String mean = builder.node("g", "GlobalAveragePool", List.of(pool));
        String flat = builder.node("f", "Flatten", List.of(mean));
        builder.nodeTo("y", "i", "Identity", List.of(flat));
        OnnxGraph graph = builder.output(TensorSpec.of("y", ElementType.FLOAT, BATCH, Dim.of(8)))
                .build();

        assertThat(ShapeInference.of(graph).get(conv)).hasToString("c_output_0 float[batch, 8, 6, 6]");
        assertThat(ShapeInference.of(graph).get(pool)).hasToString("p_output_0 float[batch, 8, 3, 3]");
        assertThat(ShapeInference.of(graph).get(up)).hasToString("u_output_0 float[batch, 8, 3, 3]");
        assertThat(ShapeInference.of(graph).get(flat)).hasToString("f_output_0 float[batch, 8]");
    }

    @Test
    void types_areInferred_notAssumed() {
        String x = builder.input(TensorSpec.of("x", ElementType.INT32, BATCH, TOKENS));
        String test = builder.node("e", "Greater", List.of(x, x));
        String number = builder.node("c", "Cast", List.of(x), Attribute.of("to", 11L));
        String best = builder.node("a", "ArgMax", List.of(number), Attribute.of("axis", 1L));
        OnnxGraph graph = builder.output(TensorSpec.of(best, ElementType.INT64, BATCH, Dim.of(1)))
                .build();

        assertThat(ShapeInference.of(graph).get(test)).hasToString("e_output_0 bool[batch, tokens]");
        assertThat(ShapeInference.of(graph).get(number)).hasToString("c_output_0 double[batch, tokens]");
        assertThat(ShapeInference.of(graph).get(best)).hasToString("a_output_0 int64[batch, 1]");
    }

    @Test
    void unknownOperator_leavesItsOutputUnknown_andTheCutRefused() {
        String x = input(BATCH, Dim.of(4));
        String odd = builder.node("odd", "Unheard", List.of(x));
        String y = builder.node("y", "Relu", List.of(odd));
        OnnxGraph graph = builder.output(TensorSpec.of(y, ElementType.FLOAT, BATCH, Dim.of(4)))
                .build();

        assertThat(ShapeInference.of(graph)).doesNotContainKey(odd);
        assertThatThrownBy(() -> GraphSplitter.split(graph, Cut.at(odd)))
                .hasMessageContaining("the type of 'odd_output_0', made by Unheard odd, cannot be inferred");
    }
}
