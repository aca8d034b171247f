package io.headwater.learn.adapt;

import io.headwater.feature.FeatureBatch;
import io.headwater.feature.RowLayout;
import io.headwater.learn.RowStore;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;

/** The last rows of unlabelled traffic: the target domain as it is now. */
public final class TrafficWindow {
    private final RowStore rows;
    private int next;

    public TrafficWindow(RowLayout layout, int capacity) {
        this.rows = new RowStore(layout, capacity);
    }

    public int size() {
        return rows.size();
    }

    /** Takes the batch in; the oldest rows make room. */
    public void observe(FeatureBatch batch) {
        for (int row = Math.max(0, batch.rows() - rows.capacity()); row < batch.rows(); row++) {
            if (rows.size() < rows.capacity()) {
                rows.append(batch, row);
            } else {
                rows.set(next, batch, row);
                next = (next + 1) % rows.capacity();
            }
        }
    }

    /** Appends every row to {@code to}. */
    public void copyTo(FeatureBatch to) {
        for (int slot = 0; slot < rows.size(); slot++) {
            rows.copyTo(to, slot);
        }
    }

    public void write(StateWriter out) {
        out.integer(next);
        rows.write(out);
    }

    /** A window as it was written. */
    public record SavedWindow(int next, FeatureBatch rows) {
        public static SavedWindow read(StateReader in, RowLayout layout, int capacity) {
            return new SavedWindow(in.integer(0, capacity - 1), RowStore.read(in, layout, capacity));
        }
    }

    public void restore(SavedWindow saved) {
        rows.restore(saved.rows());
        next = saved.next();
    }
}
