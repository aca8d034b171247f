package io.headwater.kafka;

import io.headwater.codec.DeadLetter;
import io.headwater.codec.Decoded;
import io.headwater.codec.EventCodec;
import io.headwater.codec.ScoreCodec;
import io.headwater.event.Event;
import io.headwater.event.Partition;
import io.headwater.serve.Scorer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/** Answers polled records in the open transaction: each with a score, or with a dead letter that says why not. */
final class RecordScoring implements AutoCloseable {
    private final ScoringSettings settings;
    private final EventCodec codec;
    private final ScoreCodec scoreCodec;
    private final Scorer scorer;
    private final ScoreTransaction transaction;
    private final ScoringListener listener;
    private final List<Event> events = new ArrayList<>();
    private final List<ConsumerRecord<byte[], byte[]>> rows = new ArrayList<>();

    RecordScoring(
            ScoringSettings settings,
            EventCodec codec,
            Scorer scorer,
            ScoreTransaction transaction,
            ScoringListener listener) {
        this.settings = settings;
        this.codec = codec;
        this.scoreCodec = settings.format().codec();
        this.scorer = scorer;
        this.transaction = transaction;
        this.listener = listener;
    }

    /** Scores what was polled and sends the answers; when it returns, nothing of it waits for a model any more. */
    void score(ConsumerRecords<byte[], byte[]> polled) {
        for (TopicPartition tp : polled.partitions()) {
            Partition partition = new Partition(tp.topic(), tp.partition());
            for (ConsumerRecord<byte[], byte[]> record : polled.records(tp)) {
                Decoded<Event> decoded = codec.event(record.value());
                if (decoded instanceof Decoded.Ok<Event> ok) {
                    scorer.add(ok.value());
                    events.add(ok.value());
                    rows.add(record);
                    if (scorer.isFull()) {
                        scoreRows();
                    }
                } else if (decoded instanceof Decoded.Refused<Event> no) {
                    refuse(partition, record, DeadLetter.DECODING, no.reason(), no.cause());
                }
            }
        }
        scoreRows();
        transaction.cover(polled.nextOffsets());
    }

    private void scoreRows() {
        if (rows.isEmpty()) {
            return;
        }
        long begin = System.nanoTime();
        long version = scorer.score();
        for (int row = 0; row < rows.size(); row++) {
            Event event = events.get(row);
            ConsumerRecord<byte[], byte[]> record = rows.get(row);
            float score = scorer.probability(row);
            if (Float.isFinite(score)) {
                byte[] key = record.key() == null ? event.id().getBytes(StandardCharsets.UTF_8) : record.key();
                byte[] value = scoreCodec.encode(event.id(), event.timeMs(), settings.model(), version, score);
                transaction.score(key, value, record.timestamp());
            } else {
                refuse(
                        new Partition(record.topic(), record.partition()),
                        record,
                        DeadLetter.SCORING,
                        "version " + version + " of model " + settings.model() + " gives " + score + " for event "
                                + event.id() + "; a finite number is needed",
                        ArithmeticException.class);
            }
        }
        listener.batch(rows.size(), version, System.nanoTime() - begin);
        clear();
    }

    private void refuse(
            Partition partition,
            ConsumerRecord<byte[], byte[]> record,
            String stage,
            String reason,
            Class<? extends Exception> cause) {
        transaction.refuse(
                new DeadLetter(
                        partition,
                        record.offset(),
                        record.key(),
                        record.value(),
                        PolledRecord.headers(record.headers()),
                        stage,
                        reason,
                        cause.getName()),
                record.timestamp());
    }

    /** Forgets records that wait for a model. */
    void clear() {
        scorer.clear();
        events.clear();
        rows.clear();
    }

    @Override
    public void close() {
        scorer.close();
    }
}
