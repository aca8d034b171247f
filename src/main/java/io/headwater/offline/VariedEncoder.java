package io.headwater.offline;

import io.headwater.event.Event;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.RowEncoder;
import io.headwater.feature.RowLayout;

/** Varies rows as they are encoded, while it is told to. One thread owns it. */
final class VariedEncoder implements RowEncoder {
    /** Changes the row that was encoded last. */
    @FunctionalInterface
    interface Variation {
        Variation NONE = (batch, row) -> {};

        void apply(FeatureBatch batch, int row);
    }

    private final RowEncoder encoder;
    private final Variation variation;
    private boolean varying;

    /** @param encoder closed with this one */
    VariedEncoder(RowEncoder encoder, Variation variation) {
        this.encoder = encoder;
        this.variation = variation;
    }

    void vary(boolean on) {
        varying = on;
    }

    @Override
    public RowLayout layout() {
        return encoder.layout();
    }

    @Override
    public void encode(Event event, FeatureBatch batch) {
        encoder.encode(event, batch);
        if (varying) {
            variation.apply(batch, batch.rows() - 1);
        }
    }

    @Override
    public void close() {
        encoder.close();
    }
}
