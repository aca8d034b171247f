package io.headwater.actors.app.demo;

import io.headwater.dataset.RecordedStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds out from the topics of a kept folder what earlier runs of the demo sent, so that the stream goes on where it
 * stopped and the ledger covers all runs.
 */
public final class PriorRuns {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private PriorRuns() {}

    /**
     * Reads both topics to their present ends and enters their records in the ledger.
     *
     * @param client bootstrap servers and whatever else the cluster needs
     * @return the stream after the last event found, with the labels that are still owed
     */
    public static RecordedStream recover(
            Map<String, ?> client, Replay.Topics topics, Scenario scenario, Ledger ledger) {
        RecordedStream fresh = scenario.stream();
        try (Consumer<byte[], byte[]> consumer = Audit.consumer(client)) {
            read(consumer, topics.events(), record -> slotOf(record, scenario, fresh), ledger::sent);
            read(consumer, topics.labels(), record -> slotOf(record, scenario, fresh), ledger::labeled);
        }
        long[] owed = ledger.sentWithoutLabel(fresh.firstEvent());
        return scenario.stream(ledger.nextSlot(), Arrays.stream(owed));
    }

    /** Negative for records of other producers, which have other keys, or none. */
    private static long slotOf(ConsumerRecord<byte[], byte[]> record, Scenario scenario, RecordedStream stream) {
        String id = scenario.idOf(record);
        return id == null ? -1 : stream.slotOf(id);
    }

    private static void read(
            Consumer<byte[], byte[]> consumer,
            String topic,
            ToLongFunction<ConsumerRecord<byte[], byte[]>> slotOf,
            LongConsumer found) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        long progressNs = System.nanoTime();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                progressNs = System.nanoTime();
            } else if (System.nanoTime() - progressNs > PATIENCE.toNanos()) {
                throw new IllegalStateException("topic " + topic + " cannot be read to its end at " + ends
                        + ": nothing came in " + PATIENCE.toSeconds() + " s");
            }
            for (ConsumerRecord<byte[], byte[]> record : records) {
                long slot = slotOf.applyAsLong(record);
                if (slot >= 0) {
                    found.accept(slot);
                }
            }
        }
    }
}
