package io.headwater.torch;

import io.headwater.graph.Node;
import io.headwater.graph.OnnxGraph;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The operators that can be trained through, by their ONNX name. */
public final class OpTable {
    private static final Map<String, Op> OPS = new TreeMap<>(Map.ofEntries(
            Map.entry("Gemm", LinearOps::gemm),
            Map.entry("MatMul", LinearOps::matMul),
            Map.entry("Add", ArithmeticOps::add),
            Map.entry("Sub", ArithmeticOps::sub),
            Map.entry("Mul", ArithmeticOps::mul),
            Map.entry("Div", ArithmeticOps::div),
            Map.entry("Relu", ActivationOps::relu),
            Map.entry("Tanh", ActivationOps::tanh),
            Map.entry("Sigmoid", ActivationOps::sigmoid),
            Map.entry("Clip", ActivationOps::clip),
            Map.entry("Reshape", ShapeOps::reshape),
            Map.entry("Flatten", ShapeOps::flatten),
            Map.entry("Squeeze", ShapeOps::squeeze),
            Map.entry("Unsqueeze", ShapeOps::unsqueeze),
            Map.entry("Concat", SelectionOps::concat),
            Map.entry("Gather", SelectionOps::gather),
            Map.entry("Identity", SelectionOps::identity)));

    private OpTable() {}

    static Op of(Node node) {
        Op op = OPS.get(node.op());
        if (op == null) {
            throw new IllegalStateException(node + " passed the check but is not in the table");
        }
        return op;
    }

    /** Names of the operators, in order. */
    public static SortedSet<String> supported() {
        return new TreeSet<>(OPS.keySet());
    }

    /** Names of the operators in {@code graph} that cannot be trained through, in order. */
    public static SortedSet<String> unsupported(OnnxGraph graph) {
        SortedSet<String> missing = new TreeSet<>();
        for (Node node : graph.nodes()) {
            if (!OPS.containsKey(node.op()) || node.outputs().size() != 1) {
                missing.add(node.op());
            }
        }
        return missing;
    }
}
