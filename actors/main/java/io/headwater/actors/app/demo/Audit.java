package io.headwater.actors.app.demo;

import io.headwater.codec.Decoded;
import io.headwater.codec.ScoreCodec;
import io.headwater.event.Score;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the scores topic from its beginning as any other program would, committed records only and outside every group,
 * and enters each score of a replayed event in a book. It shares nothing with the service. Its thread is its own.
 */
public final class Audit implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    /** Where scores are entered; the audit's thread calls it. */
    interface Book {
        /**
         * A score has become visible.
         *
         * @param probability what it says
         * @param recordMs timestamp of its record: when the scorer sent it
         */
        void scored(long slot, float probability, long recordMs, long nowNs);
    }

    private final Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final ScoreCodec codec;
    private final ToLongFunction<String> slotOf;
    private final Book book;
    private final Thread thread = new Thread(this::run, "headwater-demo-audit");
    private final Map<Integer, Long> versionOfPartition = new HashMap<>();

    private volatile boolean stopped;
    private volatile long version;
    private volatile long versions;
    private volatile long versionsBack;
    private volatile @Nullable Throwable failure;

    /**
     * @param consumer as {@link #consumer} makes it; closed at the end
     * @param codec the audit's own: it is not shared between threads
     * @param slotOf the slot of a replayed event by its id, negative for any other
     */
    public Audit(
            Consumer<byte[], byte[]> consumer,
            String topic,
            ScoreCodec codec,
            ToLongFunction<String> slotOf,
            Book book) {
        this.consumer = consumer;
        this.topic = topic;
        this.codec = codec;
        this.slotOf = slotOf;
        this.book = book;
    }

    /** @param client bootstrap servers and whatever else the cluster needs */
    public static Consumer<byte[], byte[]> consumer(Map<String, ?> client) {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", false);
        settings.put("auto.offset.reset", "earliest");
        settings.put("max.poll.records", 10_000);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    public void start() {
        thread.start();
    }

    private void run() {
        try (consumer) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!stopped) {
                take(consumer.poll(POLL));
            }
        } catch (WakeupException e) {
            // stop() woke the poll
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private void take(ConsumerRecords<byte[], byte[]> records) {
        long nowNs = System.nanoTime();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (codec.decode(record.value()) instanceof Decoded.Ok<Score> ok) {
                take(ok.value(), record, nowNs);
            }
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes, others read
    private void take(Score score, ConsumerRecord<byte[], byte[]> record, long nowNs) {
        Long before = versionOfPartition.put(record.partition(), score.version());
        if (before != null && score.version() < before) {
            versionsBack++;
        }
        if (score.version() > version) {
            version = score.version();
            versions++;
        }
        long slot = slotOf.applyAsLong(score.id());
        if (slot >= 0) {
            book.scored(slot, score.score(), record.timestamp(), nowNs);
        }
    }

    /** Stops reading; what was read stays counted. */
    public void stop() throws InterruptedException {
        stopped = true;
        consumer.wakeup();
        thread.join();
    }

    /** {@link #stop} that gives up waiting when it is interrupted. */
    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The newest version that scored, 0 before the first score. */
    public long version() {
        return version;
    }

    /** How many versions have scored, each newer than those before it. */
    public long versions() {
        return versions;
    }

    /** How often, within a partition, a score was of an older version than the one before it. */
    public long versionsBack() {
        return versionsBack;
    }

    /** Why the audit ended by itself, null if it did not. */
    public @Nullable Throwable failure() {
        return failure;
    }
}
