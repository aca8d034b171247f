package io.headwater.learn.adapt;

import io.headwater.feature.FeatureBatch;
import io.headwater.feature.RowLayout;
import io.headwater.learn.RowStore;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;

/** The last rows of unlabelled traffic: a target domain as it is now. */
final class TrafficWindow {
    private final RowStore rows;
    private int next;

    TrafficWindow(RowLayout layout, int capacity) {
        this.rows = new RowStore(layout, capacity);
    }

    int size() {
        return rows.size();
    }

    int capacity() {
        return rows.capacity();
    }

    /** Takes a row in; where there is no room, in the place of the oldest one. */
    void observe(FeatureBatch batch, int row) {
        if (rows.size() < rows.capacity()) {
            rows.append(batch, row);
        } else {
            rows.set(next, batch, row);
            next = (next + 1) % rows.capacity();
        }
    }

    /** Appends the row in {@code slot} to {@code to}. */
    void copyTo(FeatureBatch to, int slot) {
        rows.copyTo(to, slot);
    }

    void write(StateWriter out) {
        out.integer(next);
        rows.write(out);
    }

    /** A window as it was written. */
    record SavedWindow(int next, FeatureBatch rows) {
        static SavedWindow read(StateReader in, RowLayout layout, int maxRows) {
            return new SavedWindow(in.integer(0, maxRows - 1), RowStore.read(in, layout, maxRows));
        }
    }

    /** Becomes {@code saved}, or as much of it as fits. */
    void restore(SavedWindow saved) {
        rows.restore(saved.rows());
        next = saved.next() % rows.capacity();
    }
}
