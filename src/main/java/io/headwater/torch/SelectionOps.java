package io.headwater.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.headwater.graph.ElementType;
import io.headwater.graph.GraphException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Elements taken from somewhere and put elsewhere. */
final class SelectionOps {
    private SelectionOps() {}

    static List<OpRow> rows() {
        return List.of(
                OpRow.of("Concat", Op.value(SelectionOps::concat)).says("axis"),
                OpRow.of("Split", SelectionOps::split)
                        .says("axis; sizes as attribute before opset 13, then operand; num_outputs (since opset 18)")
                        .manyOutputs(),
                OpRow.of("Slice", Op.value(SelectionOps::slice)).says("any steps but 0"),
                OpRow.of("Gather", Op.value(SelectionOps::gather)).says("axis"),
                OpRow.of("GatherElements", Op.tensor(SelectionOps::gatherElements))
                        .says("axis"),
                OpRow.of("Identity", Op.value(call -> call.value(0))),
                OpRow.of("Dropout", Op.value(SelectionOps::dropout))
                        .says("inference mode: the identity; training_mode must be left out or constant false"));
    }

    private static Value dropout(OpCall call) {
        if (call.has(2) && call.longs(2)[0] != 0) {
            throw new GraphException(call.node() + " is in training mode; only inference mode is supported");
        }
        return call.value(0);
    }

    private static Value concat(OpCall call) {
        int count = call.count();
        int axis = call.axisOr(0, ShapeOps.shape(call.value(0)).length);
        if (!call.inJava()) {
            NDList parts = new NDList(count);
            for (int i = 0; i < count; i++) {
                parts.add(call.tensor(i));
            }
            return new Value.Tensor(NDArrays.concat(parts, axis));
        }
        long[] shape = call.integers(0).shape().clone();
        long along = 0;
        for (int i = 0; i < count; i++) {
            along += call.integers(i).shape()[axis];
        }
        shape[axis] = along;
        long[] out = new long[Integers.count(shape)];
        int inner = Integers.count(Arrays.copyOfRange(shape, axis, shape.length));
        int start = 0;
        for (int i = 0; i < count; i++) {
            Integers part = call.integers(i);
            int run = Integers.count(Arrays.copyOfRange(part.shape(), axis, part.rank()));
            for (int row = 0; run > 0 && row * run < part.values().length; row++) {
                System.arraycopy(part.values(), row * run, out, row * inner + start, run);
            }
            start += run;
        }
        return Integers.of(call.integers(0).type(), out, shape);
    }

    private static List<Value> split(OpCall call) {
        long[] shape = ShapeOps.shape(call.value(0));
        int axis = call.axisOr(0, shape.length);
        int parts = call.node().outputs().size();
        long[] sizes = call.longs("split", 1, 13);
        if (sizes.length == 0) {
            long size = (shape[axis] + parts - 1) / parts;
            sizes = new long[parts];
            Arrays.fill(sizes, size);
            sizes[parts - 1] = shape[axis] - size * (parts - 1);
        }
        List<Value> made = new ArrayList<>(parts);
        long from = 0;
        for (long size : sizes) {
            made.add(slice(call.value(0), axis, from, 1, size));
            from += size;
        }
        return made;
    }

    private static Value slice(OpCall call) {
        long[] shape = ShapeOps.shape(call.value(0));
        long[] starts = call.longs(1);
        long[] ends = call.longs(2);
        long[] axes = call.has(3)
                ? call.longs(3)
                : IntStream.range(0, starts.length).asLongStream().toArray();
        Value result = call.value(0);
        for (int i = 0; i < starts.length; i++) {
            int axis = call.axis(axes[i], shape.length);
            long step = call.has(4) ? call.longs(4)[i] : 1;
            long size = shape[axis];
            if (step == 0) {
                throw new GraphException(call.node() + " has a step of 0");
            }
            long first = bound(starts[i], size, step < 0);
            long end = bound(ends[i], size, step < 0);
            long count = Math.max(0, (end - first + step - Long.signum(step)) / step);
            result = slice(result, axis, count == 0 ? 0 : first, step, count);
        }
        return result;
    }

    /** A start or an end as an index; for negative steps one before the first is allowed, and the last is the end. */
    private static long bound(long index, long size, boolean backwards) {
        long counted = index < 0 ? index + size : index;
        return backwards ? Math.max(-1, Math.min(size - 1, counted)) : Math.max(0, Math.min(size, counted));
    }

    /** {@code count} elements along {@code axis} from {@code first} on; PyTorch itself knows no negative steps. */
    private static Value slice(Value value, int axis, long first, long step, long count) {
        if (value instanceof Integers integers) {
            long[] shape = integers.shape().clone();
            long[] strides = integers.strides();
            long offset = first * strides[axis];
            shape[axis] = count;
            strides[axis] *= step;
            return integers.view(shape, strides, offset);
        }
        return new Value.Tensor(slice(((Value.Tensor) value).array(), axis, first, step, count));
    }

    static NDArray slice(NDArray array, int axis, long first, long step, long count) {
        if (step > 0) {
            return JniUtils.slice((PtNDArray) array, axis, first, first + count * step, step);
        }
        long mirrored = array.getShape().get(axis) - 1 - first;
        return JniUtils.slice((PtNDArray) array.flip(axis), axis, mirrored, mirrored - count * step, -step);
    }

    private static Value gather(OpCall call) {
        long[] shape = ShapeOps.shape(call.value(0));
        int axis = call.axisOr(0, shape.length);
        if (call.inJava()) {
            return gather(call.integers(0), positive(call.integers(1), shape[axis], call), axis);
        }
        if (call.value(1) instanceof Integers at && at.values().length == 1) {
            long index = positive(at, shape[axis], call).values()[0];
            NDArray one = slice(call.tensor(0), axis, index, 1, 1);
            return new Value.Tensor(one.reshape(new Shape(replaced(shape, axis, at.shape()))));
        }
        return new Value.Tensor(gather(call.tensor(0), indices(call, shape[axis]), axis));
    }

    /** Rows of a table, which is what gradients flow into; another axis is brought to the front first. */
    private static NDArray gather(NDArray data, NDArray indices, int axis) {
        NDArray front = axis == 0 ? data : data.transpose(front(data, axis));
        Shape shape = front.getShape();
        NDArray table = shape.dimension() == 2 ? front : front.reshape(shape.get(0), shape.size() / shape.get(0));
        NDArray rows = indices.getNDArrayInternal()
                .embedding(indices, table, SparseFormat.DENSE)
                .singletonOrThrow();
        NDArray made = rows.reshape(indices.getShape().addAll(shape.slice(1)));
        return axis == 0 ? made : made.transpose(back(made, indices.getShape().dimension(), axis));
    }

    private static int[] front(NDArray data, int axis) {
        int rank = data.getShape().dimension();
        return IntStream.concat(IntStream.of(axis), IntStream.range(0, rank).filter(other -> other != axis))
                .toArray();
    }

    /** The first {@code count} axes go behind the {@code axis} ones that follow them. */
    private static int[] back(NDArray made, int count, int axis) {
        int rank = made.getShape().dimension();
        return IntStream.concat(
                        IntStream.range(count, count + axis),
                        IntStream.concat(IntStream.range(0, count), IntStream.range(count + axis, rank)))
                .toArray();
    }

    private static Integers gather(Integers data, Integers at, int axis) {
        long[] shape = data.shape();
        int inner = Integers.count(Arrays.copyOfRange(shape, axis + 1, shape.length));
        int outer = Integers.count(Arrays.copyOf(shape, axis));
        long[] target = replaced(shape, axis, at.shape());
        long[] out = new long[Integers.count(target)];
        int next = 0;
        for (int row = 0; row < outer; row++) {
            for (long index : at.values()) {
                int from = (int) ((row * shape[axis] + index) * inner);
                System.arraycopy(data.values(), from, out, next, inner);
                next += inner;
            }
        }
        return Integers.of(data.type(), out, target);
    }

    private static long[] replaced(long[] shape, int axis, long[] by) {
        long[] target = new long[shape.length - 1 + by.length];
        System.arraycopy(shape, 0, target, 0, axis);
        System.arraycopy(by, 0, target, axis, by.length);
        System.arraycopy(shape, axis + 1, target, axis + by.length, shape.length - 1 - axis);
        return target;
    }

    private static NDArray gatherElements(OpCall call) {
        NDArray data = call.tensor(0);
        int axis = call.axisOr(0, data.getShape().dimension());
        return data.gather(indices(call, data.getShape().get(axis)), axis);
    }

    /** Operand 1 as indices that count from the start. */
    private static NDArray indices(OpCall call, long size) {
        if (call.value(1) instanceof Integers integers) {
            return positive(integers, size, call).as(ElementType.INT64).tensor(call.scope());
        }
        NDArray indices = call.tensor(1).toType(DataType.INT64, false);
        return indices.add(indices.lt(0L).toType(DataType.INT64, false).mul(size));
    }

    private static Integers positive(Integers indices, long size, OpCall call) {
        return indices.with(indices, indices.type(), (index, same) -> {
            if (index < -size || index >= size) {
                throw new GraphException(call.node() + " takes element " + index + " of " + size);
            }
            return index < 0 ? index + size : index;
        });
    }
}
