package io.headwater.feature;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/**
 * Rows of encoded features in direct memory, laid out as the model's inputs are: made once by the thread that uses it,
 * filled and cleared many times, never shared between threads.
 */
public final class FeatureBatch {
    private final int capacity;
    private final int numericWidth;
    private final int categoricalWidth;
    private final FloatBuffer numeric;
    private final LongBuffer categorical;
    private int rows;

    public FeatureBatch(FeatureSchema schema, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a batch holds at least one row, not " + capacity);
        }
        this.capacity = capacity;
        this.numericWidth = schema.numericWidth();
        this.categoricalWidth = schema.categoricalWidth();
        this.numeric = direct((long) capacity * numericWidth * Float.BYTES).asFloatBuffer();
        this.categorical =
                direct((long) capacity * categoricalWidth * Long.BYTES).asLongBuffer();
    }

    private static ByteBuffer direct(long bytes) {
        return ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
    }

    public int capacity() {
        return capacity;
    }

    public int rows() {
        return rows;
    }

    public boolean isFull() {
        return rows == capacity;
    }

    public int numericWidth() {
        return numericWidth;
    }

    public int categoricalWidth() {
        return categoricalWidth;
    }

    /** Row-major {@code [capacity, numericWidth]}; the first {@link #rows()} rows are filled. NaN means missing. */
    public FloatBuffer numeric() {
        return numeric;
    }

    /** Row-major {@code [capacity, categoricalWidth]}; the first {@link #rows()} rows are filled. */
    public LongBuffer categorical() {
        return categorical;
    }

    public void clear() {
        rows = 0;
    }

    /** Begins a row and says its index; the caller fills every column of it. */
    int nextRow() {
        if (rows == capacity) {
            throw new IllegalStateException("the batch is full at " + capacity + " rows");
        }
        return rows++;
    }

    /** Declares that the first {@code count} rows have been filled through the buffers. */
    public void assume(int count) {
        if (count < 0 || count > capacity) {
            throw new IllegalArgumentException(count + " rows in a batch of " + capacity);
        }
        rows = count;
    }

    /** Appends row {@code row} of {@code other}, which has the same schema. */
    public void copyRow(FeatureBatch other, int row) {
        int at = nextRow();
        numeric.put(at * numericWidth, other.numeric, row * numericWidth, numericWidth);
        categorical.put(at * categoricalWidth, other.categorical, row * categoricalWidth, categoricalWidth);
    }
}
