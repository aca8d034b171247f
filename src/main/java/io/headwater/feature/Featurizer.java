package io.headwater.feature;

import io.headwater.event.Event;

/**
 * The way from events to the rows that a changing model reads. What never changes is done here, once for every model
 * that reads the rows: encoding, and on a backbone its frozen part. One thread owns it.
 */
public interface Featurizer extends AutoCloseable {
    /** What the rows are. */
    default RowLayout layout() {
        return batch().layout();
    }

    /** Always the same batch; its rows are those of the events that were added before {@link #run}. */
    FeatureBatch batch();

    /**
     * Takes one event in.
     *
     * @throws IllegalStateException if the batch is full
     */
    void add(Event event);

    /** How many events were added since {@link #clear}. */
    int added();

    /** Makes the rows of all events that were added. */
    void run();

    /** Forgets all events and their rows. */
    void clear();

    /** Takes events in and makes their rows, in place of the ones before. */
    default void encode(Iterable<Event> events) {
        clear();
        events.forEach(this::add);
        run();
    }

    @Override
    void close();
}
