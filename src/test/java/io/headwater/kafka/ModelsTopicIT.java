package io.headwater.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headwater.registry.AuditRecord;
import io.headwater.registry.AuditRecord.Action;
import io.headwater.registry.FollowedPosition;
import io.headwater.registry.Manifest;
import io.headwater.registry.VersionStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** What a follower learns of a models topic: the version that serves and its bytes, whatever was announced before. */
class ModelsTopicIT {
    private static final long NOW = 1_390_000_000_000L;
    private static final byte[] SOURCE = {1, 2, 3};
    private static final byte[] ROWS = {4, 5};

    @TempDir
    static Path home;

    @TempDir
    Path root;

    private static EmbeddedBroker broker;
    private static KafkaClients clients;

    private String topic;
    private VersionStore store;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(home.resolve("broker"));
        clients = new KafkaClients(broker.bootstrapServers(), Map.of());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void open(TestInfo test) {
        topic = test.getTestMethod().orElseThrow().getName() + ".versions";
        store = VersionStore.open(root, "m", 2);
        store.needFrom(Long.MAX_VALUE);
        store.source().keep(SOURCE, ROWS, Map.of("learner.txt", new byte[] {7}));
        add(1);
        store.serve(1, AuditRecord.GATE, Action.PROMOTE, "the source model", NOW);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void announced_reachesAFollowerThatCameBefore_andOneThatComesAfter() {
        ModelsTopic.Settings settings = settings(1000, "");
        try (ModelsReader early = new ModelsReader(clients, topic, "m")) {
            assertThat(early.poll()).isEmpty();
            try (ModelsTopic announcing = new ModelsTopic(clients, settings, store, "m", root)) {
                assertThat(announcing.announce(List.of())).isEqualTo(1);
                assertThat(next(early).version()).isEqualTo(1);
                add(2);
                store.serve(2, AuditRecord.GATE, Action.PROMOTE, "better", NOW + 1);
                announcing.announce(List.of());
                store.choose(1, "ann", Action.ROLL_BACK, "alerts", NOW + 2);
                announcing.announce(List.of());
            }
            Announcement last = next(early);
            while (last.version() != 1) {
                last = next(early);
            }
            assertThat(last.choice()).isEqualTo(new AuditRecord(NOW + 2, "ann", Action.ROLL_BACK, 1, 2, "alerts"));
            assertThat(last.onnx()).isEqualTo(store.onnx(1));
        }
        try (ModelsReader late = new ModelsReader(clients, topic, "m")) {
            Announcement served = next(late);
            assertThat(served.version()).isEqualTo(1);
            assertThat(served.manifest()).isEqualTo(store.manifest(1));
            assertThat(late.source(served)).containsOnlyKeys("source.bin", "source/learner.txt");
            assertThat(late.source(served).get("source.bin")).isEqualTo(SOURCE);
        }
    }

    @Test
    void reader_goesOnWhereItWas_andBeginsAnewWhereThatIsNotThere() {
        Announcement first;
        try (ModelsTopic announcing = new ModelsTopic(clients, settings(1000, ""), store, "m", root);
                ModelsReader reader = new ModelsReader(clients, topic, "m")) {
            announcing.announce(List.of());
            first = next(reader);
            add(2);
            store.serve(2, AuditRecord.GATE, Action.PROMOTE, "better", NOW + 1);
            announcing.announce(List.of());
        }

        // Behind its last one there is the next, and nothing of what came before is read again
        try (ModelsReader reader = new ModelsReader(clients, topic, "m", Optional.of(first.at()))) {
            Announcement second = next(reader);
            assertThat(second.version()).isEqualTo(2);
            assertThat(second.at().offset()).isGreaterThan(first.at().offset());
            assertThatThrownBy(() -> reader.source(second)).hasMessageContaining("lacks the file");
        }

        // Another record there, and none so far: topics that were made anew
        String another = Manifest.sha256(new byte[] {1});
        for (FollowedPosition lost : List.of(
                new FollowedPosition(first.at().offset(), another),
                new FollowedPosition(first.at().offset() + 1, first.at().sha256()),
                new FollowedPosition(1_000_000, first.at().sha256()))) {
            try (ModelsReader reader = new ModelsReader(clients, topic, "m", Optional.of(lost))) {
                Announcement served = next(reader);
                assertThat(served.version()).isEqualTo(2);
                assertThat(reader.source(served)).containsOnlyKeys("source.bin", "source/learner.txt");
            }
        }
    }

    @Test
    void follower_thatDiesOfAnError_saysSo() {
        Queue<StreamStoppedException> failures = new ConcurrentLinkedQueue<>();
        try (ModelsTopic announcing = new ModelsTopic(clients, settings(1000, ""), store, "m", root);
                ModelsFollower follower = ModelsFollower.start(
                        clients,
                        topic,
                        "m",
                        Optional.empty(),
                        announcement -> {
                            throw new UnsatisfiedLinkError("no native part");
                        },
                        failures::add)) {
            announcing.announce(List.of());

            await().atMost(Duration.ofSeconds(30)).until(() -> !failures.isEmpty());
            follower.close();
            assertThat(failures)
                    .singleElement()
                    .satisfies(failure -> assertThat(failure)
                            .hasMessage(
                                    "topic " + topic + " cannot be followed: UnsatisfiedLinkError: no native part"));
        }
    }

    @Test
    void largeFile_isNamedByItsUri_andItsHashIsChecked() throws Exception {
        ModelsTopic.Settings settings = settings(4, "");
        try (ModelsTopic announcing = new ModelsTopic(clients, settings, store, "m", root);
                ModelsReader reader = new ModelsReader(clients, topic, "m")) {
            announcing.announce(List.of());
            assertThat(next(reader).onnx()).isEqualTo(store.onnx(1));
        }
        assertThat(records().get("m/1/model.onnx")).isEmpty();
        assertThat(records().get("m/source.bin")).isEqualTo(SOURCE);

        Files.write(root.resolve("m/1/model.onnx"), new byte[] {9, 9, 9, 9, 9, 9});
        try (ModelsReader reader = new ModelsReader(clients, topic, "m")) {
            assertThatThrownBy(() -> next(reader))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("is not the file that was announced");
        }
    }

    @Test
    void versionThatRetentionTook_isTakenOutOfTheTopic() {
        try (ModelsTopic announcing = new ModelsTopic(clients, settings(1000, ""), store, "m", root)) {
            for (long version = 2; version <= 4; version++) {
                add(version);
                store.serve(version, AuditRecord.GATE, Action.PROMOTE, "better", NOW + version);
                announcing.announce(store.forgetOld(NOW + version));
            }
        }

        Map<String, byte[]> records = records();
        assertThat(store.numbers()).containsExactly(1L, 3L, 4L);
        assertThat(records).containsKeys("m/3/model.onnx", "m/4/model.onnx", "m/source.bin", "m/served.json");
        assertThat(records.get("m/2/model.onnx")).isNull();
    }

    @Test
    void secondThatAnnounces_fencesTheFirst() {
        try (ModelsTopic first = new ModelsTopic(clients, settings(1000, ""), store, "m", root);
                ModelsTopic second = new ModelsTopic(clients, settings(1000, ""), store, "m", root)) {
            second.announce(List.of());

            assertThatThrownBy(() -> first.announce(List.of())).isInstanceOf(ModelsTopic.FencedException.class);
        }
    }

    private ModelsTopic.Settings settings(int inlineBytes, String baseUri) {
        ModelsTopic.Settings settings = new ModelsTopic.Settings(topic, inlineBytes, baseUri);
        clients.createTopic(topic, ModelsTopic.PARTITIONS, 1, settings.ofTopic());
        return settings;
    }

    private void add(long version) {
        byte[] onnx = ("graph " + version).getBytes(StandardCharsets.UTF_8);
        store.add(
                new Manifest(
                        "m",
                        version,
                        version - 1,
                        0,
                        NOW,
                        Manifest.sha256(onnx),
                        "weights",
                        0,
                        0,
                        0,
                        Map.of("m.labels-0", 4L),
                        "",
                        new Manifest.Features(List.of("x"), List.of(), 2, "", "", ""),
                        Map.of("log_loss", 0.4),
                        "better",
                        AuditRecord.GATE,
                        "",
                        Map.of()),
                onnx,
                new byte[] {1});
    }

    private static Announcement next(ModelsReader reader) {
        long endNs = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (System.nanoTime() < endNs) {
            Optional<Announcement> announced = reader.poll();
            if (announced.isPresent()) {
                return announced.get();
            }
        }
        throw new AssertionError("nothing was announced");
    }

    /** The newest record of each key, as compaction leaves it; a deleted one is null. */
    private Map<String, byte[]> records() {
        Map<String, byte[]> newest = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = Optional.ofNullable(
                            consumer.endOffsets(List.of(partition)).get(partition))
                    .orElseThrow();
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    newest.put(new String(record.key(), StandardCharsets.UTF_8), record.value());
                }
            }
        }
        return newest;
    }
}
