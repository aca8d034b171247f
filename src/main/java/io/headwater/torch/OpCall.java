package io.headwater.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.headwater.graph.GraphException;
import io.headwater.graph.Initializer;
import io.headwater.graph.Node;
import io.headwater.graph.OnnxGraph;
import java.util.Map;

/** One node about to run: its operands and settings. */
final class OpCall {
    private final OnnxGraph graph;
    private final Node node;
    private final Map<String, Value> values;
    private final NDManager scope;

    OpCall(OnnxGraph graph, Node node, Map<String, Value> values, NDManager scope) {
        this.graph = graph;
        this.node = node;
        this.values = values;
        this.scope = scope;
    }

    Node node() {
        return node;
    }

    int opset() {
        return graph.opset();
    }

    NDManager scope() {
        return scope;
    }

    boolean has(int input) {
        return !node.input(input).isEmpty();
    }

    NDArray tensor(int input) {
        String name = node.input(input);
        Value value = values.get(name);
        if (value instanceof Value.Tensor tensor) {
            return tensor.array();
        }
        if (value instanceof Value.Integers integers) {
            return scope.create(
                    integers.constant().longs(), new Shape(integers.constant().shape()));
        }
        throw new GraphException(node + " reads '" + name + "', which was not given");
    }

    /** An operand that must be constant: int64 values such as a shape or axes. */
    long[] integers(int input) {
        if (values.get(node.input(input)) instanceof Value.Integers integers) {
            return integers.constant().longs();
        }
        throw new GraphException(node + " has a computed operand '" + node.input(input) + "'; only a constant works");
    }

    /** A scalar operand that must be constant, or {@code otherwise} where it is left out. */
    float scalar(int input, float otherwise) {
        if (!has(input)) {
            return otherwise;
        }
        Initializer constant = graph.initializers().get(node.input(input));
        if (constant == null || constant.size() != 1) {
            throw new GraphException(
                    node + " has a computed operand '" + node.input(input) + "'; only a constant scalar works");
        }
        return constant.floats()[0];
    }

    /** An axis of {@code array}, counted from its end where negative. */
    static int axis(long axis, int rank) {
        return Math.toIntExact(axis < 0 ? axis + rank : axis);
    }
}
