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

    /** A constant, a shape of the input, a transposed weight of the suffix alone, and one that both sides share. */
    @Test
    void split_copiesConstantsAndShapes_insteadOfHandingThemOver() {
        GraphBuilder builder = new GraphBuilder("companions");
        String x = builder.input(TensorSpec.of("x", ElementType.FLOAT, BATCH, Dim.of(2)));
        String shape = builder.node("shape", "Shape", List.of(x));
        String two = builder.longs("two", new long[] {2});
        String twice = builder.node("twice", "Mul", List.of(shape, two));
        String own = builder.node("own", "Transpose", List.of(builder.floats("w0", new float[4], 2, 2)));
        String both = builder.node("both", "Transpose", List.of(builder.floats("w1", new float[4], 2, 2)));
        String hidden = builder.node("hidden", "MatMul", List.of(x, both));
        String again = builder.node("again", "MatMul", List.of(hidden, both));
        String last = builder.node("last", "MatMul", List.of(again, own));
        String half = builder.node("half", "Div", List.of(twice, two));
        builder.nodeTo("y", "reshape", "Reshape", List.of(last, half));
        builder.output(TensorSpec.of("y", ElementType.FLOAT, BATCH, Dim.of(2)));

        SplitGraph split = GraphSplitter.split(builder.build(), Cut.at(hidden));

        assertThat(split.frontier())
                .extracting(TensorSpec::name)
                .as("the shape of the input is that of what crosses anyway")
                .containsExactly(hidden);
        assertThat(ops(split.suffix()))
                .containsExactly("shape", "twice", "own", "both", "again", "last", "half", "reshape");
        assertThat(split.frozen()).containsExactly("w1");
        assertThatThrownBy(() -> split.merge(Map.of("w1", new float[4])))
                .isInstanceOf(GraphException.class)
                .hasMessage("'w1' belongs to the frozen part; it cannot be trained");
        assertThat(ops(split.prefix().orElseThrow())).containsExactly("both", "hidden");
        assertThat(split.clones()).isEmpty();
        assertThat(split.whole().initializers()).containsOnlyKeys("two", "w0", "w1");
    }

    @Test
    void split_shapeOfWhatCrosses_takesNothingMore() {
        GraphBuilder builder = new GraphBuilder("crossing");
        String x = builder.input(TensorSpec.of("x", ElementType.FLOAT, BATCH, Dim.of(2)));
        String early = builder.node("early", "Concat", List.of(x, x), Attribute.of("axis", 1L));
        String shape = builder.node("shape", "Shape", List.of(early));
        String mid = builder.node("mid", "Add", List.of(early, early));
        String half = builder.node(
                "half",
                "ReduceSum",
                List.of(
                        builder.node("pairs", "Reshape", List.of(mid, builder.longs("two", new long[] {0, 2, 2}, 3))),
                        builder.longs("axis", new long[] {1}, 1)),
                Attribute.of("keepdims", 0L));
        String late = builder.node("late", "Concat", List.of(half, half), Attribute.of("axis", 1L));
        builder.nodeTo("y", "reshape", "Reshape", List.of(late, shape));
        builder.output(TensorSpec.of("y", ElementType.FLOAT, BATCH, Dim.of(4)));
        OnnxGraph graph = builder.build();

        assertThat(GraphSplitter.split(graph, Cut.at(mid)).frontier())
                .as("of the same shape as early")
                .extracting(TensorSpec::name)
                .containsExactly(mid);
        assertThat(GraphSplitter.split(graph, Cut.at(half)).frontier())
                .as("nothing of early's shape is at hand, so that crosses itself")
                .containsExactly(
                        TensorSpec.of(half, ElementType.FLOAT, BATCH, Dim.of(2)),
                        TensorSpec.of(shape, ElementType.INT64, Dim.of(2)));
    }

    /** Exporters give equal weights one initializer and the others a name by Identity. */
    @Test
    void split_secondNameOfAWeight_trainsWithoutTheFirst() {
        GraphBuilder builder = new GraphBuilder("second name");
        String x = builder.input(TensorSpec.of("x", ElementType.FLOAT, BATCH, Dim.of(2)));
        String bias = builder.floats("layer.0.bias", new float[2], 2);
        String second = builder.nodeTo("layer.1.bias", "Identity_0", "Identity", List.of(bias));
        String hidden = builder.node("first", "Add", List.of(x, bias));
        builder.nodeTo("y", "second", "Add", List.of(hidden, second));
        builder.output(TensorSpec.of("y", ElementType.FLOAT, BATCH, Dim.of(2)));

        SplitGraph split = GraphSplitter.split(builder.build(), Cut.at(hidden));

        assertThat(split.frontier()).extracting(TensorSpec::name).containsExactly(hidden);
        assertThat(split.clones()).containsExactly(Map.entry("layer.0.bias", "layer.0.bias/suffix"));
        assertThat(split.frozen()).isEmpty();
        OnnxGraph trained = split.merge(Map.of("layer.0.bias/suffix", new float[] {1, 2}));
        assertThat(trained.initializer("layer.0.bias").floats()).containsExactly(0, 0);
        assertThat(split.merge(Map.of()).initializers()).containsOnlyKeys("layer.0.bias");
    }

    /** A bias for each distance of two tokens, of which every layer has need: made again, but not trained. */
    @Test
    void split_biasThatAWeightMakesOfTheLength_isFrozenInTheSuffix() {
        GraphBuilder builder = new GraphBuilder("distances");
        Dim tokens = Dim.dynamic("tokens");
        String x = builder.input(TensorSpec.of("x", ElementType.FLOAT, BATCH, tokens));
        String table = builder.floats("distance.weight", new float[] {1, 2, 3, 4, 5}, 5);
        String shape = builder.node("shape", "Shape", List.of(x));
        String one = builder.longs("one", new long[] {1});
        String zero = builder.longs("zero", new long[] {0});
        String length = builder.node("length", "Gather", List.of(shape, one));
        String positions = builder.node("positions", "Range", List.of(zero, length, one));
        String bias = builder.node("bias", "Gather", List.of(table, positions));
        String first = builder.node("first", "Add", List.of(x, bias));
        String own = builder.node("own", "Mul", List.of(first, builder.floats("own.weight", new float[] {2}, 1)));
        String tied = builder.node("tied", "Gather", List.of(table, one));
        String second = builder.node("second", "Add", List.of(own, bias));
        builder.nodeTo("y", "third", "Mul", List.of(second, tied));
        builder.output(TensorSpec.of("y", ElementType.FLOAT, BATCH, tokens));

        SplitGraph split = GraphSplitter.split(builder.build(), Cut.at(first));

        assertThat(split.frontier()).extracting(TensorSpec::name).containsExactly(first);
        assertThat(split.suffix().nodes().get(0).inputs())
                .as("the shape of x is the shape of what crosses")
                .containsExactly(first);
        assertThat(split.frozen()).containsExactly("distance.weight");
        assertThat(split.suffix().initializers().keySet()).contains("distance.weight", "own.weight");
    }

    /** A mask of integers crosses as it came in; what a weight or more than plain arithmetic made of one does not. */
    @Test
    void split_computesFormsOfAnIntegerInputAgain() {
        GraphBuilder builder = new GraphBuilder("masked");
        String x = builder.input(TensorSpec.of("x", ElementType.FLOAT, BATCH, Dim.of(2)));
        String mask = builder.input(TensorSpec.of("mask", ElementType.INT64, BATCH, Dim.of(2)));
        String other = builder.input(TensorSpec.of("other", ElementType.INT64, BATCH, Dim.of(2)));
        String real = builder.node("real", "Cast", List.of(mask), Attribute.of("to", 1L));
        String away = builder.node("away", "Sub", List.of(builder.floats("one", new float[] {1}), real));
        String cast = builder.node("cast", "Cast", List.of(other), Attribute.of("to", 1L));
        String soft = builder.node("soft", "Softmax", List.of(cast));
        String hidden = builder.node("hidden", "Mul", List.of(x, away));
        String last = builder.node("last", "Add", List.of(hidden, away));
        builder.nodeTo("y", "late", "Mul", List.of(last, soft));
        builder.output(TensorSpec.of("y", ElementType.FLOAT, BATCH, Dim.of(2)));

        SplitGraph split = GraphSplitter.split(builder.build(), Cut.at(hidden));

        assertThat(split.frontier()).extracting(TensorSpec::name).containsExactly(hidden, mask, soft);
        assertThat(ops(split.suffix())).containsExactly("real", "away", "last", "late");
        assertThat(ops(split.prefix().orElseThrow())).containsExactly("real", "away", "cast", "soft", "hidden");
    }

    @Test
    void merge_withoutAChange_isTheOriginal() {
        OnnxGraph graph = shared();
        SplitGraph split = GraphSplitter.split(graph, Cut.at("/layer.0/Relu_output_0"));

        assertThat(split.merge(Map.of()).toBytes()).isEqualTo(graph.toBytes());
        OnnxGraph trained = split.merge(Map.of("w/suffix", new float[] {1, 0, 0, 0, 0, 0, 0, 0, 0}));
        assertThat(trained.initializers()).containsOnlyKeys("w", "b", "w/suffix");
        assertThatThrownBy(() -> split.merge(Map.of("w", new float[9])))
                .hasMessageContaining("no initializer 'w'; it has 'w/suffix'");
    }

    @Test
    void split_leavesOutOutputsThatDoNotFollow() {
        GraphBuilder builder = new GraphBuilder("two outputs");
        String x = builder.input(TensorSpec.of("x", ElementType.FLOAT, BATCH, Dim.of(2)));
        String a = builder.node("a", "Relu", List.of(x));
        String b = builder.node("b", "Tanh", List.of(a));
        builder.nodeTo("late", "c", "Relu", List.of(b));
        builder.nodeTo("early", "d", "Relu", List.of(x));
        builder.output(TensorSpec.of("early", ElementType.FLOAT, BATCH, Dim.of(2)));
        builder.output(TensorSpec.of("late", ElementType.FLOAT, BATCH, Dim.of(2)));

        SplitGraph split = GraphSplitter.split(builder.build(), Cut.at(a));

        assertThat(split.suffix().outputs()).extracting(TensorSpec::name).containsExactly("late");
        assertThat(split.whole().outputs()).hasSize(2);
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
