package io.headwater.feature;

/** Where the rows of one model come from. Safe to share; everyone who needs rows takes a featurizer of their own. */
public interface RowSource extends AutoCloseable {
    /** What the rows are. */
    RowLayout layout();

    /**
     * Rows for scoring: an event's row is right to float accuracy whatever else is in the batch.
     *
     * @param capacity the most rows of a batch
     */
    Featurizer featurizer(int capacity);

    /**
     * Rows for training: the same events in the same order give the same bits.
     *
     * @param capacity the most rows of a batch, at least
     */
    Featurizer repeatable(int capacity);

    @Override
    void close();

    /** Rows just as {@code encoder} makes them; it is closed with the source. */
    static RowSource of(RowEncoder encoder) {
        return new RowSource() {
            @Override
            public RowLayout layout() {
                return encoder.layout();
            }

            @Override
            public Featurizer featurizer(int capacity) {
                return new EncodedRows(encoder, capacity);
            }

            @Override
            public Featurizer repeatable(int capacity) {
                return featurizer(capacity);
            }

            @Override
            public void close() {
                encoder.close();
            }
        };
    }
}
