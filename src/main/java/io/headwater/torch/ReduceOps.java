package io.headwater.torch;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Reductions along axes, and the running sum along one. */
final class ReduceOps {
    private static final int AXES_AS_OPERAND = 18;
    private static final String FORMS =
            "keepdims, noop_with_empty_axes; axes as attribute before opset %d, then operand";

    @FunctionalInterface
    private interface Reduction {
        NDArray apply(NDArray array, int[] axes, boolean keep);
    }

    private ReduceOps() {}

    static List<OpRow> rows() {
        return List.of(
                row("ReduceSum", 13, ReduceOps::sum),
                row("ReduceMean", AXES_AS_OPERAND, ReduceOps::mean),
                row("ReduceMax", AXES_AS_OPERAND, (array, axes, keep) -> oneByOne(array, axes, keep, NDArray::max)),
                row("ReduceMin", AXES_AS_OPERAND, (array, axes, keep) -> oneByOne(array, axes, keep, NDArray::min)),
                row("ReduceSumSquare", AXES_AS_OPERAND, (array, axes, keep) -> sum(array.square(), axes, keep)),
                row(
                        "ReduceL2",
                        AXES_AS_OPERAND,
                        (array, axes, keep) -> axes.length == 0
                                ? array.abs()
                                : array.square().sum(axes, keep).sqrt()),
                OpRow.of("CumSum", Op.tensor(ReduceOps::cumulated))
                        .says("exclusive and reverse are refused")
                        .refuses((node, opset) -> node.integer("exclusive", 0) != 0
                                ? "exclusive"
                                : node.integer("reverse", 0) != 0 ? "reverse" : ""));
    }

    private static OpRow row(String name, int since, Reduction reduction) {
        return OpRow.of(name, Op.tensor(call -> reduce(call, since, reduction))).says(FORMS.formatted(since));
    }

    private static NDArray reduce(OpCall call, int since, Reduction reduction) {
        NDArray data = call.floating(0);
        int rank = data.getShape().dimension();
        long[] axes = call.longs("axes", 1, since);
        if (axes.length == 0 && call.node().integer("noop_with_empty_axes", 0) != 0) {
            // Squares and absolute values are taken all the same, element by element, as ONNX Runtime does.
            return reduction.apply(data, new int[0], true);
        }
        int[] chosen = axes.length == 0
                ? IntStream.range(0, rank).toArray()
                : Arrays.stream(axes)
                        .mapToInt(axis -> call.axis(axis, rank))
                        .sorted()
                        .toArray();
        boolean keep = call.node().integer("keepdims", 1) != 0;
        return reduction.apply(data, chosen, keep);
    }

    /** Positions in a sequence are counted so; a sum of integers stays one of their type. */
    private static NDArray cumulated(OpCall call) {
        NDArray data = call.tensor(0);
        int axis = call.axis(call.longs(1)[0], data.getShape().dimension());
        return data.cumSum(axis).toType(data.getDataType(), false);
    }

    /** Along no axis the array itself; PyTorch would sum it all. */
    private static NDArray sum(NDArray array, int[] axes, boolean keep) {
        return axes.length == 0 ? array : array.sum(axes, keep);
    }

    /** PyTorch's mean takes one axis or all; the sum takes any. */
    static NDArray mean(NDArray array, int[] axes, boolean keep) {
        long count = 1;
        for (int axis : axes) {
            count *= array.getShape().get(axis);
        }
        return axes.length == 0 ? array : Numbers.over(array.sum(axes, keep), count);
    }

    /** For reductions that take one axis: from the last axis on, so that the numbers of the others stay. */
    private static NDArray oneByOne(NDArray array, int[] axes, boolean keep, Reduction reduction) {
        NDArray result = array;
        for (int i = axes.length - 1; i >= 0; i--) {
            result = reduction.apply(result, new int[] {axes[i]}, keep);
        }
        return result;
    }

    /** The largest along axes that stay with size 1. */
    static NDArray max(NDArray array, int[] axes) {
        return oneByOne(array, axes, true, NDArray::max);
    }
}
