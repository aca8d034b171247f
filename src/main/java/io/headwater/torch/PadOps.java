package io.headwater.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.headwater.graph.GraphException;
import java.util.List;
import java.util.Set;

/** Pad, by a constant, the mirrored inside or the edge. */
final class PadOps {
    private static final Set<String> MODES = Set.of("constant", "reflect", "edge");

    private PadOps() {}

    static List<OpRow> rows() {
        return List.of(OpRow.of("Pad", Op.tensor(PadOps::pad))
                .says("mode constant, reflect or edge; axes (since opset 18); negative pads with constant only")
                .refuses((node, opset) -> {
                    String mode = node.text("mode", "constant");
                    return MODES.contains(mode) ? "" : "mode " + mode;
                }));
    }

    private static NDArray pad(OpCall call) {
        NDArray data = call.floating(0);
        int rank = data.getShape().dimension();
        long[] given = call.longs(1);
        long[] before = new long[rank];
        long[] after = new long[rank];
        int count = given.length / 2;
        for (int i = 0; i < count; i++) {
            int axis = call.has(3) ? call.axis(call.longs(3)[i], rank) : i;
            before[axis] = given[i];
            after[axis] = given[count + i];
        }
        String mode = call.node().text("mode", "constant");
        if (mode.equals("constant")) {
            return constant(data, before, after, call.scalar(2, 0));
        }
        NDArray padded = data;
        for (int axis = 0; axis < rank; axis++) {
            if (before[axis] < 0 || after[axis] < 0) {
                throw new GraphException(call.node() + " has negative pads in mode " + mode + "; only constant works");
            }
            padded = mode.equals("edge")
                    ? edge(padded, axis, before[axis], after[axis])
                    : reflect(padded, axis, before[axis], after[axis], call);
        }
        return padded;
    }

    /** Pads axis {@code i} by {@code before[i]} and {@code after[i]} elements of {@code value}. */
    static NDArray constant(NDArray data, long[] before, long[] after, float value) {
        int rank = before.length;
        long[] lastFirst = new long[2 * rank];
        for (int axis = 0; axis < rank; axis++) {
            lastFirst[2 * axis] = before[rank - 1 - axis];
            lastFirst[2 * axis + 1] = after[rank - 1 - axis];
        }
        return data.pad(new Shape(lastFirst), value);
    }

    private static NDArray edge(NDArray data, int axis, long before, long after) {
        long size = data.getShape().get(axis);
        NDList parts = new NDList(3);
        if (before > 0) {
            parts.add(repeated(SelectionOps.slice(data, axis, 0, 1, 1), axis, before));
        }
        parts.add(data);
        if (after > 0) {
            parts.add(repeated(SelectionOps.slice(data, axis, size - 1, 1, 1), axis, after));
        }
        return parts.size() == 1 ? data : NDArrays.concat(parts, axis);
    }

    private static NDArray repeated(NDArray one, int axis, long times) {
        long[] shape = one.getShape().getShape().clone();
        shape[axis] = times;
        return one.broadcast(new Shape(shape));
    }

    private static NDArray reflect(NDArray data, int axis, long before, long after, OpCall call) {
        long size = data.getShape().get(axis);
        if (before >= size || after >= size) {
            throw new GraphException(call.node() + " mirrors " + Math.max(before, after) + " of " + size
                    + " elements; fewer than there are is allowed");
        }
        NDList parts = new NDList(3);
        if (before > 0) {
            parts.add(SelectionOps.slice(data, axis, before, -1, before));
        }
        parts.add(data);
        if (after > 0) {
            parts.add(SelectionOps.slice(data, axis, size - 2, -1, after));
        }
        return parts.size() == 1 ? data : NDArrays.concat(parts, axis);
    }
}
