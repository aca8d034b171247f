package io.headwater.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.headwater.graph.Dim;
import io.headwater.graph.ElementType;
import io.headwater.graph.GraphBuilder;
import io.headwater.graph.GraphBuilder.Attribute;
import io.headwater.graph.TensorSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

final class InspectCommandTest {
    private static final String GOLDEN = """
            {"backbone":"net.onnx","producer":"headwater","opset":17,
            "license":"Apache-2.0","license_source":"file LICENSE","metadata":{},
            "inputs":[{"name":"x","type":"float","shape":["batch",4]}],
            "outputs":[{"name":"y","type":"float","shape":["batch",2]}],
            "parameters":65,
            "layers":[
            {"name":"hidden.0","order":0,"parameters":15,"bytes":60,"first_node":"/hidden.0/Gemm",
             "last_node":"/hidden.0/Hardmax","is_head":false,"cut":["/hidden.0/Hardmax_output_0"]},
            {"name":"hidden.1","order":1,"parameters":30,"bytes":120,"first_node":"/hidden.1/MatMul",
             "last_node":"/hidden.1/Relu","is_head":false,"cut":["/hidden.1/Relu_output_0"]},
            {"name":"score","order":2,"parameters":20,"bytes":80,"first_node":"/score/Gemm",
             "last_node":"/score/Gemm","is_head":true,"cut":["y"]}],
            "cuts":[
            {"cut":"head","trained_parameters":0,"layer":"score","tensors":["/hidden.1/Relu_output_0"],
             "frontier":[{"name":"/hidden.1/Relu_output_0","type":"float","shape":["batch",10]}],"unsupported_ops":[]},
            {"cut":"last:1","trained_parameters":50,"layer":"hidden.1","tensors":["/hidden.0/Hardmax_output_0"],
             "frontier":[{"name":"/hidden.0/Hardmax_output_0","type":"float","shape":["batch",3]}],
             "unsupported_ops":[]},
            {"cut":"last:2","trained_parameters":65,"layer":"hidden.0","tensors":["x"],
             "frontier":[{"name":"x","type":"float","shape":["batch",4]}],"unsupported_ops":["Hardmax"]}],
            "unsupported_ops":["Hardmax"],"obstacles":[]}
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path dir;

    private static byte[] net() {
        Dim batch = Dim.dynamic("batch");
        GraphBuilder builder = new GraphBuilder("net");
        String x = builder.input(TensorSpec.of("x", ElementType.FLOAT, batch, Dim.of(4)));
        String w0 = builder.floats("hidden.0.weight", new float[12], 3, 4);
        String b0 = builder.floats("hidden.0.bias", new float[3], 3);
        String first = builder.node("/hidden.0/Gemm", "Gemm", List.of(x, w0, b0), Attribute.of("transB", 1L));
        String odd = builder.node("/hidden.0/Hardmax", "Hardmax", List.of(first));
        String w1 = builder.floats("hidden.1.weight", new float[30], 3, 10);
        String second = builder.node("/hidden.1/MatMul", "MatMul", List.of(odd, w1));
        String relu = builder.node("/hidden.1/Relu", "Relu", List.of(second));
        String w2 = builder.floats("score.weight", new float[20], 2, 10);
        builder.nodeTo("y", "/score/Gemm", "Gemm", List.of(relu, w2), Attribute.of("transB", 1L));
        return builder.output(TensorSpec.of("y", ElementType.FLOAT, batch, Dim.of(2)))
                .build()
                .toBytes();
    }

    private int inspect(Path file, String... more) {
        CommandLine line = new CommandLine(new InspectCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    assertThat(failure).isInstanceOf(CommandFailedException.class);
                    command.getErr().println(failure.getMessage());
                    return 1;
                });
        String[] arguments = new String[2 + more.length];
        arguments[0] = "--backbone";
        arguments[1] = file.toString();
        System.arraycopy(more, 0, arguments, 2, more.length);
        return line.execute(arguments);
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(dir.resolve("net.onnx"), bytes);
    }

    @Test
    void json_ofASmallNet_isTheGoldenOne() throws Exception {
        Files.writeString(dir.resolve("LICENSE"), "\n   Apache License\n  Version 2.0, January 2004\n");
        byte[] net = net();

        assertThat(inspect(file(net), "--json")).isZero();

        ObjectMapper json = new ObjectMapper();
        JsonNode report = json.readTree(out.toString());
        assertThat(report.path("bytes").asInt()).isEqualTo(net.length);
        ((ObjectNode) report).remove("bytes");
        assertThat(report).isEqualTo(json.readTree(GOLDEN));
    }

    @Test
    void table_namesLayersCutsAndOperators() throws Exception {
        assertThat(inspect(file(net()))).isZero();

        assertThat(out.toString())
                .contains("license not stated")
                .contains("input   x float[batch, 4]")
                .contains("(the model's own head)")
                .contains("operators that cannot be trained: Hardmax")
                .containsPattern("last:1 +hidden.1 +\\d+ +/hidden.0/Hardmax_output_0 float\\[batch, 3]; all can");
    }

    @Test
    void quantizedModel_isShownAndRefused() throws Exception {
        ModelProto.Builder quantized = ModelProto.parseFrom(net()).toBuilder();
        quantized.getGraphBuilder().getNodeBuilder(1).setOpType("DynamicQuantizeLinear");

        assertThat(inspect(file(quantized.build().toByteArray()), "--json")).isEqualTo(1);

        assertThat(new ObjectMapper()
                        .readTree(out.toString())
                        .path("unsupported_ops")
                        .toString())
                .contains("DynamicQuantizeLinear");
        assertThat(err.toString().strip().lines()).hasSize(1);
        assertThat(err.toString()).contains("cannot be used: it has quantized operators (DynamicQuantizeLinear)");
    }

    record Refused(String cause, byte[] bytes) {}

    private static byte[] changed(Consumer<GraphProto.Builder> change) {
        try {
            ModelProto.Builder model = ModelProto.parseFrom(net()).toBuilder();
            change.accept(model.getGraphBuilder());
            return model.build().toByteArray();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A MatMul as quantizers leave it: 8-bit weights that are brought back, or multiplied as they are. */
    private static byte[] quantized() {
        return changed(graph -> {
            for (String name : List.of("scale", "zero")) {
                graph.addInitializerBuilder()
                        .setName(name)
                        .setDataType(name.equals("scale") ? 1 : 3)
                        .setRawData(ByteString.copyFrom(new byte[name.equals("scale") ? 4 : 1]));
            }
            graph.addInitializerBuilder()
                    .setName("w8")
                    .setDataType(3)
                    .addDims(3)
                    .addDims(10)
                    .setRawData(ByteString.copyFrom(new byte[30]));
            graph.addNode(
                    0,
                    NodeProto.newBuilder()
                            .setOpType("DequantizeLinear")
                            .addAllInput(List.of("w8", "scale", "zero"))
                            .addOutput("w"));
            NodeProto.Builder product = graph.getNodeBuilder(3).setOpType("QLinearMatMul");
            product.clearInput()
                    .addAllInput(List.of(
                            "/hidden.0/Hardmax_output_0", "scale", "zero", "w8", "scale", "zero", "scale", "zero"));
        });
    }

    static List<Refused> refused() {
        byte[] net = net();
        byte[] random = new byte[10_000];
        new Random(3).nextBytes(random);
        return List.of(
                new Refused("quantized operators (DequantizeLinear, QLinearMatMul)", quantized()),
                new Refused(
                        "control flow (If)",
                        changed(graph -> graph.getNodeBuilder(1)
                                .setOpType("If")
                                .addAttribute(AttributeProto.newBuilder()
                                        .setName("then_branch")
                                        .setG(GraphProto.getDefaultInstance())))),
                new Refused(
                        "operators outside the ONNX standard (com.microsoft:FusedGemm)",
                        changed(graph -> graph.getNodeBuilder(0)
                                .setDomain("com.microsoft")
                                .setOpType("FusedGemm"))),
                new Refused(
                        "weights in external files (hidden.1.weight)",
                        changed(graph -> graph.getInitializerBuilder(2)
                                .clearRawData()
                                .setDataLocation(TensorProto.DataLocation.EXTERNAL))),
                new Refused(
                        "tensors of half precision (hidden.0.bias)",
                        changed(graph -> graph.getInitializerBuilder(1)
                                .setDataType(10)
                                .setRawData(ByteString.copyFrom(new byte[6])))),
                new Refused("no ONNX file: it is empty", new byte[0]),
                new Refused("not an ONNX model: it has no IR version, no nodes or no outputs", random),
                new Refused(
                        "one cut short: its " + net.length / 2 + " bytes do not parse",
                        Arrays.copyOf(net, net.length / 2)));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void backboneThatCannotBeUsed_isRefusedInOneSentenceThatNamesTheCause(Refused each) throws Exception {
        assertThat(inspect(file(each.bytes()))).isEqualTo(1);

        assertThat(err.toString().strip().lines()).hasSize(1);
        assertThat(err.toString()).contains(each.cause()).contains("net.onnx");
    }

    @Test
    void filesThatAreNoBackbone_areRefusedInOneSentence() throws Exception {
        assertThat(inspect(dir.resolve("none.onnx"))).isEqualTo(1);
        assertThat(inspect(file(new byte[] {1, 2, 3}))).isEqualTo(1);
        try (RandomAccessFile sparse =
                new RandomAccessFile(dir.resolve("sparse.onnx").toFile(), "rw")) {
            sparse.setLength(3L << 30);
        }
        assertThat(inspect(dir.resolve("sparse.onnx"))).isEqualTo(1);

        assertThat(inspect(dir)).isEqualTo(1);

        List<String> sentences = err.toString().strip().lines().toList();
        assertThat(sentences).hasSize(4);
        assertThat(sentences.get(3)).contains(dir + " is a folder; an ONNX file is needed");
        assertThat(sentences.get(0)).contains("there is no file").contains("none.onnx");
        assertThat(sentences.get(1)).contains("no ONNX file, or one cut short: its 3 bytes do not parse");
        assertThat(sentences.get(2)).contains("3221225472 bytes; at most 1073741824 are allowed");
        assertThat(out.toString()).isEmpty();
    }
}
