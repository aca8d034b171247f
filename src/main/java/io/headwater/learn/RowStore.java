package io.headwater.learn;

import io.headwater.event.OwnerKeys;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.RowLayout;
import io.headwater.feature.RowTensor;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A bounded table of encoded rows, each with its key, that can be overwritten one by one and erased by their owners: what replay and
 * traffic windows are kept in.
 * Rows are kept as they were encoded, before scaling, so that they never go stale when the scaling moves. Their domains
 * are not kept.
 */
public final class RowStore {
    private final FeatureBatch rows;

    public RowStore(RowLayout layout, int capacity) {
        this.rows = new FeatureBatch(layout, capacity);
    }

    public int capacity() {
        return rows.capacity();
    }

    public int size() {
        return rows.rows();
    }

    /** Appends row {@code row} of {@code from}. */
    public void append(FeatureBatch from, int row) {
        rows.setValues(rows.nextRow(), from, row);
    }

    /** Overwrites the row in {@code slot}, which is filled. */
    public void set(int slot, FeatureBatch from, int row) {
        if (slot >= rows.rows()) {
            throw new IndexOutOfBoundsException("slot " + slot + " of " + rows.rows() + " rows");
        }
        rows.setValues(slot, from, row);
    }

    /** Appends the row in {@code slot} to {@code to}. */
    public void copyTo(FeatureBatch to, int slot) {
        to.copyRow(rows, slot);
    }

    /** See {@link FeatureBatch#erase}. */
    public int[] erase(OwnerKeys owners) {
        return rows.erase(owners);
    }

    public void write(StateWriter out) {
        write(rows, out);
    }

    /** Writes every row of {@code batch} with its key; {@link #read} takes them back. */
    public static void write(FeatureBatch batch, StateWriter out) {
        out.integer(batch.rows());
        long[] keys = new long[batch.rows()];
        for (int row = 0; row < keys.length; row++) {
            keys[row] = batch.key(row);
        }
        out.integers64(LongBuffer.wrap(keys), keys.length);
        for (int i = 0; i < batch.layout().tensors().size(); i++) {
            int count = batch.rows() * batch.width(i);
            if (batch.layout().tensors().get(i).isFloat()) {
                out.reals(batch.floats(i), count);
            } else {
                out.integers64(batch.longs(i), count);
            }
        }
    }

    /**
     * Rows as they were written, as a batch of their own.
     *
     * @throws IllegalArgumentException if the rows are not of {@code layout}, or hold an index it does not have
     */
    public static FeatureBatch read(StateReader in, RowLayout layout, int maxRows) {
        int size = in.integer(0, maxRows);
        long[] keys = in.integers64(size);
        // Read before memory is set aside: a damaged count must not decide how much.
        List<float[]> floats = new ArrayList<>();
        List<long[]> longs = new ArrayList<>();
        for (RowTensor tensor : layout.tensors()) {
            int count = Math.multiplyExact(size, tensor.width());
            floats.add(tensor.isFloat() ? in.reals(count) : new float[0]);
            longs.add(tensor.isFloat() ? new long[0] : checked(in.integers64(count), tensor));
        }
        FeatureBatch batch = new FeatureBatch(layout, Math.max(1, size));
        for (int i = 0; i < layout.tensors().size(); i++) {
            batch.floats(i).put(0, floats.get(i));
            batch.longs(i).put(0, longs.get(i));
        }
        batch.assume(size);
        for (int row = 0; row < size; row++) {
            batch.setKey(row, keys[row]);
        }
        return batch;
    }

    private static long[] checked(long[] values, RowTensor tensor) {
        for (long value : values) {
            if (value < 0 || value >= tensor.below()) {
                throw new IllegalArgumentException("a stored row of '" + tensor.name() + "' holds " + value + "; 0 to "
                        + (tensor.below() - 1) + " is allowed");
            }
        }
        return values;
    }

    /** Becomes {@code saved}, or as much of it as fits. */
    public void restore(FeatureBatch saved) {
        rows.clear();
        for (int row = 0; row < Math.min(saved.rows(), capacity()); row++) {
            rows.copyRow(saved, row);
        }
    }
}
