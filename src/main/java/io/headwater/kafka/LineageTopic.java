package io.headwater.kafka;

import io.headwater.codec.DeadLetter;
import io.headwater.fault.KillPoint;
import io.headwater.line.LineageLog;
import io.headwater.line.LineageRecord;
import io.headwater.line.TrainerFencedException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * The lineage of one model in a topic: a transaction holds the records with the dead letters of their inputs, and
 * opening it fences whoever wrote the model's lineage before.
 */
public final class LineageTopic implements LineageLog {
    /** One partition, because the lineage of a model is one sequence. */
    public static final int PARTITIONS = 1;

    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration CLOSE = Duration.ofSeconds(10);
    private static final int COMMIT_ATTEMPTS = 3;

    private final Clients clients;
    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final String model;
    private final byte[] key;
    private final DeadLetterSink deadLetters;
    private boolean open;
    private boolean failed;

    /**
     * Opens the lineage of {@code model} for writing.
     *
     * @param topic exists, with one partition, and keeps its records for ever ({@link KafkaClients#KEEP_FOREVER})
     */
    public LineageTopic(KafkaClients clients, String topic, String model, DeadLetterSink deadLetters) {
        this((Clients) clients, topic, model, deadLetters);
    }

    LineageTopic(Clients clients, String topic, String model, DeadLetterSink deadLetters) {
        this.clients = clients;
        this.topic = topic;
        this.model = model;
        this.key = model.getBytes(StandardCharsets.UTF_8);
        this.deadLetters = deadLetters;
        String id = "headwater-train-" + model;
        this.producer = clients.transactional(id, id, TRANSACTION_TIMEOUT);
        try {
            producer.initTransactions();
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw new StreamStoppedException(
                    "the lineage of model " + model + " cannot be opened: " + Failures.describe(e), e);
        }
    }

    /**
     * Adds a step and the refused records of its input to what the next {@link #flush} makes visible.
     *
     * @throws TrainerFencedException if another process trains this model now
     * @throws StreamStoppedException if the broker cannot take it
     */
    @Override
    public void append(LineageRecord record, List<DeadLetter> refused) {
        guarded(() -> {
            if (!open) {
                producer.beginTransaction();
                open = true;
            }
            producer.send(new ProducerRecord<>(topic, 0, key, LineageJson.write(record)));
            refused.forEach(letter -> deadLetters.send(producer, letter));
            return record;
        });
    }

    /**
     * Makes everything appended visible at once, and returns when it is kept.
     *
     * @throws TrainerFencedException if another process trains this model now; nothing was written
     * @throws StreamStoppedException if the broker did not answer; whether it was written is only known from reading
     */
    @Override
    public void flush() {
        if (open) {
            guarded(() -> {
                KillPoint.LINEAGE_FLUSH.pass();
                commit();
                KillPoint.LINEAGE_FLUSHED.pass();
                return open = false;
            });
        }
    }

    /** The committed steps from {@code sequence} on, in order, for recovery. */
    @Override
    public LineageReader readFrom(long sequence) {
        return new LineageReader(clients, topic, sequence);
    }

    /** Drops what was appended and not flushed. */
    @Override
    public void close() {
        try {
            if (open && !failed) {
                producer.abortTransaction();
            }
        } catch (RuntimeException e) {
            // The broker aborts it at the timeout, or when the next writer opens.
            failed = true;
        } finally {
            open = false;
            producer.close(failed ? Duration.ZERO : CLOSE);
        }
    }

    private void commit() {
        for (int attempt = 1; ; attempt++) {
            try {
                producer.commitTransaction();
                return;
            } catch (TimeoutException e) {
                // The commit is under way; asking again waits for the same one.
                if (attempt == COMMIT_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** A stale epoch alone may come from a transaction that took too long; the abort tells which it is. */
    private boolean isFenced(RuntimeException e) {
        if (Failures.find(e, InvalidProducerEpochException.class).isPresent()) {
            try {
                producer.abortTransaction();
            } catch (RuntimeException atAbort) {
                return Failures.find(atAbort, ProducerFencedException.class).isPresent();
            }
        }
        return Failures.find(e, ProducerFencedException.class).isPresent();
    }

    private <T> T guarded(Supplier<T> step) {
        if (failed) {
            throw new IllegalStateException("the lineage of model " + model + " failed before and is closed");
        }
        try {
            return step.get();
        } catch (RuntimeException e) {
            failed = true;
            if (isFenced(e)) {
                throw new TrainerFencedException(
                        "another process trains model " + model + " now; this one stops training and only serves", e);
            }
            throw new StreamStoppedException(
                    "the lineage of model " + model + " cannot be written to topic " + topic + ": "
                            + Failures.describe(e),
                    e);
        }
    }
}
