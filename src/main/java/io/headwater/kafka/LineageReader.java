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
            // A step takes at least one offset, so step n lies at offset n-1 or behind it.
            long begin = offset(consumer.beginningOffsets(List.of(partition)));
            consumer.seek(partition, Math.min(end, Math.max(begin, sequence - 1)));
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    @Override
    public boolean hasNext() {
        for (int idle = 0; ahead.isEmpty() && consumer.position(partition) < end; idle++) {
            if (idle == MAX_IDLE_POLLS) {
                throw new IllegalStateException(
                        "the broker delivers nothing of " + partition + " from " + consumer.position(partition));
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(partition)) {
                LineageRecord step = LineageJson.read(
                        Optional.ofNullable(record.value()).orElse(new byte[0]),
                        partition + " offset " + record.offset());
                if (step.sequence() >= sequence && record.offset() < end) {
                    ahead.add(step);
                }
                idle = 0;
            }
        }
        return !ahead.isEmpty();
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
