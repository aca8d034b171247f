package io.headwater.ort;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.Buffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Named tensors over direct memory that the caller owns: the inputs or the outputs of a run. The leading dimension is
 * the number of rows and may change from run to run; while it stays the same, binding allocates nothing. Not
 * thread-safe.
 */
public final class TensorBuffers implements AutoCloseable {
    private record Column(String name, Buffer buffer, long[] trailing, boolean perRow) {
        long[] shape(int rows) {
            if (!perRow) {
                return trailing;
            }
            long[] shape = new long[trailing.length + 1];
            shape[0] = rows;
            System.arraycopy(trailing, 0, shape, 1, trailing.length);
            return shape;
        }
    }

    private final Map<String, Column> columns = new LinkedHashMap<>();
    private final Map<String, OnnxTensor> bound = new LinkedHashMap<>();
    private int boundRows = -1;

    /** A float tensor {@code [rows, trailing...]} over a direct buffer in native order. */
    public TensorBuffers floats(String name, FloatBuffer buffer, long... trailing) {
        return column(new Column(name, buffer, trailing, true));
    }

    /** An int64 tensor {@code [rows, trailing...]} over a direct buffer in native order. */
    public TensorBuffers longs(String name, LongBuffer buffer, long... trailing) {
        return column(new Column(name, buffer, trailing, true));
    }

    /** A float tensor of a fixed shape, the same for every number of rows: a weight that is a graph input. */
    public TensorBuffers fixed(String name, FloatBuffer buffer, long... shape) {
        return column(new Column(name, buffer, shape, false));
    }

    /** An int64 tensor of a fixed shape, as {@link #fixed(String, FloatBuffer, long...)}. */
    public TensorBuffers fixed(String name, LongBuffer buffer, long... shape) {
        return column(new Column(name, buffer, shape, false));
    }

    private TensorBuffers column(Column column) {
        if (!column.buffer.isDirect()) {
            throw new IllegalArgumentException("tensor '" + column.name + "' needs a direct buffer");
        }
        columns.put(column.name, column);
        return this;
    }

    Map<String, OnnxTensor> bind(int rows) throws OrtException {
        if (rows != boundRows) {
            release();
            for (Column column : columns.values()) {
                bound.put(column.name, tensor(column, rows));
            }
            boundRows = rows;
        }
        return bound;
    }

    private static OnnxTensor tensor(Column column, int rows) throws OrtException {
        long[] shape = column.shape(rows);
        int elements = 1;
        for (long dimension : shape) {
            elements = Math.toIntExact(elements * dimension);
        }
        return column.buffer instanceof FloatBuffer floats
                ? OnnxTensor.createTensor(InferenceSession.ENVIRONMENT, floats.slice(0, elements), shape)
                : OnnxTensor.createTensor(
                        InferenceSession.ENVIRONMENT, ((LongBuffer) column.buffer).slice(0, elements), shape);
    }

    private void release() {
        bound.values().forEach(OnnxTensor::close);
        bound.clear();
        boundRows = -1;
    }

    @Override
    public void close() {
        release();
    }
}
