package io.headwater.actors.app.demo;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Counts the committed records of a topic by reading them. */
final class TopicCount {
    private static final Duration POLL = Duration.ofMillis(200);

    private TopicCount() {}

    /** @param client bootstrap servers and whatever else the cluster needs */
    static long committed(Map<String, ?> client, String topic) {
        long count = 0;
        try (Consumer<byte[], byte[]> consumer = Audit.consumer(client)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                count += consumer.poll(POLL).count();
            }
        }
        return count;
    }
}
