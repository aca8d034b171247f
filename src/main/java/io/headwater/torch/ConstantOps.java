package io.headwater.torch;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.headwater.graph.ElementType;
import io.headwater.graph.GraphException;
import io.headwater.graph.Initializer;
import io.headwater.graph.Node;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Tensors that come from the graph itself: Constant, ConstantOfShape, Range, Shape and Size. */
final class ConstantOps {
    /** Element types of the constants that can be read, whatever their shape. */
    private static final Set<ElementType> TYPES = EnumSet.of(
            ElementType.FLOAT,
            ElementType.INT64,
            ElementType.INT32,
            ElementType.INT8,
            ElementType.UINT8,
            ElementType.BOOL);

    private static final String KINDS =
            "float, int64, int32, int8, uint8 or bool, or one double, which is taken as a float";

    private ConstantOps() {}

    static List<OpRow> rows() {
        return List.of(
                OpRow.of("Constant", Op.value(ConstantOps::constant))
                        .says("value, value_float, value_floats, value_int, value_ints; of " + KINDS)
                        .refuses((node, opset) -> constantProblem(node)),
                OpRow.of("ConstantOfShape", Op.value(ConstantOps::ofShape))
                        .says("value; of " + KINDS)
                        .refuses((node, opset) -> valueProblem(node)),
                OpRow.of("Range", Op.value(ConstantOps::range)).says("of integers"),
                OpRow.of("Shape", Op.value(ConstantOps::shape)).says("start, end (since opset 15)"),
                OpRow.of("Size", Op.value(call -> {
                    long elements = 1;
                    for (long dim : ShapeOps.shape(call.value(0))) {
                        elements *= dim;
                    }
                    return Integers.scalar(elements);
                })));
    }

    /** What of an initializer cannot be read, or empty. */
    static String problem(Initializer initializer) {
        boolean oneDouble = initializer.type() == ElementType.DOUBLE && initializer.size() == 1;
        return oneDouble || TYPES.contains(initializer.type())
                ? ""
                : initializer.type().toString();
    }

    private static String constantProblem(Node node) {
        boolean simple = Stream.of("value_float", "value_floats", "value_int", "value_ints")
                .anyMatch(node::has);
        return simple || node.has("value") ? valueProblem(node) : "no readable value";
    }

    private static String valueProblem(Node node) {
        Initializer value = node.tensor("value");
        return value == null ? "" : problem(value);
    }

    /** A constant of the graph: integers stay in Java, floats go to the device. */
    static Value read(Initializer initializer, NDManager manager) {
        boolean isDouble = initializer.type() == ElementType.DOUBLE;
        if (initializer.type() != ElementType.FLOAT && !isDouble) {
            return Integers.of(initializer.type(), initializer.integers(), initializer.shape());
        }
        // Exporters keep scales in double and cast them right away; nothing here computes in double.
        float[] values = isDouble ? new float[] {initializer.narrowed()} : initializer.floats();
        return new Value.Tensor(
                manager.create(values, new Shape(initializer.shape())), values.length == 1 ? values[0] : null);
    }

    private static Value constant(OpCall call) {
        Node node = call.node();
        Initializer value = node.tensor("value");
        if (value != null) {
            return read(value, call.scope());
        } else if (node.has("value_int")) {
            return Integers.scalar(node.integer("value_int", 0));
        } else if (node.has("value_ints")) {
            return Integers.vector(node.integers("value_ints"));
        } else if (node.has("value_floats")) {
            return new Value.Tensor(call.scope().create(node.reals("value_floats")));
        }
        float number = node.real("value_float", 0);
        return new Value.Tensor(call.scope().create(number), number);
    }

    private static Value ofShape(OpCall call) {
        long[] shape = call.longs(0);
        Initializer value = call.node().tensor("value");
        if (value == null || value.type() == ElementType.FLOAT || value.type() == ElementType.DOUBLE) {
            float number = value == null ? 0 : value.type() == ElementType.FLOAT ? value.floats()[0] : value.narrowed();
            return new Value.Tensor(call.scope().full(new Shape(shape), number, DataType.FLOAT32));
        }
        return Integers.of(value.type(), value.integers()).expanded(shape);
    }

    private static Value range(OpCall call) {
        long start = one(call, 0);
        long limit = one(call, 1);
        long step = one(call, 2);
        if (step == 0) {
            throw new GraphException(call.node() + " has a step of 0");
        }
        long count = Math.max(0, Math.floorDiv(limit - start + step - Long.signum(step), step));
        long[] values = new long[Integers.count(new long[] {count})];
        for (int i = 0; i < values.length; i++) {
            values[i] = start + i * step;
        }
        return Integers.of(call.integers(0).type(), values, values.length);
    }

    private static long one(OpCall call, int input) {
        long[] values = call.integers(input).values();
        if (values.length != 1) {
            throw new GraphException(call.node() + " takes a scalar; operand " + input + " has " + values.length);
        }
        return values[0];
    }

    private static Value shape(OpCall call) {
        long[] shape = ShapeOps.shape(call.value(0));
        long start = bound(call.node().integer("start", 0), shape.length);
        long end = bound(call.node().integer("end", shape.length), shape.length);
        long[] part = new long[(int) Math.max(0, end - start)];
        System.arraycopy(shape, (int) start, part, 0, part.length);
        return Integers.vector(part);
    }

    private static long bound(long axis, int rank) {
        return Math.max(0, Math.min(rank, axis < 0 ? axis + rank : axis));
    }
}
