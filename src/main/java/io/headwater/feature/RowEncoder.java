package io.headwater.feature;

import io.headwater.event.Event;

/** Turns one event into one row. Holds no state that an event changes: safe to share. */
public interface RowEncoder extends AutoCloseable {
    /** What the rows are. */
    RowLayout layout();

    /**
     * Appends {@code event} as one row.
     *
     * @param batch of {@link #layout}
     * @throws IllegalStateException if the batch is full
     * @throws IllegalArgumentException if the event is of another layout
     */
    void encode(Event event, FeatureBatch batch);

    /** Lets go of native memory, where there is any. */
    @Override
    default void close() {}
}
