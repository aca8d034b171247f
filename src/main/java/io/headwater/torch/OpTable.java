package io.headwater.torch;

import io.headwater.graph.ElementType;
import io.headwater.graph.Initializer;
import io.headwater.graph.Node;
import io.headwater.graph.OnnxGraph;
import io.headwater.graph.TensorSpec;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The operators that can be trained through, by their ONNX name. */
public final class OpTable {
    private static final Set<ElementType> INPUTS =
            EnumSet.of(ElementType.FLOAT, ElementType.INT64, ElementType.INT32, ElementType.BOOL);

    private static final Map<String, OpRow> ROWS = rows();

    private static final String PREFACE = """
            # Operators that can be trained through

            What lies right of a cut runs on PyTorch, operator by operator. This is the table that the program itself
            goes by; a test keeps this page equal to it. A graph with anything else in its suffix is refused in one
            sentence that lists every name: put the cut behind them. Refused are, among others, quantized operators,
            tensors of float16, bfloat16 and double, constants of int16, text and unsigned types but uint8, control flow
            (If, Loop, Scan), operators outside the ONNX standard, and shapes, axes and bounds that depend on the rows'
            values.

            Opsets 11 to 21. Every operator is tested against ONNX Runtime on random shapes and attributes (within
            1e-5 of the largest value), and its gradient against finite differences in double precision. Integers that
            do not depend on the rows' values (shapes, axes, positions) are computed in Java, never on the device.

            ## Architectures run whole

            Whole graphs, every float tensor a parameter, against ONNX Runtime; the error is the largest over all
            exports, relative to the largest output. MiniLM and the first MobileNetV2 have trained weights, the others
            are small and random, exported by PyTorch. Opset 21 was run by operator only.

            | architecture | opsets | largest error | what was run |
            |---|---|---|---|
            """;

    private static final String TABLE_HEAD = """

            ## Operators

            | operator | attributes and opsets | run whole in |
            |---|---|---|
            """;

    private OpTable() {}

    private static Map<String, OpRow> rows() {
        Map<String, OpRow> rows = new TreeMap<>();
        Stream.of(
                        LinearOps.rows(),
                        ArithmeticOps.rows(),
                        MathOps.rows(),
                        ActivationOps.rows(),
                        ReduceOps.rows(),
                        NormalizationOps.rows(),
                        ConvolutionOps.rows(),
                        PoolingOps.rows(),
                        ShapeOps.rows(),
                        SelectionOps.rows(),
                        PadOps.rows(),
                        LogicOps.rows(),
                        ConstantOps.rows())
                .flatMap(List::stream)
                .forEach(row -> rows.put(row.name(), row));
        return Collections.unmodifiableMap(rows);
    }

    static Op of(Node node) {
        OpRow row = ROWS.get(node.op());
        if (row == null) {
            throw new IllegalStateException(node + " passed the check but is not in the table");
        }
        return row.op();
    }

    /** Names of the operators, in order. */
    public static SortedSet<String> supported() {
        return new TreeSet<>(ROWS.keySet());
    }

    /** The document that tells users what can be trained through, in Markdown. */
    static String document() {
        StringBuilder out = new StringBuilder(PREFACE);
        Architecture.RUN.forEach(each -> out.append(each.line()));
        out.append(TABLE_HEAD);
        for (OpRow row : ROWS.values()) {
            String whole = Architecture.RUN.stream()
                    .filter(each -> each.operators().contains(row.name()))
                    .map(Architecture::name)
                    .collect(Collectors.joining(", "));
            out.append("| %s | %s | %s |\n"
                    .formatted(row.name(), row.attributes(), whole.isEmpty() ? "by operator only" : whole));
        }
        return out.toString();
    }

    /**
     * What in {@code graph} cannot be trained through, in order: names of operators, with the reason in parentheses
     * where the operator as such can be, and tensors of element types that cannot.
     */
    public static SortedSet<String> unsupported(OnnxGraph graph) {
        SortedSet<String> missing = new TreeSet<>();
        for (Node node : graph.nodes()) {
            OpRow row = ROWS.get(node.op());
            String problem = row == null ? node.op() : row.problem(node, graph.opset());
            if (!problem.isEmpty()) {
                missing.add(problem);
            }
        }
        for (Initializer constant : graph.initializers().values()) {
            String problem = ConstantOps.problem(constant);
            if (!problem.isEmpty()) {
                missing.add("tensor " + constant.name() + " (" + problem + ")");
            }
        }
        for (TensorSpec input : graph.inputs()) {
            if (!INPUTS.contains(input.type())) {
                missing.add("input " + input.name() + " (" + input.type() + ")");
            }
        }
        return missing;
    }
}
