package io.headwater.torch;

import ai.djl.ndarray.types.Shape;
import io.headwater.graph.GraphException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The same elements under another shape, in another order of axes, or repeated. */
final class ShapeOps {
    private ShapeOps() {}

    static List<OpRow> rows() {
        return List.of(
                reshaping("Reshape", ShapeOps::reshape).says("allowzero"),
                reshaping("Flatten", ShapeOps::flatten).says("axis"),
                reshaping("Squeeze", ShapeOps::squeeze).says("axes as attribute before opset 13, then operand"),
                reshaping("Unsqueeze", ShapeOps::unsqueeze).says("axes as attribute before opset 13, then operand"),
                OpRow.of("Transpose", Op.value(ShapeOps::transpose)).says("perm"),
                OpRow.of("Expand", Op.value(ShapeOps::expand)),
                OpRow.of("Tile", Op.tensor(call -> call.tensor(0).tile(call.longs(1)))));
    }

    /** An operator that changes nothing but the shape. */
    private static OpRow reshaping(String name, Function<OpCall, long[]> target) {
        return OpRow.of(name, Op.value(call -> {
            long[] shape = target.apply(call);
            return call.value(0) instanceof Integers integers
                    ? integers.reshaped(shape)
                    : new Value.Tensor(call.tensor(0).reshape(new Shape(shape)));
        }));
    }

    /** A value's shape, not to be written to. */
    static long[] shape(Value value) {
        return value instanceof Value.Tensor tensor ? tensor.array().getShape().getShape() : ((Integers) value).shape();
    }

    private static long[] reshape(OpCall call) {
        long[] shape = shape(call.value(0));
        long[] target = call.longs(1);
        boolean copyZero = call.node().integer("allowzero", 0) == 0;
        long known = 1;
        int open = -1;
        for (int i = 0; i < target.length; i++) {
            if (target[i] == 0 && copyZero) {
                target[i] = shape[i];
            }
            if (target[i] == -1) {
                open = i;
            } else {
                known *= target[i];
            }
        }
        if (open >= 0) {
            long elements = new Shape(shape).size();
            target[open] = known == 0 ? 0 : elements / known;
        }
        return target;
    }

    private static long[] flatten(OpCall call) {
        Shape shape = new Shape(shape(call.value(0)));
        return flat(shape, call.axisOr(1, shape.dimension())).getShape();
    }

    /** Two axes: what lies before {@code axis}, and the rest. */
    static Shape flat(Shape shape, int axis) {
        return new Shape(shape.slice(0, axis).size(), shape.slice(axis).size());
    }

    private static long[] squeeze(OpCall call) {
        long[] shape = shape(call.value(0));
        long[] axes = call.longs("axes", 1, 13);
        boolean[] dropped = new boolean[shape.length];
        for (long axis : axes) {
            dropped[call.axis(axis, shape.length)] = true;
        }
        long[] kept = new long[shape.length];
        int count = 0;
        for (int i = 0; i < shape.length; i++) {
            if (dropped[i] && shape[i] != 1) {
                throw new GraphException(call.node() + " squeezes axis " + i + " of size " + shape[i]);
            }
            if (!dropped[i] && !(axes.length == 0 && shape[i] == 1)) {
                kept[count++] = shape[i];
            }
        }
        return Arrays.copyOf(kept, count);
    }

    private static long[] unsqueeze(OpCall call) {
        long[] from = shape(call.value(0));
        long[] axes = call.longs("axes", 1, 13);
        long[] shape = new long[from.length + axes.length];
        for (long axis : axes) {
            shape[call.axis(axis, shape.length)] = -1;
        }
        int next = 0;
        for (int i = 0; i < shape.length; i++) {
            shape[i] = shape[i] == -1 ? 1 : from[next++];
        }
        return shape;
    }

    private static Value transpose(OpCall call) {
        int rank = shape(call.value(0)).length;
        int[] order = call.node().has("perm")
                ? Arrays.stream(call.node().integers("perm"))
                        .mapToInt(axis -> call.axis(axis, rank))
                        .toArray()
                : IntStream.range(0, rank).map(axis -> rank - 1 - axis).toArray();
        if (!(call.value(0) instanceof Integers integers)) {
            return new Value.Tensor(call.tensor(0).transpose(order));
        }
        long[] strides = integers.strides();
        long[] shape = integers.shape();
        return integers.view(
                Arrays.stream(order).mapToLong(axis -> shape[axis]).toArray(),
                Arrays.stream(order).mapToLong(axis -> strides[axis]).toArray(),
                0);
    }

    private static Value expand(OpCall call) {
        long[] target = Integers.broadcast(shape(call.value(0)), call.longs(1));
        return call.value(0) instanceof Integers integers
                ? integers.expanded(target)
                : new Value.Tensor(call.tensor(0).broadcast(new Shape(target)));
    }
}
