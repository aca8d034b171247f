package io.headwater.torch;

import ai.djl.ndarray.NDArray;
import io.headwater.graph.GraphException;
import io.headwater.graph.Node;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * How a convolution or pooling window moves over the axes from 2 on.
 *
 * @param before elements of padding before the first, by axis
 * @param after behind the last
 */
record Window(long[] kernel, long[] strides, long[] dilations, long[] before, long[] after) {
    static Window of(OpCall call, NDArray data, long[] kernel) {
        Node node = call.node();
        int axes = data.getShape().dimension() - 2;
        if (axes < 1 || axes > 3 || kernel.length != axes) {
            throw new GraphException(node + " has a window of " + kernel.length + " axes over a tensor of rank "
                    + (axes + 2) + "; windows of 1 to 3 axes work");
        }
        long[] strides = orOnes(node.integers("strides"), axes);
        long[] dilations = orOnes(node.integers("dilations"), axes);
        String auto = node.text("auto_pad", "NOTSET");
        long[] before = new long[axes];
        long[] after = new long[axes];
        long[] pads = node.integers("pads");
        for (int i = 0; i < axes; i++) {
            if (auto.startsWith("SAME")) {
                long size = data.getShape().get(i + 2);
                long reach = dilations[i] * (kernel[i] - 1) + 1;
                long missing = Math.max(0, ((size - 1) / strides[i]) * strides[i] + reach - size);
                before[i] = auto.equals("SAME_LOWER") ? missing - missing / 2 : missing / 2;
                after[i] = missing - before[i];
            } else if (pads.length > 0 && auto.equals("NOTSET")) {
                before[i] = pads[i];
                after[i] = pads[axes + i];
            }
        }
        return new Window(kernel, strides, dilations, before, after);
    }

    private static long[] orOnes(long[] given, int axes) {
        if (given.length > 0) {
            return given;
        }
        long[] ones = new long[axes];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** Whether PyTorch's kernels can pad by themselves: the same on both sides. */
    boolean isSymmetric() {
        return Arrays.equals(before, after);
    }

    /** Whether PyTorch's pooling can pad by itself: the same on both sides, by half a window at most. */
    boolean isPoolable() {
        boolean narrow = true;
        for (int i = 0; i < kernel.length; i++) {
            narrow &= 2 * before[i] <= kernel[i];
        }
        return narrow && isSymmetric();
    }

    boolean isPadded() {
        return LongStream.concat(Arrays.stream(before), Arrays.stream(after)).anyMatch(pad -> pad != 0);
    }

    /** {@code data} with this window's padding made of {@code value}. */
    NDArray padded(NDArray data, float value) {
        long[] left = new long[before.length + 2];
        long[] right = new long[after.length + 2];
        System.arraycopy(before, 0, left, 2, before.length);
        System.arraycopy(after, 0, right, 2, after.length);
        return PadOps.constant(data, left, right, value);
    }

    /** This window over what is padded already. */
    Window unpadded() {
        long[] none = new long[before.length];
        return new Window(kernel, strides, dilations, none, none);
    }
}
