package io.headwater.learn;

import io.headwater.feature.FeatureBatch;
import io.headwater.feature.FeatureSchema;

/**
 * A bounded table of encoded rows that can be overwritten one by one: what replay and traffic windows are kept in.
 * Rows are kept as they were encoded, before scaling, so that they never go stale when the scaling moves.
 */
public final class RowStore {
    private final FeatureBatch rows;

    public RowStore(FeatureSchema schema, int capacity) {
        this.rows = new FeatureBatch(schema, capacity);
    }

    public int capacity() {
        return rows.capacity();
    }

    public int size() {
        return rows.rows();
    }

    /** Appends row {@code row} of {@code from}. */
    public void append(FeatureBatch from, int row) {
        rows.copyRow(from, row);
    }

    /** Overwrites the row in {@code slot}, which is filled. */
    public void set(int slot, FeatureBatch from, int row) {
        if (slot >= rows.rows()) {
            throw new IndexOutOfBoundsException("slot " + slot + " of " + rows.rows() + " rows");
        }
        int numeric = rows.numericWidth();
        int categorical = rows.categoricalWidth();
        rows.numeric().put(slot * numeric, from.numeric(), row * numeric, numeric);
        rows.categorical().put(slot * categorical, from.categorical(), row * categorical, categorical);
    }

    /** Appends the row in {@code slot} to {@code to}. */
    public void copyTo(FeatureBatch to, int slot) {
        to.copyRow(rows, slot);
    }

    public void write(StateWriter out) {
        out.integer(size())
                .reals(rows.numeric(), size() * rows.numericWidth())
                .integers64(rows.categorical(), size() * rows.categoricalWidth());
    }

    /** Rows as they were written, to be checked before they replace a store's. */
    public record Saved(int size, float[] numeric, long[] categorical) {
        /** @throws IllegalArgumentException if the rows are not of {@code schema}, or hold an index it does not have */
        public static Saved read(StateReader in, FeatureSchema schema, int maxRows) {
            int size = in.integer(0, maxRows);
            Saved saved = new Saved(
                    size, in.reals(size * schema.numericWidth()), in.integers64(size * schema.categoricalWidth()));
            for (long bucket : saved.categorical) {
                if (bucket < 0 || bucket >= schema.buckets()) {
                    throw new IllegalArgumentException(
                            "a stored row holds bucket " + bucket + "; 0 to " + (schema.buckets() - 1) + " is allowed");
                }
            }
            return saved;
        }

        /** The rows as a batch of their own. */
        public FeatureBatch toBatch(FeatureSchema schema) {
            FeatureBatch batch = new FeatureBatch(schema, Math.max(1, size));
            batch.numeric().put(0, numeric);
            batch.categorical().put(0, categorical);
            batch.assume(size);
            return batch;
        }
    }

    /** Becomes {@code saved}, or as much of it as fits. */
    public void restore(Saved saved, FeatureSchema schema) {
        FeatureBatch batch = saved.toBatch(schema);
        rows.clear();
        for (int row = 0; row < Math.min(saved.size(), capacity()); row++) {
            rows.copyRow(batch, row);
        }
    }
}
