package io.headwater.kafka;

/**
 * Told about a scoring loop, batch by batch, on the loop's thread; it must neither block nor throw, for scores wait
 * behind it. A record counts once, in the transaction that made its score or dead letter visible:
 * {@code scored + refused} is every record that was taken in. Alert when {@link #aborted} goes on.
 */
public interface ScoringListener {
    /** Takes no notice of anything. */
    ScoringListener NONE = new ScoringListener() {};

    /**
     * A batch went through the model.
     *
     * @param rows its rows
     * @param version the version that scored them
     * @param nanos how long encoding, model and sending took
     */
    default void batch(int rows, long version, long nanos) {}

    /**
     * A transaction was committed; what it made is visible from now on.
     *
     * @param scored scores in it
     * @param refused dead letters in it
     * @param appendedMs when each of its records was appended to the events topic, epoch milliseconds: the first
     *     {@code scored + refused} entries; the array is used again after the call
     * @param committedMs when the commit returned, epoch milliseconds
     */
    default void committed(int scored, int refused, long[] appendedMs, long committedMs) {}

    /** A transaction was given up after {@code records} records, which will be scored again. */
    default void aborted(int records, String reason) {}

    /**
     * Told after each turn and at the loop's end.
     *
     * @param records in the loop's partitions that were not polled yet; after a failure all that have no answer. 0 where
     *     the loop has no partition
     */
    default void lag(long records) {}
}
