package io.headwater.learn.retain;

import io.headwater.feature.FeatureBatch;
import io.headwater.feature.RowLayout;
import io.headwater.learn.RowStore;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import java.util.Arrays;

/** Labelled rows of the past, each with its label and the offset that it is learned against. */
public final class ReplayBuffer {
    /** Which rows of the past are kept. */
    public enum Keep {
        /** A uniform sample of all of them. */
        UNIFORM,
        /** The latest. */
        LATEST
    }

    /*
     * Vitter, Random Sampling with a Reservoir (ACM TOMS 1985), algorithm R: after n rows each of them is kept with
     * probability capacity / n.
     */
    private final Keep keep;
    private final RowStore rows;
    private final float[] labels;
    private final float[] offsets;
    private long seen;

    public ReplayBuffer(RowLayout layout, int capacity) {
        this(Keep.UNIFORM, layout, capacity);
    }

    public ReplayBuffer(Keep keep, RowLayout layout, int capacity) {
        this.keep = keep;
        this.rows = new RowStore(layout, capacity);
        this.labels = new float[capacity];
        this.offsets = new float[capacity];
    }

    public int size() {
        return rows.size();
    }

    /** Takes row {@code row} of {@code batch} in, perhaps in the place of another, perhaps not at all. */
    public void add(FeatureBatch batch, int row, float label, float offset, SeededRandom random) {
        seen++;
        int slot;
        if (rows.size() < rows.capacity()) {
            slot = rows.size();
            rows.append(batch, row);
        } else {
            long drawn = keep == Keep.LATEST ? (seen - 1) % rows.capacity() : random.nextLong(seen);
            if (drawn >= rows.capacity()) {
                return;
            }
            slot = (int) drawn;
            rows.set(slot, batch, row);
        }
        labels[slot] = label;
        offsets[slot] = offset;
    }

    public void copyTo(FeatureBatch to, int slot) {
        rows.copyTo(to, slot);
    }

    public float label(int slot) {
        return labels[slot];
    }

    public float offset(int slot) {
        return offsets[slot];
    }

    public void write(StateWriter out) {
        out.integer64(seen);
        rows.write(out);
        out.reals(Arrays.copyOf(labels, size()));
        out.reals(Arrays.copyOf(offsets, size()));
    }

    /** A buffer as it was written. */
    public record SavedReplay(long seen, FeatureBatch rows, float[] labels, float[] offsets) {
        public static SavedReplay read(StateReader in, RowLayout layout, int maxRows) {
            long seen = in.integer64();
            FeatureBatch rows = RowStore.read(in, layout, maxRows);
            if (seen < rows.rows()) {
                throw new IllegalArgumentException("replay of " + rows.rows() + " rows out of " + seen);
            }
            return new SavedReplay(seen, rows, in.reals(rows.rows()), in.reals(rows.rows()));
        }
    }

    /** Becomes {@code saved}; of a larger buffer as many rows as fit, which is again a uniform sample. */
    public void restore(SavedReplay saved) {
        rows.restore(saved.rows());
        System.arraycopy(saved.labels(), 0, labels, 0, rows.size());
        System.arraycopy(saved.offsets(), 0, offsets, 0, rows.size());
        seen = saved.seen();
    }
}
