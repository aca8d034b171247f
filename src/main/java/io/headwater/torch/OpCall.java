package io.headwater.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import io.headwater.graph.GraphException;
import io.headwater.graph.Node;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One node about to run: its operands and settings. */
final class OpCall {
    private final Node node;
    private final int opset;
    private final Map<String, Value> values;
    private final NDManager scope;

    OpCall(Node node, int opset, Map<String, Value> values, NDManager scope) {
        this.node = node;
        this.opset = opset;
        this.values = values;
        this.scope = scope;
    }

    Node node() {
        return node;
    }

    int opset() {
        return opset;
    }

    NDManager scope() {
        return scope;
    }

    /** How many operands are listed, left-out ones among them. */
    int count() {
        return node.inputs().size();
    }

    boolean has(int input) {
        return !node.input(input).isEmpty();
    }

    Value value(int input) {
        String name = node.input(input);
        Value value = values.get(name);
        if (value == null) {
            throw new GraphException(node + " reads '" + name + "', which was not given");
        }
        return value;
    }

    /** Whether all operands are integers kept in Java. */
    boolean inJava() {
        for (int i = 0; i < count(); i++) {
            if (has(i) && !(value(i) instanceof Integers)) {
                return false;
            }
        }
        return true;
    }

    /** The operand on the device. */
    NDArray tensor(int input) {
        Value value = value(input);
        return value instanceof Value.Tensor tensor ? tensor.array() : ((Integers) value).tensor(scope);
    }

    /** The operand as PyTorch's class, for kernels that DJL gives no portable name. */
    PtNDArray torch(int input) {
        return (PtNDArray) tensor(input);
    }

    /** The operand, or null where it is left out. */
    @Nullable
    NDArray optional(int input) {
        return has(input) ? tensor(input) : null;
    }

    /** An operand that must be floating: ONNX has other rules for integers, where it has any. */
    NDArray floating(int input) {
        NDArray array = tensor(input);
        if (!array.getDataType().isFloating()) {
            throw new GraphException(node + " is of " + array.getDataType() + "; only float works");
        }
        return array;
    }

    /** An operand of integers that must not depend on the rows' values: a shape, axes, positions. */
    Integers integers(int input) {
        if (value(input) instanceof Integers integers) {
            return integers;
        }
        throw new GraphException(node + " takes its operand '" + node.input(input)
                + "' from the rows' values; only constants and shapes work");
    }

    /** A copy of {@link #integers(int)}'s values. */
    long[] longs(int input) {
        return integers(input).values().clone();
    }

    /** A list of integers that is an operand since {@code opset} and was an attribute before; empty where left out. */
    long[] longs(String attribute, int input, int since) {
        if (opset < since) {
            return node.integers(attribute);
        }
        return has(input) ? longs(input) : new long[0];
    }

    /** The element of a float operand that is a constant scalar, or null. */
    @Nullable
    Float constant(int input) {
        return value(input) instanceof Value.Tensor tensor ? tensor.scalar() : null;
    }

    /** A scalar operand that must be constant, or {@code otherwise} where it is left out. */
    float scalar(int input, float otherwise) {
        if (!has(input)) {
            return otherwise;
        }
        Float constant = constant(input);
        if (constant == null) {
            throw new GraphException(
                    node + " has a computed operand '" + node.input(input) + "'; only a constant scalar works");
        }
        return constant;
    }

    /** The node's setting {@code axis} among {@code rank}. */
    int axisOr(long otherwise, int rank) {
        return axis(node.integer("axis", otherwise), rank);
    }

    /** An axis among {@code rank}, counted from the end where negative. */
    int axis(long axis, int rank) {
        long found = axis < 0 ? axis + rank : axis;
        if (found < 0 || found > rank) {
            throw new GraphException(node + " names axis " + axis + " of a tensor of rank " + rank);
        }
        return (int) found;
    }
}
