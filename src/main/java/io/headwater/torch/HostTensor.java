package io.headwater.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.stream.LongStream;

/**
 * Direct memory that both runtimes read without a copy: ONNX Runtime writes rows into it, PyTorch sees them as a
 * tensor. On the CPU such a tensor IS this memory: it must not outlive the step, nor the memory be written meanwhile.
 */
public final class HostTensor {
    private final ByteBuffer bytes;
    private final DataType type;
    private final long[] trailing;
    private final int width;

    private HostTensor(DataType type, int rows, long[] trailing) {
        this.trailing = trailing;
        this.width = Math.toIntExact(LongStream.of(trailing).reduce(1, Math::multiplyExact));
        this.bytes = ByteBuffer.allocateDirect(
                        Math.toIntExact((long) Math.multiplyExact(rows, width) * type.getNumOfBytes()))
                .order(ByteOrder.nativeOrder());
        this.type = type;
    }

    /** Room for {@code rows} rows of floats, each of the shape {@code trailing}. */
    public static HostTensor floats(int rows, long... trailing) {
        return new HostTensor(DataType.FLOAT32, rows, trailing);
    }

    /** Room for {@code rows} rows of int64 values, each of the shape {@code trailing}. */
    public static HostTensor longs(int rows, long... trailing) {
        return new HostTensor(DataType.INT64, rows, trailing);
    }

    /** Elements of one row. */
    public int width() {
        return width;
    }

    public boolean isFloat() {
        return type == DataType.FLOAT32;
    }

    public FloatBuffer floats() {
        return bytes.asFloatBuffer();
    }

    public LongBuffer longs() {
        return bytes.asLongBuffer();
    }

    /** Rows {@code from} until {@code from + rows} as a tensor {@code [rows, trailing...]}. */
    public NDArray rows(NDManager scope, int from, int rows) {
        return view(scope, from, rows, new Shape(rows).addAll(new Shape(trailing)));
    }

    /** Rows of width 1 as a tensor {@code [rows]}. */
    public NDArray column(NDManager scope, int from, int rows) {
        return view(scope, from, rows, new Shape(rows));
    }

    private NDArray view(NDManager scope, int from, int rows, Shape shape) {
        int rowBytes = width * type.getNumOfBytes();
        ByteBuffer part = bytes.slice(from * rowBytes, rows * rowBytes).order(ByteOrder.nativeOrder());
        return scope.create(part, shape, type);
    }
}
