package io.headwater.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/** Arithmetic of a tensor with one number, safe to differentiate. */
public final class Numbers {
    /*
     * DJL's own x.mul(Number) and x.div(Number) put the number into a Java buffer, hand PyTorch its address and let go
     * of it. The gradient needs the number once more, and where Java has collected the buffer by then it reads whatever
     * lies there: gradients become NaN or, worse, merely wrong. Here the number is in PyTorch's own memory.
     */
    private Numbers() {}

    /** {@code x * number}. */
    public static NDArray times(NDArray x, float number) {
        return x.mul(of(x, number));
    }

    /** {@code x / number}. */
    public static NDArray over(NDArray x, float number) {
        return x.div(of(x, number));
    }

    /** {@code x + number}. */
    public static NDArray plus(NDArray x, float number) {
        return x.add(of(x, number));
    }

    /** A scalar in the memory of {@code like}'s manager; of float, which leaves a tensor of double what it is. */
    private static NDArray of(NDArray like, float number) {
        return like.getManager().full(new Shape(), number, DataType.FLOAT32);
    }
}
