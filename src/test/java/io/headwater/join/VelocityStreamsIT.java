package io.headwater.join;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.codec.Decoded;
import io.headwater.codec.JsonEventCodec;
import io.headwater.codec.RecordFields;
import io.headwater.dataset.FraudGenerator;
import io.headwater.dataset.FraudPattern;
import io.headwater.dataset.FraudSettings;
import io.headwater.event.Event;
import io.headwater.kafka.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The topology on a real broker: stopped in between, and with its stores lost. */
@Timeout(180)
class VelocityStreamsIT {
    private static final VelocityFeatures FEATURES = new VelocityFeatures(VelocitySettings.DEFAULT);
    private static final long DELAY_MS = Duration.ofDays(7).toMillis();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    @SuppressWarnings("NullAway.Init") // by start
    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(folder.resolve("broker"));
        for (String topic : List.of("payments", "events", "refused")) {
            broker.createTopic(topic, 1);
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private record Waiting(byte[] value, long timeMs, int terminal, boolean fraud) {}

    /** Payments and labels in their order, and what the core makes of the payments. */
    private static List<byte[]> stream(Map<String, float[]> expected) {
        FraudGenerator generator = new FraudGenerator(new FraudSettings(
                40, 60, 15, 2, LocalDate.of(2024, 1, 1), FraudPattern.HANDBOOK.scaled(.1, .1), List.of()));
        Velocity velocity = new Velocity(FEATURES, 40, 60);
        Queue<Waiting> waiting = new ArrayDeque<>();
        List<byte[]> records = new ArrayList<>();
        for (generator.next(); generator.day() < 50; generator.next()) {
            for (; !waiting.isEmpty() && waiting.element().timeMs() + DELAY_MS <= generator.timeMs(); ) {
                Waiting due = waiting.remove();
                velocity.confirmed(due.terminal(), due.timeMs(), due.fraud());
                records.add(due.value());
            }
            String payment = "{\"id\":\"p" + generator.number() + "\",\"time\":" + generator.timeMs() + ",\"card\":"
                    + generator.card() + ",\"terminal\":" + generator.terminal() + ",\"amount\":" + generator.amount();
            byte[] label = (payment + ",\"label\":" + (generator.isFraud() ? 1 : 0) + "}").getBytes(UTF_8);
            waiting.add(new Waiting(label, generator.timeMs(), generator.terminal(), generator.isFraud()));
            records.add((payment + "}").getBytes(UTF_8));
            float[] out = new float[FEATURES.width()];
            velocity.paid(generator.card(), generator.terminal(), generator.timeMs(), generator.amount(), out);
            expected.put("p" + generator.number(), out);
        }
        return records;
    }

    private static VelocityStreams running(String state) throws InterruptedException {
        VelocityStreams streams = VelocityStreams.start(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                FEATURES,
                new VelocityStreams.Settings(
                        "velocity",
                        new VelocityTopology.Topics(Set.of("payments"), Set.of(), "events"),
                        "refused",
                        folder.resolve(state),
                        Duration.ofMillis(20)));
        assertThat(streams.awaitRunning(PATIENCE)).as("%s", streams.failure()).isTrue();
        return streams;
    }

    @Test
    void payments_throughAStopAndTheLossOfTheStores_becomeEventsExactlyOnce() throws Exception {
        Map<String, float[]> expected = new LinkedHashMap<>();
        List<byte[]> records = stream(expected);
        int third = records.size() / 3;

        try (VelocityStreams first = running("state")) {
            send(records.subList(0, third));
            send(List.of("no payment".getBytes(UTF_8)));
            // Stopped with records under way.
            await("events", 10);
            assertThat(first.failure()).isNull();
        }
        send(records.subList(third, 2 * third));
        try (VelocityStreams second = running("state")) {
            assertThat(second.awaitCaughtUp(PATIENCE))
                    .as("%s", second.failure())
                    .isTrue();
            assertThat(second.failure()).isNull();
        }
        // The stores are gone: they are read again from the changelogs.
        try (VelocityStreams last = running("elsewhere")) {
            send(records.subList(2 * third, records.size()));
            List<ConsumerRecord<String, byte[]>> events = await("events", expected.size());
            assertThat(last.failure()).isNull();
            assertThat(events).extracting(ConsumerRecord::key).containsExactlyElementsOf(expected.keySet());
            JsonEventCodec codec =
                    new JsonEventCodec(FEATURES.layout(), new RecordFields("id", "time", "label", "label_time"));
            for (ConsumerRecord<String, byte[]> event : events) {
                assertThat(((Decoded.Ok<Event>) codec.event(event.value()))
                                .value()
                                .numeric())
                        .as("features of %s", event.key())
                        .isEqualTo(expected.get(event.key()));
            }
        }
        assertThat(await("refused", 1)).extracting(ConsumerRecord::value).containsExactly("no payment".getBytes(UTF_8));
    }

    private static void send(List<byte[]> records) throws Exception {
        AtomicReference<Exception> failed = new AtomicReference<>();
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "acks", "all"),
                new StringSerializer(),
                new ByteArraySerializer())) {
            for (byte[] record : records) {
                producer.send(new ProducerRecord<>("payments", record), (metadata, error) -> {
                    if (error != null) {
                        failed.set(error);
                    }
                });
            }
        }
        assertThat(failed.get()).isNull();
    }

    /** All committed records of a topic, once there are {@code count}. */
    private static List<ConsumerRecord<String, byte[]>> await(String topic, int count) {
        List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long endNs = System.nanoTime() + PATIENCE.toNanos();
            while (found.size() < count && System.nanoTime() < endNs) {
                consumer.poll(Duration.ofMillis(100)).forEach(found::add);
            }
        }
        assertThat(found).hasSizeGreaterThanOrEqualTo(count);
        return found;
    }
}
