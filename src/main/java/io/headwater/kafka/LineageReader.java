package io.headwater.kafka;

import io.headwater.line.LineageLog;
import io.headwater.line.LineageRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The committed lineage of a model from some step on, in order, up to where it ended when the reading began. It fences
 * nobody: a ledger may read while the trainer writes. One thread owns it.
 */
public final class LineageReader implements LineageLog.Steps {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int MAX_IDLE_POLLS = 60;
    private static final int MAX_POLL_RECORDS = 2000;
    /** So many offsets are sooner read than halved: a poll brings about as many. */
    private static final int NEAR = MAX_POLL_RECORDS;

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final long sequence;
    private final long end;
    private final ArrayDeque<LineageRecord> ahead = new ArrayDeque<>();

    /** @param sequence the first step to read, 1 for all */
    public LineageReader(KafkaClients clients, String topic, long sequence) {
        this((Clients) clients, topic, sequence);
    }

    LineageReader(Clients clients, String topic, long sequence) {
        this.consumer = clients.replayer("headwater-lineage-reader-" + topic, MAX_POLL_RECORDS);
        this.partition = new TopicPartition(topic, 0);
        this.sequence = sequence;
        try {
            consumer.assign(List.of(partition));
            this.end = offset(consumer.endOffsets(List.of(partition)));
            consumer.seek(partition, search(offset(consumer.beginningOffsets(List.of(partition)))));
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    /**
     * An offset at most {@link #NEAR} before the first step to read, or its own. Sequences rise with the offsets, but
     * not as fast: each transaction leaves a marker, and so the distance grows with the age of the lineage.
     */
    private long search(long begin) {
        // A step takes at least one offset, so step n lies at offset n-1 or behind it.
        long from = Math.min(end, Math.max(begin, sequence - 1));
        long until = end;
        while (until - from > NEAR) {
            long middle = from + (until - from) / 2;
            consumer.seek(partition, middle);
            ConsumerRecord<byte[], byte[]> found = poll(until).stream()
                    .filter(record -> record.offset() < end)
                    .findFirst()
                    .orElse(null);
            if (found == null || found.offset() >= until || step(found).sequence() > sequence) {
                until = middle;
            } else {
                from = found.offset();
                if (step(found).sequence() == sequence) {
                    return from;
                }
            }
        }
        return from;
    }

    @Override
    public boolean hasNext() {
        while (ahead.isEmpty() && consumer.position(partition) < end) {
            for (ConsumerRecord<byte[], byte[]> record : poll(end)) {
                LineageRecord step = step(record);
                if (step.sequence() >= sequence && record.offset() < end) {
                    ahead.add(step);
                }
            }
        }
        return !ahead.isEmpty();
    }

    /** The next records; none where there are none up to {@code until}. */
    private List<ConsumerRecord<byte[], byte[]>> poll(long until) {
        for (int idle = 0; consumer.position(partition) < until; idle++) {
            if (idle == MAX_IDLE_POLLS) {
                throw new IllegalStateException(
                        "the broker delivers nothing of " + partition + " from " + consumer.position(partition));
            }
            List<ConsumerRecord<byte[], byte[]>> records = consumer.poll(POLL).records(partition);
            if (!records.isEmpty()) {
                return records;
            }
        }
        return List.of();
    }

    private LineageRecord step(ConsumerRecord<byte[], byte[]> record) {
        return LineageJson.read(
                Optional.ofNullable(record.value()).orElse(new byte[0]), partition + " offset " + record.offset());
    }

    @Override
    public LineageRecord next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the lineage in " + partition.topic() + " ends here");
        }
        return ahead.remove();
    }

    @Override
    public void close() {
        consumer.close();
    }

    private long offset(Map<TopicPartition, Long> offsets) {
        Long offset = offsets.get(partition);
        if (offset == null) {
            throw new IllegalStateException("the broker knows no offsets of " + partition);
        }
        return offset;
    }
}
