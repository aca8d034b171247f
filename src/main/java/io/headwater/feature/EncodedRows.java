package io.headwater.feature;

import io.headwater.event.Event;

/** Rows just as an encoder makes them. */
public final class EncodedRows implements Featurizer {
    private final RowEncoder encoder;
    private final FeatureBatch batch;

    /** @param capacity the most rows of a batch */
    public EncodedRows(RowEncoder encoder, int capacity) {
        this.encoder = encoder;
        this.batch = new FeatureBatch(encoder.layout(), capacity);
    }

    @Override
    public FeatureBatch batch() {
        return batch;
    }

    @Override
    public void add(Event event) {
        encoder.encode(event, batch);
        batch.setDomain(batch.rows() - 1, event.domain());
        batch.setOwner(batch.rows() - 1, event.owner());
    }

    @Override
    public int added() {
        return batch.rows();
    }

    @Override
    public void run() {
        // Each row was made when its event was added.
    }

    @Override
    public void clear() {
        batch.clear();
    }

    @Override
    public void close() {
        // Holds memory alone.
    }
}
