package io.headwater.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.headwater.Prerequisite;
import io.headwater.codec.Decoded;
import io.headwater.codec.JsonEventCodec;
import io.headwater.codec.RecordFields;
import io.headwater.codec.ScoreCodec;
import io.headwater.event.Score;
import io.headwater.feature.EncodedRows;
import io.headwater.feature.FeatureEncoder;
import io.headwater.kafka.KafkaClients;
import io.headwater.kafka.ScoringListener;
import io.headwater.kafka.ScoringLoop;
import io.headwater.kafka.ScoringSettings;
import io.headwater.kafka.StreamStoppedException;
import io.headwater.serve.ModelSlot;
import io.headwater.serve.Scorer;
import io.headwater.serve.ServedModel;
import io.headwater.serve.TinyModel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/** What scores on the embedded broker scores on the official image too. */
@Tag("containers")
final class KafkaContainerIT {
    private static final KafkaContainer KAFKA =
            new KafkaContainer("apache/kafka:4.3.1").withStartupTimeout(Duration.ofSeconds(90));
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PARTITIONS = 2;
    private static final int EVENTS = 1_000;

    private final Queue<StreamStoppedException> failures = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void start() {
        Prerequisite.require(
                DockerClientFactory.instance().isDockerAvailable(), KafkaContainerIT.class, "no Docker engine answers");
        KAFKA.start();
    }

    @AfterAll
    static void stop() {
        KAFKA.stop();
    }

    @Test
    void events_areScoredOnce_throughASwapAndARestart() {
        KafkaClients clients = new KafkaClients(KAFKA.getBootstrapServers(), Map.of());
        for (String topic : List.of("events", "scores", "dead")) {
            clients.createTopic(topic, PARTITIONS, 1, Map.of());
        }
        byte[] broken = "{\"id\":\"broken".getBytes(StandardCharsets.UTF_8);
        try (ModelSlot slot = new ModelSlot()) {
            slot.swap(version(1));
            send(0, EVENTS / 2, broken);
            try (ScoringLoop first = loop(clients, slot)) {
                await().atMost(PATIENCE).until(() -> committed("scores").size() >= 1);
                slot.swap(version(2));
            }
            send(EVENTS / 2, EVENTS, broken);
            try (ScoringLoop second = loop(clients, slot)) {
                await().atMost(PATIENCE).until(() -> committed("scores").size() >= EVENTS);
                await().atMost(PATIENCE).until(() -> committed("dead").size() >= 2);
            }
        }

        List<Score> scores = scores();
        assertThat(scores)
                .extracting(Score::id)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, EVENTS).mapToObj(n -> "e" + n).toList());
        assertThat(scores).extracting(Score::version).contains(1L, 2L);
        assertThat(scores)
                .allSatisfy(score -> assertThat(score.score())
                        .isCloseTo(
                                TinyModel.expected(
                                        x(Integer.parseInt(
                                                score.id(), 1, score.id().length(), 10)),
                                        score.version()),
                                within(1e-6f)));
        assertThat(committed("dead")).extracting(ConsumerRecord::value).containsExactly(broken, broken);
        assertThat(failures).isEmpty();
    }

    private ScoringLoop loop(KafkaClients clients, ModelSlot slot) {
        return ScoringLoop.start(
                clients,
                new ScoringSettings(
                        "tiny", "tiny", "0", "events", "scores", "dead", ScoreCodec.Format.JSON, Duration.ofMillis(10)),
                new JsonEventCodec(TinyModel.SCHEMA.layout(), new RecordFields("id", "time", "label", "label_time")),
                new Scorer(new EncodedRows(new FeatureEncoder(TinyModel.SCHEMA), 16), slot),
                ScoringListener.NONE,
                InstantSource.system(),
                failures::add);
    }

    private static ServedModel version(long version) {
        return ServedModel.load("tiny", version, TinyModel.onnx(version), TinyModel.SCHEMA.rows());
    }

    private static float x(int event) {
        return event % 7 - 3;
    }

    private static void send(int from, int until, byte[] broken) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", KAFKA.getBootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>("events", 0, null, broken));
            for (int n = from; n < until; n++) {
                String event = "{\"id\":\"e" + n + "\",\"time\":1,\"x\":" + x(n) + ",\"y\":1,\"kind\":\"a\"}";
                producer.send(
                        new ProducerRecord<>("events", n % PARTITIONS, null, event.getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    private static List<Score> scores() {
        ScoreCodec codec = ScoreCodec.Format.JSON.codec();
        List<Score> scores = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : committed("scores")) {
            if (codec.decode(record.value()) instanceof Decoded.Ok<Score> ok) {
                scores.add(ok.value());
            }
        }
        return scores;
    }

    /** Every committed record of the topic, partition after partition. */
    private static List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", KAFKA.getBootstrapServers(), "isolation.level", "read_committed");
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(topic, partition))
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
}
