package io.headwater.kafka;

import io.headwater.codec.DeadLetter;
import io.headwater.fault.KillPoint;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The open transaction of a scoring loop: scores and dead letters, and the offsets of the records that they answer. All
 * of it becomes visible at {@link #commit}, or none of it. A producer that can no longer tell what became of its
 * transaction is replaced: the new one of the same id has the broker end it one way or the other.
 */
final class ScoreTransaction implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final int COMMIT_ATTEMPTS = 2;
    private static final int FIRST_CAPACITY = 1024;

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final String scores;
    private final DeadLetterSink deadLetters;
    private final Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    private @Nullable Producer<byte[], byte[]> producer;
    private boolean open;
    private long openedNs;
    private int scored;
    private int refused;
    private long[] appendedMs = new long[FIRST_CAPACITY];

    ScoreTransaction(Supplier<Producer<byte[], byte[]>> producers, String scores, DeadLetterSink deadLetters) {
        this.producers = producers;
        this.scores = scores;
        this.deadLetters = deadLetters;
    }

    /** Gets a producer ready where there is none, which ends what an earlier one of the same id left open. */
    void prepare() {
        if (producer == null) {
            Producer<byte[], byte[]> next = producers.get();
            try {
                next.initTransactions();
            } catch (RuntimeException e) {
                next.close(Duration.ZERO);
                throw e;
            }
            producer = next;
        }
    }

    void begin(long nowNs) {
        if (!open) {
            producer().beginTransaction();
            open = true;
            openedNs = nowNs;
        }
    }

    void score(byte @Nullable [] key, byte[] value, long appendedAtMs) {
        count(appendedAtMs);
        scored++;
        producer().send(new ProducerRecord<>(scores, key, value));
    }

    void refuse(DeadLetter letter, long appendedAtMs) {
        count(appendedAtMs);
        refused++;
        deadLetters.send(producer(), letter);
    }

    /** Says how far the records that were answered go. */
    void cover(Map<TopicPartition, OffsetAndMetadata> next) {
        offsets.putAll(next);
    }

    void commit(ConsumerGroupMetadata group) {
        producer().sendOffsetsToTransaction(offsets, group);
        KillPoint.OFFSET_COMMIT.pass();
        for (int attempt = 1; ; attempt++) {
            try {
                producer().commitTransaction();
                return;
            } catch (TimeoutException e) {
                // The commit is under way; asking again waits for the same one.
                if (attempt == COMMIT_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Gives up what is open; throws only where another producer has taken this one's id. */
    void abort() {
        if (open && producer != null) {
            try {
                producer.abortTransaction();
            } catch (RuntimeException e) {
                producer.close(Duration.ZERO);
                producer = null;
                if (Failures.find(e, ProducerFencedException.class).isPresent()) {
                    throw e;
                }
            }
        }
        clear();
    }

    /** Forgets the transaction that ended. */
    void clear() {
        open = false;
        offsets.clear();
        scored = 0;
        refused = 0;
    }

    boolean isOpen() {
        return open;
    }

    long openedNs() {
        return openedNs;
    }

    int scored() {
        return scored;
    }

    int refused() {
        return refused;
    }

    int records() {
        return scored + refused;
    }

    /** When each record was appended to the events topic; the first {@link #records} entries. */
    long[] appendedMs() {
        return appendedMs;
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close(CLOSE);
            producer = null;
        }
    }

    private void count(long appendedAtMs) {
        if (records() == appendedMs.length) {
            appendedMs = Arrays.copyOf(appendedMs, 2 * appendedMs.length);
        }
        appendedMs[records()] = appendedAtMs;
    }

    private Producer<byte[], byte[]> producer() {
        return Objects.requireNonNull(producer, "prepare() comes first");
    }
}
