package io.headwater.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.graph.GraphBuilder.Attribute;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class GraphSplitterTest {
    private static final Dim BATCH = Dim.dynamic("batch");

    /**
     * Two layers that share their weight, and a mask made from the input that the second layer reads too: the cut
     * behind the first layer has a second frontier tensor and a weight on both sides.
     */
    private static OnnxGraph shared() {
        GraphBuilder builder = new GraphBuilder("shared");
        String x = builder.input(TensorSpec.of("x", ElementType.FLOAT, BATCH, Dim.of(3)));
        String w = builder.floats("w", new float[9], 3, 3);
        String b = builder.floats("b", new float[3], 3);
        String mask = builder.node("/mask/Sigmoid", "Sigmoid", List.of(x));
        String first = builder.node("/layer.0/Gemm", "Gemm", List.of(x, w, b), Attribute.of("transB", 1L));
        String relu = builder.node("/layer.0/Relu", "Relu", List.of(first));
        String second = builder.node("/layer.1/Gemm", "Gemm", List.of(relu, w), Attribute.of("transB", 1L));
        builder.nodeTo("y", "/layer.1/Mul", "Mul", List.of(second, mask));
        return builder.output(TensorSpec.of("y", ElementType.FLOAT, BATCH, Dim.of(3)))
                .build();
    }

    private static List<String> ops(OnnxGraph graph) {
        return graph.nodes().stream().map(Node::name).toList();
    }

    @Test
    void split_findsTheOtherFrontierTensorAndItsType() {
        SplitGraph split = GraphSplitter.split(shared(), Cut.at("/layer.0/Relu_output_0"));

        assertThat(split.frontier())
                .containsExactly(
                        TensorSpec.of("/layer.0/Relu_output_0", ElementType.FLOAT, BATCH, Dim.of(3)),
                        TensorSpec.of("/mask/Sigmoid_output_0", ElementType.FLOAT, BATCH, Dim.of(3)));
        assertThat(ops(split.prefix().orElseThrow()))
                .containsExactly("/mask/Sigmoid", "/layer.0/Gemm", "/layer.0/Relu");
        assertThat(ops(split.suffix())).containsExactly("/layer.1/Gemm", "/layer.1/Mul");
        assertThat(split.suffix().inputs()).isEqualTo(split.frontier());
    }

    @Test
    void split_weightOnBothSides_isCloned() {
        SplitGraph split = GraphSplitter.split(shared(), Cut.at("/layer.0/Relu_output_0"));

        assertThat(split.suffix().initializers()).containsOnlyKeys("w/suffix");
        assertThat(split.prefix().orElseThrow().initializers()).containsOnlyKeys("w", "b");
        float[] trained = {1, 2, 3, 4, 5, 6, 7, 8, 9};
        OnnxGraph merged = split.whole().withInitializers(Map.of("w/suffix", trained));
        assertThat(merged.initializer("w").floats()).containsOnly(0f);
        assertThat(merged.initializer("w/suffix").floats()).isEqualTo(trained);
        assertThat(OnnxGraph.read(merged.toBytes()).nodes().get(3).inputs()).contains("w/suffix");
    }

    @Test
    void split_atTheInput_hasNoPrefix() {
        SplitGraph split = GraphSplitter.split(shared(), Cut.at("x"));

        assertThat(split.prefix()).isEmpty();
        assertThat(split.frontier()).extracting(TensorSpec::name).containsExactly("x");
        assertThat(ops(split.suffix())).hasSize(5);
        assertThat(split.whole().initializers()).containsOnlyKeys("w", "b");
    }

    @Test
    void split_atTwoTensors_oneBehindTheOther_takesTheLater() {
        SplitGraph split = GraphSplitter.split(shared(), Cut.at("/layer.0/Gemm_output_0", "/layer.0/Relu_output_0"));

        assertThat(ops(split.suffix())).containsExactly("/layer.1/Gemm", "/layer.1/Mul");
    }

    @Test
    void split_atAnUnknownTensor_namesTheNearest() {
        assertThatThrownBy(() -> GraphSplitter.split(shared(), Cut.at("/layer.0/Relu")))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("no tensor '/layer.0/Relu'")
                .hasMessageContaining("nearest are '/layer.0/Relu_output_0'");
    }

    @Test
    void split_withNothingBehindIt_isRefused() {
        assertThatThrownBy(() -> GraphSplitter.split(shared(), Cut.at("y"))).hasMessageContaining("nothing to train");
    }

    @Test
    void inference_followsTheTabularOperators() {
        GraphBuilder builder = new GraphBuilder("tabular");
        String n = builder.input(TensorSpec.of("n", ElementType.FLOAT, BATCH, Dim.of(2)));
        String c = builder.input(TensorSpec.of("c", ElementType.INT64, BATCH, Dim.of(4)));
        String table = builder.floats("table", new float[30], 10, 3);
        String rows = builder.node("/Gather", "Gather", List.of(table, c));
        String shape = builder.longs("shape", new long[] {0, -1}, 2);
        String flat = builder.node("/Reshape", "Reshape", List.of(rows, shape));
        String missing = builder.node("/IsNaN", "IsNaN", List.of(n));
        String zero = builder.floats("zero", new float[1]);
        String filled = builder.node("/Where", "Where", List.of(missing, zero, n));
        String both = builder.node("/Concat", "Concat", List.of(flat, filled), Attribute.of("axis", 1L));
        builder.nodeTo("y", "/Relu", "Relu", List.of(both));
        builder.output(TensorSpec.of("y", ElementType.FLOAT, BATCH, Dim.of(14)));

        Map<String, TensorSpec> types = ShapeInference.of(builder.build());
        assertThat(types)
                .containsEntry(rows, TensorSpec.of(rows, ElementType.FLOAT, BATCH, Dim.of(4), Dim.of(3)))
                .containsEntry(flat, TensorSpec.of(flat, ElementType.FLOAT, BATCH, Dim.of(12)))
                .containsEntry(missing, TensorSpec.of(missing, ElementType.BOOL, BATCH, Dim.of(2)))
                .containsEntry(both, TensorSpec.of(both, ElementType.FLOAT, BATCH, Dim.of(14)));
        SplitGraph split = GraphSplitter.split(builder.build(), Cut.at(both));
        assertThat(split.frontier()).containsExactly(TensorSpec.of(both, ElementType.FLOAT, BATCH, Dim.of(14)));
    }
}
