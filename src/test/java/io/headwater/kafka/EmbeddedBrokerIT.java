package io.headwater.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedBrokerIT {
    @TempDir
    Path directory;

    @Test
    void restart_inTheSameDirectory_keepsTopicsRecordsAndPort() throws Exception {
        String bootstrap;
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory)) {
            bootstrap = broker.bootstrapServers();
            broker.createTopic("kept", 3);
            broker.createTopic("kept", 3);
            try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", bootstrap), new StringSerializer(), new StringSerializer())) {
                producer.send(new ProducerRecord<>("kept", 1, "key", "value")).get();
            }
        }

        try (EmbeddedBroker broker = EmbeddedBroker.start(directory)) {
            assertThat(broker.bootstrapServers()).isEqualTo(bootstrap);
            try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                    Map.of("bootstrap.servers", bootstrap), new StringDeserializer(), new StringDeserializer())) {
                assertThat(consumer.partitionsFor("kept")).hasSize(3);
                TopicPartition one = new TopicPartition("kept", 1);
                consumer.assign(List.of(one));
                consumer.seekToBeginning(List.of(one));
                assertThat(consumer.poll(Duration.ofSeconds(20)))
                        .extracting(ConsumerRecord::value)
                        .containsExactly("value");
            }
        }
    }

    /** As a process leaves it that was killed while it wrote the port, before that was done by a rename. */
    @ParameterizedTest
    @ValueSource(strings = {"", "99999"})
    void portFile_thatIsBroken_isTakenForNone(String content) throws Exception {
        Files.writeString(directory.resolve("port"), content);

        try (EmbeddedBroker broker = EmbeddedBroker.start(directory)) {
            assertThat(broker.bootstrapServers()).isEqualTo("127.0.0.1:" + Files.readString(directory.resolve("port")));
        }
    }

    /** A broker says that a topic is made a moment before it knows of it. */
    @Test
    void topicThatIsMade_answersAtOnce() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory)) {
            for (int i = 0; i < 8; i++) {
                TopicPartition last = new TopicPartition("fresh-" + i, 1);
                broker.createTopic(last.topic(), 2);
                try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                    assertThat(admin.listOffsets(Map.of(last, OffsetSpec.latest()))
                                    .partitionResult(last)
                                    .get()
                                    .offset())
                            .isZero();
                }
            }
        }
    }

    @Test
    void start_onADirectoryInUse_saysSo() {
        try (EmbeddedBroker running = EmbeddedBroker.start(directory)) {
            assertThatThrownBy(() -> EmbeddedBroker.start(directory))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("lock");
            assertThat(running.bootstrapServers()).startsWith("127.0.0.1:");
        }
    }
}
