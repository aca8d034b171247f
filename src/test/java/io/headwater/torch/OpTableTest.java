package io.headwater.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import io.headwater.graph.Dim;
import io.headwater.graph.ElementType;
import io.headwater.graph.GraphBuilder;
import io.headwater.graph.GraphBuilder.Attribute;
import io.headwater.graph.GraphException;
import io.headwater.graph.TensorSpec;
import io.headwater.torch.OpCase.Kind;
import io.headwater.torch.OpCase.Operand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table as a document, and what it refuses. */
final class OpTableTest {
    private static final Path DOCUMENT = Path.of("docs/OPERATORS.md");

    @Test
    void document_isTheTable() throws IOException {
        assertThat(Files.readString(DOCUMENT))
                .as("write what OpTable.document() gives to %s", DOCUMENT)
                .isEqualTo(OpTable.document());
    }

    @Test
    void architectures_haveSupportedOperatorsOnly() {
        assertThat(Architecture.RUN)
                .allSatisfy(each -> assertThat(OpTable.supported()).containsAll(each.operators()));
    }

    record Refused(OpCase each, String problem) {}

    static List<Refused> refused() {
        Operand image = new Operands(1).floats(1, 2, 4, 4);
        Operand rows = new Operands(1).floats(2, 4);
        Operand each = new Operands(1).floats(4);
        return List.of(
                refuse(
                        "MaxPool (dilations)",
                        OpCase.of("", "MaxPool", image)
                                .list("kernel_shape", 2, 2)
                                .list("dilations", 2, 1)),
                refuse(
                        "MaxPool (output 2)",
                        OpCase.of("", "MaxPool", image)
                                .list("kernel_shape", 2, 2)
                                .outputs(2)),
                refuse(
                        "AveragePool (ceil_mode with padding)",
                        OpCase.of("", "AveragePool", image)
                                .list("kernel_shape", 2, 2)
                                .list("pads", 0, 0, 1, 1)
                                .with("ceil_mode", 1L)),
                refuse(
                        "BatchNormalization (training_mode)",
                        OpCase.of("", "BatchNormalization", rows, each, each, each, each)
                                .with("training_mode", 1L)),
                refuse("Cast (to type 10)", OpCase.of("", "Cast", rows).with("to", 10L)),
                refuse("Dropout (output 2)", OpCase.of("", "Dropout", rows).outputs(2)),
                refuse(
                        "Gelu (approximate sigmoid)",
                        OpCase.of("", "Gelu", rows).opset(20).with("approximate", "sigmoid")),
                refuse(
                        "Pad (mode wrap)",
                        OpCase.of("", "Pad", rows, Operand.shape(0, 0, 1, 1))
                                .opset(19)
                                .with("mode", "wrap")),
                refuse(
                        "CumSum (reverse)",
                        OpCase.of("", "CumSum", rows, Operand.scalar(0)).with("reverse", 1L)),
                refuse("ConvTranspose", OpCase.of("", "ConvTranspose", image, image)),
                refuse("NonZero", OpCase.of("", "NonZero", rows)));
    }

    private static Refused refuse(String problem, OpCase.Builder built) {
        return new Refused(built.build(), problem);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void unsupported_namesOperatorAndCause(Refused refused) {
        assertThat(OpTable.unsupported(refused.each().graph())).contains(refused.problem());
        assertThatThrownBy(() -> new TorchGraph(refused.each().graph(), TorchDevice.CPU, List.of()))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining(refused.problem());
    }

    @Test
    void unsupported_contractCases_areNone() {
        assertThat(OpCases.all(1))
                .allSatisfy(
                        each -> assertThat(OpTable.unsupported(each.graph())).isEmpty());
    }

    @Test
    void torchGraph_severalProblems_namesThemAll() {
        GraphBuilder builder = new GraphBuilder("several");
        builder.input(TensorSpec.of("x", ElementType.DOUBLE, Dim.of(2)));
        String floats = builder.node("/Cast", "Cast", List.of("x"), Attribute.of("to", 1L));
        String det = builder.node("/Det", "Det", List.of(floats));
        builder.nodeTo("y", "/NonZero", "NonZero", List.of(det));
        builder.output(TensorSpec.of("y", ElementType.FLOAT, Dim.of(2)));

        assertThatThrownBy(() -> new TorchGraph(builder.build(), TorchDevice.CPU, List.of()))
                .isInstanceOf(GraphException.class)
                .hasMessageContaining("Det, NonZero, input x (double)");
    }

    static List<OpCase> dependsOnRows() {
        Operands random = new Operands(3);
        Operand data = random.floats(2, 4);
        return List.of(
                OpCase.of("shape", "Reshape", data, random.indices(1, 2, 2)).build(),
                OpCase.of("axes", "Unsqueeze", data, random.indices(0, 1, 1)).build(),
                OpCase.of("length", "Range", random.indices(0, 1), Operand.scalar(3), Operand.scalar(1))
                        .integral()
                        .build(),
                OpCase.of("bound", "Clip", data, random.floats()).build(),
                OpCase.of(
                                "training",
                                "Dropout",
                                data,
                                Operand.constant(0.5f),
                                new Operand(Kind.TRUTH, new long[0], new float[0], new long[] {1}))
                        .build());
    }

    @ParameterizedTest
    @MethodSource("dependsOnRows")
    void run_operandThatDependsOnRows_isRefused(OpCase each) {
        try (TorchGraph graph = new TorchGraph(each.graph(), TorchDevice.CPU, Set.of())) {
            assertThatThrownBy(() -> GradientScope.plain(graph, scope -> run(graph, scope, each)))
                    .isInstanceOf(GraphException.class)
                    .hasMessageContaining("x")
                    .hasMessageContaining("constant");
        }
    }

    private static TorchGraph.Tensors run(TorchGraph graph, GradientScope scope, OpCase each) {
        return graph.run(scope, OpContractTest.inputs(each, scope.manager(), DataType.FLOAT32));
    }
}
