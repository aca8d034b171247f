package io.headwater.kafka;

/** A topic that is being read: whole polled batches are handed over, one for each unit of credit. */
public interface Polling extends AutoCloseable {
    /** Lets {@code batches} more be handed over. */
    void grant(int batches);

    /** Records that are in the topic and were not polled yet, as of the last look at its end. */
    long lagRecords();

    /** Stops after the batch in hand. */
    @Override
    void close();
}
