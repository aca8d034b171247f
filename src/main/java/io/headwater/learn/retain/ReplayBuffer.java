package io.headwater.learn.retain;

import io.headwater.event.OwnerKeys;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.RowLayout;
import io.headwater.learn.RowStore;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import java.util.Arrays;

/** Labelled rows of the past, each with its key, its label and the offset that it is learned against. */
public final class ReplayBuffer {
    /** Which rows of the past are kept. */
    public enum Keep {
        /** A uniform sample of all of them. */
        UNIFORM,
        /** The latest. */
        LATEST,
        /** As many of one class as of the other; offsets make up for it. */
        CLASS_BALANCED,
        /** As many of each age, where each age is twice as long as the one after it. */
        AGE_STRATIFIED
    }

    /** Of a row beside its values: its key, its label and offset, and its place in the books, of two classes at the most. */
    private static final int BESIDE_BYTES = Long.BYTES + 2 * Float.BYTES + 2 * Integer.BYTES;

    private final Keep keep;
    private final RowStore rows;
    private final float[] labels;
    private final float[] offsets;
    private Places places;
    private long seen;

    public ReplayBuffer(RowLayout layout, int capacity) {
        this(Keep.UNIFORM, layout, capacity);
    }

    public ReplayBuffer(Keep keep, RowLayout layout, int capacity) {
        this.keep = keep;
        this.rows = new RowStore(layout, capacity);
        this.labels = new float[capacity];
        this.offsets = new float[capacity];
        this.places = Places.of(keep, capacity);
    }

    /** How many rows a buffer has room for in {@code bytes}, all told: at least {@code least} and at most {@code most}. */
    public static int rowsIn(RowLayout layout, long bytes, int least, int most) {
        return (int) Math.max(least, Math.min(most, bytes / (layout.rowBytes() + BESIDE_BYTES)));
    }

    public int size() {
        return rows.size();
    }

    /** Rows that were taken in so far, kept or not. */
    public long seen() {
        return seen;
    }

    /** Takes row {@code row} of {@code batch} in, perhaps in the place of another, perhaps not at all. */
    public void add(FeatureBatch batch, int row, float label, float offset, SeededRandom random) {
        seen++;
        int slot = places.next(rows.size(), label == 1, random);
        if (slot == Places.NONE) {
            return;
        }
        if (slot == rows.size()) {
            rows.append(batch, row);
        } else {
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

    /** What the row is learned against: its own offset, and what its class is kept more often than it came. */
    public float offset(int slot) {
        return offsets[slot] + places.shift();
    }

    /**
     * Takes out the rows of some owners: nothing of them is left, neither here nor in what {@link #write} writes. The
     * buffer is smaller by them until other rows come.
     *
     * @return rows erased
     */
    public int erase(OwnerKeys owners) {
        int before = rows.size();
        int[] moved = rows.erase(owners);
        int erased = before - rows.size();
        if (erased > 0) {
            for (int slot = 0; slot < before; slot++) {
                if (moved[slot] != FeatureBatch.GONE) {
                    labels[moved[slot]] = labels[slot];
                    offsets[moved[slot]] = offsets[slot];
                }
            }
            Arrays.fill(labels, rows.size(), before, 0);
            Arrays.fill(offsets, rows.size(), before, 0);
            places.erased(moved);
        }
        return erased;
    }

    public void write(StateWriter out) {
        out.integer(keep.ordinal()).integer(rows.capacity()).integer64(seen);
        rows.write(out);
        out.reals(Arrays.copyOf(labels, size()));
        out.reals(Arrays.copyOf(offsets, size()));
        long[] state = places.state();
        out.integer(state.length);
        for (long value : state) {
            out.integer64(value);
        }
    }

    /** A buffer as it was written. */
    public static final class SavedReplay {
        private final Keep keep;
        private final int capacity;
        private final long seen;
        private final FeatureBatch rows;
        private final float[] labels;
        private final float[] offsets;
        private final Places places;

        private SavedReplay(StateReader in, RowLayout layout, int maxRows) {
            keep = Keep.values()[in.integer(0, Keep.values().length - 1)];
            capacity = in.integer(1, maxRows);
            seen = in.integer64();
            rows = RowStore.read(in, layout, capacity);
            if (seen < rows.rows()) {
                throw new IllegalArgumentException("replay of " + rows.rows() + " rows out of " + seen);
            }
            labels = in.reals(rows.rows());
            offsets = in.reals(rows.rows());
            long[] state = new long[in.integer(0, 64 + 2 * rows.rows())];
            for (int i = 0; i < state.length; i++) {
                state[i] = in.integer64();
            }
            places = Places.of(keep, capacity);
            places.restore(state, rows.rows());
        }

        /** @throws IllegalArgumentException if there is no buffer of at most {@code maxRows} rows */
        public static SavedReplay read(StateReader in, RowLayout layout, int maxRows) {
            return new SavedReplay(in, layout, maxRows);
        }
    }

    /**
     * Becomes {@code saved}, which is to be used once. Of one that kept other rows, or more or fewer of them, it takes
     * over as many rows as fit.
     */
    public void restore(SavedReplay saved) {
        rows.restore(saved.rows);
        System.arraycopy(saved.labels, 0, labels, 0, rows.size());
        System.arraycopy(saved.offsets, 0, offsets, 0, rows.size());
        seen = saved.seen;
        if (saved.keep == keep && saved.capacity == rows.capacity()) {
            places = saved.places;
        } else {
            places.adopt(labels, rows.size(), seen);
        }
    }
}
