package io.headwater.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.graph.GraphBuilder.Attribute;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LayersTest {
    private static final Dim BATCH = Dim.dynamic("batch");

    /** Input of width 4 through blocks with a skip each; a norm behind them, then a classifier. */
    private static OnnxGraph net(boolean named) {
        GraphBuilder builder = new GraphBuilder("net");
        String x = builder.input(TensorSpec.of("x", ElementType.FLOAT, BATCH, Dim.of(4)));
        x = linear(builder, named ? "stem" : "", x, 4);
        for (int i = 0; i < 3; i++) {
            String block = named ? "blocks/blocks." + i : "";
            String up = linear(builder, named ? block + "/up" : "", x, 8);
            String relu = builder.node(name(named, block + "/relu/Relu", up), "Relu", List.of(up));
            String down = linear(builder, named ? block + "/down" : "", relu, 8, 4);
            x = builder.node(name(named, block + "/Add", down), "Add", List.of(x, down));
        }
        String scale = builder.floats(named ? "norm.weight" : "n1", new float[4], 4);
        x = builder.node(name(named, "norm/Mul", x), "Mul", List.of(x, scale));
        String logits = linear(builder, named ? "classifier" : "", x, 2);
        builder.nodeTo("y", name(named, "Softmax", logits), "Softmax", List.of(logits));
        return builder.output(TensorSpec.of("y", ElementType.FLOAT, BATCH, Dim.of(2)))
                .build();
    }

    private static String name(boolean named, String name, String input) {
        return named ? "/" + name : "n_" + input.length() + input.hashCode();
    }

    private static String linear(GraphBuilder builder, String module, String x, int out) {
        return linear(builder, module, x, 4, out);
    }

    private static String linear(GraphBuilder builder, String module, String x, int in, int out) {
        boolean named = !module.isEmpty();
        String name = named ? module : "" + x.hashCode();
        String weight = builder.floats("w" + name.hashCode(), new float[in * out], out, in);
        return builder.node(name(named, name + "/Gemm", x), "Gemm", List.of(x, weight), Attribute.of("transB", 1L));
    }

    @Test
    void all_byNames_haveTheModulesNamesAndCounts() {
        List<Layer> layers = Layers.of(net(true)).all();

        assertThat(layers)
                .extracting(Layer::name)
                .containsExactly("stem", "blocks.0", "blocks.1", "blocks.2", "classifier");
        assertThat(layers).extracting(Layer::parameters).containsExactly(16L, 64L, 64L, 68L, 8L);
        assertThat(layers).extracting(Layer::isHead).containsExactly(false, false, false, false, true);
        assertThat(layers.get(1).outputs()).containsExactly("/blocks/blocks.0/Add_output_0");
        assertThat(layers.get(3).outputs()).as("the norm goes with it").containsExactly("/norm/Mul_output_0");
        assertThat(layers.get(2).firstNode()).isEqualTo("/blocks/blocks.1/up/Gemm");
        assertThat(layers.get(2).lastNode()).isEqualTo("/blocks/blocks.1/Add");
        assertThat(layers.get(2).bytes()).isEqualTo(256);
    }

    @Test
    void all_withoutNames_goByWhereOneTensorIsAlive() {
        Layers layers = Layers.of(net(false));

        assertThat(layers.all())
                .extracting(Layer::name)
                .containsExactly("part.0", "part.1", "part.2", "part.3", "part.4");
        assertThat(layers.all()).extracting(Layer::parameters).containsExactly(16L, 64L, 64L, 68L, 8L);
        assertThat(layers.body()).hasSize(4);
    }

    /** Attention and feed-forward each end where one tensor is alive; together they are a layer. */
    @Test
    void all_withoutNames_joinsWhatRepeatsInTurns() {
        GraphBuilder builder = new GraphBuilder("turns");
        String x = builder.input(TensorSpec.of("x", ElementType.FLOAT, BATCH, Dim.of(4)));
        for (int i = 0; i < 3; i++) {
            String one = builder.node("a" + i, "MatMul", List.of(x, builder.floats("v" + i, new float[16], 4, 4)));
            String tanh = builder.node("b" + i, "Tanh", List.of(one));
            String skip = builder.node("c" + i, "Add", List.of(x, tanh));
            String two = builder.node("d" + i, "MatMul", List.of(skip, builder.floats("u" + i, new float[16], 4, 4)));
            String relu = builder.node("e" + i, "Relu", List.of(two));
            x = builder.node("f" + i, "Add", List.of(skip, relu));
        }
        builder.output(TensorSpec.of(x, ElementType.FLOAT, BATCH, Dim.of(4)));

        List<Layer> layers = Layers.of(builder.build()).all();

        assertThat(layers).extracting(Layer::parameters).containsExactly(32L, 32L, 32L);
        assertThat(layers).extracting(Layer::lastNode).containsExactly("f0", "f1", "f2");
    }

    @Test
    void cut_head_isWhatTheOwnHeadReads() {
        assertThat(Cut.of(net(true), "head")).isEqualTo(Cut.at("/norm/Mul_output_0"));
    }

    @Test
    void cut_last_countsLayersFromTheEnd() {
        assertThat(Cut.of(net(true), "last:1")).isEqualTo(Cut.at("/blocks/blocks.1/Add_output_0"));
        assertThat(Cut.of(net(true), "last:3")).isEqualTo(Cut.at("/stem/Gemm_output_0"));
        assertThat(Cut.of(net(true), "last:4")).isEqualTo(Cut.at("x"));
    }

    @Test
    void cut_thatDoesNotExist_isRefusedWithTheNearest() {
        OnnxGraph net = net(true);
        assertThatThrownBy(() -> Cut.of(net, "last:5"))
                .isInstanceOf(GraphException.class)
                .hasMessage("the cut 'last:5' does not exist: the backbone has 4 layers (stem, blocks.0, blocks.1,"
                        + " blocks.2), so K goes from 1 to 4");
        assertThatThrownBy(() -> Cut.of(net, "last:0")).hasMessageContaining("K goes from 1 to 4");
        assertThatThrownBy(() -> Cut.of(net, "/blocks/blocks.1/Ad_output_0"))
                .hasMessageContaining("no tensor '/blocks/blocks.1/Ad_output_0' to cut at; the nearest are"
                        + " '/blocks/blocks.1/Add_output_0'");
        assertThatThrownBy(() -> Cut.of(net, "blocks.1"))
                .hasMessage(
                        "the cut 'blocks.1' is a layer; the tensor at its end is" + " '/blocks/blocks.1/Add_output_0'");
    }
}
