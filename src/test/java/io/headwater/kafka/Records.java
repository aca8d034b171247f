package io.headwater.kafka;

import io.headwater.codec.JsonEventCodec;
import io.headwater.codec.RecordFields;
import io.headwater.serve.TinyModel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Writes and reads records of a broker's topics, for checks. */
final class Records {
    static final JsonEventCodec CODEC =
            new JsonEventCodec(TinyModel.SCHEMA.layout(), new RecordFields("id", "time", "label", null));

    private Records() {}

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A labelled record that {@link #CODEC} reads. */
    static byte[] labeled(String id, float x) {
        return utf8("{\"id\":\"" + id + "\",\"time\":1,\"y\":1,\"x\":" + x + ",\"label\":" + (x > 0 ? 1 : 0) + "}");
    }

    static KafkaClients clients(EmbeddedBroker broker) {
        return new KafkaClients(broker.bootstrapServers(), Map.of("metadata.max.age.ms", "200"));
    }

    /** Sends each value to {@code partition}, outside transactions. */
    static void send(EmbeddedBroker broker, String topic, int partition, List<byte[]> values) {
        try (KafkaProducer<byte[], byte[]> producer = producer(broker)) {
            values.forEach(value -> producer.send(new ProducerRecord<>(topic, partition, null, value)));
            producer.flush();
        }
    }

    static KafkaProducer<byte[], byte[]> producer(EmbeddedBroker broker) {
        return new KafkaProducer<>(Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "key.serializer",
                "org.apache.kafka.common.serialization.ByteArraySerializer",
                "value.serializer",
                "org.apache.kafka.common.serialization.ByteArraySerializer"));
    }

    /** Every committed record of the topic, partition after partition. */
    static List<ConsumerRecord<byte[], byte[]>> committed(EmbeddedBroker broker, String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = clients(broker).reader("check", 500)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(tp -> consumer.position(tp) < ends.getOrDefault(tp, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    /** Offsets of all the topic's partitions together, of open and aborted transactions too. */
    static long uncommittedEnd(EmbeddedBroker broker, String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            return consumer.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    /** Lets retention take everything of the partition before {@code offset}. */
    static void deleteBefore(EmbeddedBroker broker, String topic, int partition, long offset) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.deleteRecords(Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
        }
    }
}
