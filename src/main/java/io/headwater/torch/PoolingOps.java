package io.headwater.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.headwater.graph.GraphException;
import io.headwater.graph.Node;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Pooling, in windows and over all. */
final class PoolingOps {
    private PoolingOps() {}

    static List<OpRow> rows() {
        return List.of(
                OpRow.of("MaxPool", Op.tensor(PoolingOps::max))
                        .says("auto_pad, ceil_mode, kernel_shape, pads, strides; dilations and indices are refused")
                        .refuses((node, opset) -> problem(node)),
                OpRow.of("AveragePool", Op.tensor(PoolingOps::average))
                        .says("auto_pad, count_include_pad, kernel_shape, pads, strides; dilations and ceil_mode with"
                                + " padding are refused")
                        .refuses((node, opset) -> averageProblem(node)),
                OpRow.of("GlobalMaxPool", Op.tensor(call -> ReduceOps.max(call.floating(0), spatial(call)))),
                OpRow.of(
                        "GlobalAveragePool", Op.tensor(call -> ReduceOps.mean(call.floating(0), spatial(call), true))));
    }

    private static int[] spatial(OpCall call) {
        return IntStream.range(2, call.floating(0).getShape().dimension()).toArray();
    }

    /** DJL hands PyTorch no dilations. */
    private static String problem(Node node) {
        boolean dilated = Arrays.stream(node.integers("dilations")).anyMatch(dilation -> dilation != 1);
        return dilated ? "dilations" : node.integer("storage_order", 0) != 0 ? "storage_order" : "";
    }

    /** Whether what lies outside of the padding counts is where runtimes differ. */
    private static String averageProblem(Node node) {
        boolean padded = Arrays.stream(node.integers("pads")).anyMatch(pad -> pad != 0)
                || node.text("auto_pad", "NOTSET").startsWith("SAME");
        return node.integer("ceil_mode", 0) != 0 && padded ? "ceil_mode with padding" : problem(node);
    }

    private static NDArray max(OpCall call) {
        NDArray data = call.floating(0);
        Window window = Window.of(call, data, call.node().integers("kernel_shape"));
        boolean ceil = ceil(call, window);
        if (!window.isPoolable()) {
            data = window.padded(data, Float.NEGATIVE_INFINITY);
            window = window.unpadded();
        }
        return data.getNDArrayInternal()
                .maxPool(new Shape(window.kernel()), new Shape(window.strides()), new Shape(window.before()), ceil);
    }

    private static boolean ceil(OpCall call, Window window) {
        boolean ceil = call.node().integer("ceil_mode", 0) != 0;
        if (ceil && !window.isPoolable()) {
            throw new GraphException(call.node() + " has ceil_mode with pads that differ or exceed half a window");
        }
        return ceil;
    }

    private static NDArray average(OpCall call) {
        NDArray data = call.floating(0);
        Window window = Window.of(call, data, call.node().integers("kernel_shape"));
        boolean ceil = ceil(call, window);
        boolean counted = call.node().integer("count_include_pad", 0) != 0;
        if (window.isPoolable() && (counted || !window.isPadded())) {
            return average(data, window, ceil);
        }
        NDArray sum = average(window.padded(data, 0), window.unpadded(), false);
        if (counted) {
            return sum;
        }
        // Both averages are over whole windows; their ratio is that over the elements which are there. DJL's flag for
        // this does nothing.
        NDArray ones = window.padded(data.onesLike(), 0);
        return sum.div(average(ones, window.unpadded(), false));
    }

    private static NDArray average(NDArray data, Window window, boolean ceil) {
        return data.getNDArrayInternal()
                .avgPool(
                        new Shape(window.kernel()),
                        new Shape(window.strides()),
                        new Shape(window.before()),
                        ceil,
                        true);
    }
}
