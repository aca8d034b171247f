package io.headwater.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.headwater.graph.GraphException;
import java.util.Arrays;

/** Reshape, Flatten, Squeeze and Unsqueeze: the same elements under another shape. */
final class ShapeOps {
    private ShapeOps() {}

    static NDArray reshape(OpCall call) {
        NDArray data = call.tensor(0);
        long[] target = call.integers(1);
        boolean copyZero = call.node().integer("allowzero", 0) == 0;
        for (int i = 0; i < target.length; i++) {
            if (target[i] == 0 && copyZero) {
                target[i] = data.getShape().get(i);
            }
        }
        return data.reshape(new Shape(target));
    }

    static NDArray flatten(OpCall call) {
        NDArray data = call.tensor(0);
        Shape shape = data.getShape();
        int axis = OpCall.axis(call.node().integer("axis", 1), shape.dimension());
        return data.reshape(
                new Shape(shape.slice(0, axis).size(), shape.slice(axis).size()));
    }

    static NDArray squeeze(OpCall call) {
        NDArray data = call.tensor(0);
        long[] shape = data.getShape().getShape();
        long[] axes = axes(call);
        boolean[] dropped = new boolean[shape.length];
        for (long axis : axes) {
            dropped[OpCall.axis(axis, shape.length)] = true;
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
        return data.reshape(new Shape(Arrays.copyOf(kept, count)));
    }

    static NDArray unsqueeze(OpCall call) {
        NDArray data = call.tensor(0);
        long[] axes = axes(call);
        long[] shape = new long[data.getShape().dimension() + axes.length];
        for (long axis : axes) {
            shape[OpCall.axis(axis, shape.length)] = -1;
        }
        int from = 0;
        for (int i = 0; i < shape.length; i++) {
            shape[i] = shape[i] == -1 ? 1 : data.getShape().get(from++);
        }
        return data.reshape(new Shape(shape));
    }

    /** An attribute before opset 13, an operand from then on; none means all axes of size 1. */
    private static long[] axes(OpCall call) {
        return call.has(1) ? call.integers(1) : call.node().integers("axes");
    }
}
