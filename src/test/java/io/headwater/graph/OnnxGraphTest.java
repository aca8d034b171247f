package io.headwater.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OnnxGraphTest {
    private static OnnxGraph small() {
        GraphBuilder builder = new GraphBuilder("small");
        String x = builder.input(TensorSpec.of("x", ElementType.FLOAT, Dim.dynamic("batch"), Dim.of(2)));
        String scale = builder.floats("scale", new float[] {2, 3}, 2);
        builder.nodeTo("y", "/Mul", "Mul", List.of(x, scale));
        return builder.output(TensorSpec.of("y", ElementType.FLOAT, Dim.dynamic("batch"), Dim.of(2)))
                .build();
    }

    private static byte[] changed(Consumer<GraphProto.Builder> change) {
        ModelProto.Builder model = small().model().toBuilder();
        change.accept(model.getGraphBuilder());
        return model.build().toByteArray();
    }

    @Test
    void read_givesBackWhatWasBuilt() {
        OnnxGraph graph = OnnxGraph.read(small().toBytes());

        assertThat(graph.producerName()).isEqualTo("headwater");
        assertThat(graph.opset()).isEqualTo(17);
        assertThat(graph.inputs()).isEqualTo(small().inputs());
        assertThat(graph.outputs()).hasToString("[y float[batch, 2]]");
        assertThat(graph.initializer("scale").floats()).containsExactly(2, 3);
        assertThat(graph.toBytes()).isEqualTo(small().toBytes());
    }

    @Test
    void withInitializers_changesValuesInACopy() {
        OnnxGraph before = small();
        OnnxGraph after = before.withInitializers(Map.of("scale", new float[] {5, 7}));

        assertThat(after.initializer("scale").floats()).containsExactly(5, 7);
        assertThat(before.initializer("scale").floats()).containsExactly(2, 3);
        assertThatThrownBy(() -> before.withInitializers(Map.of("scale", new float[3])))
                .hasMessageContaining("'scale' is scale float[2]; 3 float values do not fit");
        assertThatThrownBy(() -> before.withInitializers(Map.of("scales", new float[2])))
                .hasMessageContaining("no initializer 'scales'; it has 'scale'");
    }

    @Test
    void withInputsFor_makesAWeightAnInput() {
        OnnxGraph promoted = small().withInputsFor(List.of("scale"));

        assertThat(promoted.initializers()).isEmpty();
        assertThat(promoted.inputs()).hasToString("[x float[batch, 2], scale float[2]]");
        assertThat(OnnxGraph.read(promoted.toBytes()).inputs()).isEqualTo(promoted.inputs());
    }

    @Test
    void read_initializerListedAsInput_isNoInput() {
        byte[] old = changed(
                graph -> graph.addInput(small().initializer("scale").spec().write()));

        assertThat(OnnxGraph.read(old).inputs()).extracting(TensorSpec::name).containsExactly("x");
    }

    @Test
    void read_ofNoOnnx_saysSo() {
        byte[] bytes = small().toBytes();
        assertThatThrownBy(() -> OnnxGraph.read(new byte[0])).hasMessageContaining("not an ONNX model");
        assertThatThrownBy(() -> OnnxGraph.read("hello, world".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isInstanceOf(GraphException.class);
        for (int length = 1; length < bytes.length; length++) {
            byte[] part = Arrays.copyOf(bytes, length);
            try {
                OnnxGraph.read(part);
            } catch (GraphException expected) {
                continue;
            }
            assertThat(length)
                    .as("only the last field, the opset, may be missing")
                    .isGreaterThan(bytes.length);
        }
    }

    @Test
    void read_ofAFileTooLarge_doesNotReadIt(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("sparse.onnx");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(3L << 30);
        }
        assertThatThrownBy(() -> OnnxGraph.read(file, OnnxGraph.MAX_BYTES))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("3221225472 bytes; at most 1073741824");
    }

    @Test
    void read_ofWhatCannotBeWorkedOn_namesIt() {
        assertThatThrownBy(() -> OnnxGraph.read(changed(graph ->
                        graph.getNodeBuilder(0).setDomain("com.microsoft").setOpType("FusedMul"))))
                .hasMessageContaining("com.microsoft:FusedMul");
        assertThatThrownBy(() -> OnnxGraph.read(changed(graph -> graph.getNodeBuilder(0)
                        .setOpType("If")
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("then_branch")
                                .setG(GraphProto.getDefaultInstance())))))
                .hasMessageContaining("control flow are not supported: If");
        assertThatThrownBy(() -> OnnxGraph.read(changed(
                        graph -> graph.getInitializerBuilder(0).setDataLocation(TensorProto.DataLocation.EXTERNAL))))
                .hasMessageContaining("external files are not supported: scale");
        assertThatThrownBy(() -> OnnxGraph.read(changed(graph -> graph.addNode(
                        NodeProto.newBuilder().setOpType("Relu").addInput("z").addOutput("w")))))
                .hasMessageContaining("reads 'z', which nothing before it makes");
        assertThatThrownBy(() -> OnnxGraph.read(changed(graph -> graph.addNode(
                        NodeProto.newBuilder().setOpType("Relu").addInput("x").addOutput("y")))))
                .hasMessageContaining("makes 'y' a second time");
        assertThatThrownBy(() -> new GraphBuilder("old", 9)
                        .output(TensorSpec.of("y", ElementType.FLOAT))
                        .build())
                .isInstanceOf(GraphException.class);
        ModelProto.Builder old = small().model().toBuilder();
        old.getOpsetImportBuilder(0).setVersion(9);
        assertThatThrownBy(() -> OnnxGraph.read(old.build().toByteArray())).hasMessageContaining("opset 9; 11 to 21");
    }
}
