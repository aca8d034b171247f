package io.headwater.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorAnnotation;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.io.RandomAccessFile;
import java.nio.file.Files;
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
        assertThatThrownBy(() -> OnnxGraph.read(new byte[0])).hasMessage("no ONNX file: it is empty");
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
                .hasMessageContaining("it has control flow (If)");
        assertThatThrownBy(() -> OnnxGraph.read(changed(
                        graph -> graph.getInitializerBuilder(0).setDataLocation(TensorProto.DataLocation.EXTERNAL))))
                .hasMessageContaining("it has weights in external files (scale)");
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

    @Test
    void read_ofQuantizedAndHalf_listsTheNamesInOneSentence() {
        byte[] bytes = changed(graph -> graph.addNode(NodeProto.newBuilder()
                        .setOpType("DynamicQuantizeLinear")
                        .addInput("x")
                        .addOutput("q"))
                .addNode(NodeProto.newBuilder()
                        .setOpType("MatMulInteger")
                        .addInput("q")
                        .addInput("q")
                        .addOutput("p"))
                .addInitializer(TensorProto.newBuilder()
                        .setName("h")
                        .setDataType(ElementType.FLOAT16.onnx())
                        .addInt32Data(0)));
        assertThatThrownBy(() -> OnnxGraph.read(bytes))
                .hasMessage("the model cannot be worked on: it has quantized operators (DynamicQuantizeLinear,"
                        + " MatMulInteger), tensors of half precision (h)");
    }

    @Test
    void look_atAModelThatCannotBeWorkedOn_tellsWhatStandsInTheWay(@TempDir Path dir) throws Exception {
        GraphProto branch = GraphProto.newBuilder()
                .addNode(NodeProto.newBuilder().setDomain("com.example").setOpType("Magic"))
                .build();
        Path file = dir.resolve("if.onnx");
        Files.write(
                file,
                changed(graph -> graph.getNodeBuilder(0)
                        .setOpType("If")
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("then_branch")
                                .setG(branch))));

        OnnxGraph graph = OnnxGraph.look(file, OnnxGraph.MAX_BYTES);

        assertThat(graph.unusableOperators()).containsExactly("If", "com.example:Magic");
        assertThat(graph.obstacles())
                .containsExactly("operators outside the ONNX standard (com.example:Magic)", "control flow (If)");
        assertThatThrownBy(() -> OnnxGraph.read(file, OnnxGraph.MAX_BYTES)).hasMessageContaining("control flow (If)");
    }

    @Test
    void read_ofAWeightShorterThanItsShape_isRefused() {
        assertThatThrownBy(() -> OnnxGraph.read(
                        changed(graph -> graph.getInitializerBuilder(0).setDims(0, 3))))
                .hasMessageContaining("scale float[3] holds 8 bytes; its shape needs 12");
        assertThatThrownBy(() -> OnnxGraph.read(
                        changed(graph -> graph.getInitializerBuilder(0).setDims(0, -1))))
                .hasMessageContaining("a dimension of -1");
        assertThatThrownBy(() -> OnnxGraph.read(changed(graph -> graph.addInitializer(graph.getInitializer(0)))))
                .hasMessageContaining("'scale' is there twice");
    }

    /** Every field that an exporter may fill, in a model that is written again without a change. */
    @Test
    void toBytes_losesNothing() throws Exception {
        TensorProto tensor = TensorProto.newBuilder()
                .setName("t")
                .setDocString("a tensor")
                .setDataType(ElementType.DOUBLE.onnx())
                .addDims(1)
                .addDoubleData(0.5)
                .build();
        ModelProto.Builder model = small().model().toBuilder()
                .setDocString("a model")
                .setDomain("com.example")
                .setModelVersion(3)
                .setProducerVersion("1.2")
                .addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey("license").setValue("Apache-2.0"))
                .addOpsetImport(OperatorSetIdProto.newBuilder()
                        .setDomain("com.microsoft")
                        .setVersion(1));
        model.getGraphBuilder()
                .setDocString("a graph")
                .addValueInfo(TensorSpec.of("y", ElementType.FLOAT, Dim.dynamic("batch"), Dim.of(2))
                        .write())
                .addQuantizationAnnotation(TensorAnnotation.newBuilder().setTensorName("y"));
        model.getGraphBuilder().getInitializerBuilder(0).setDocString("a weight");
        model.getGraphBuilder()
                .getNodeBuilder(0)
                .setDocString("a node")
                .addAttribute(
                        AttributeProto.newBuilder().setName("f").setF(1.5f).setDocString("a real"))
                .addAttribute(AttributeProto.newBuilder().setName("i").setI(-2))
                .addAttribute(AttributeProto.newBuilder().setName("s").setS(ByteString.copyFromUtf8("ü")))
                .addAttribute(AttributeProto.newBuilder().setName("t").setT(tensor))
                .addAttribute(AttributeProto.newBuilder()
                        .setName("g")
                        .setG(GraphProto.newBuilder().setName("in")))
                .addAttribute(
                        AttributeProto.newBuilder().setName("fs").addFloats(1).addFloats(2))
                .addAttribute(AttributeProto.newBuilder().setName("is").addInts(3))
                .addAttribute(AttributeProto.newBuilder().setName("ss").addStrings(ByteString.copyFromUtf8("x")))
                .addAttribute(AttributeProto.newBuilder().setName("ts").addTensors(tensor))
                .addAttribute(AttributeProto.newBuilder().setName("gs").addGraphs(GraphProto.newBuilder()));
        // A field of a later ONNX, which these classes do not know.
        model.setUnknownFields(UnknownFieldSet.newBuilder()
                .addField(999, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
                .build());
        Path file =
                Files.write(Files.createTempFile("full", ".onnx"), model.build().toByteArray());

        OnnxGraph graph = OnnxGraph.look(file, OnnxGraph.MAX_BYTES);
        Files.delete(file);

        assertThat(graph.toBytes()).isEqualTo(model.build().toByteArray());
        assertThat(graph.metadata()).containsExactly(Map.entry("license", "Apache-2.0"));
        ModelProto trained =
                graph.withInitializers(Map.of("scale", new float[] {5, 7})).model();
        ModelProto.Builder back = trained.toBuilder();
        back.getGraphBuilder()
                .getInitializerBuilder(0)
                .setRawData(model.getGraph().getInitializer(0).getRawData());
        assertThat(back.build()).as("all but the weight").isEqualTo(model.build());
    }
}
