package io.headwater.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.codec.Decoded;
import io.headwater.codec.EventCodec;
import io.headwater.codec.ScoreCodec;
import io.headwater.event.Event;
import io.headwater.event.LabeledExample;
import io.headwater.event.Score;
import io.headwater.feature.EncodedRows;
import io.headwater.feature.FeatureEncoder;
import io.headwater.serve.ModelSlot;
import io.headwater.serve.Scorer;
import io.headwater.serve.ServedModel;
import io.headwater.serve.TinyModel;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.assertj.core.util.FloatComparator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoringLoopIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long VERSION = 3;

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;

    private final Queue<StreamStoppedException> failures = new ConcurrentLinkedQueue<>();
    private final List<ScoringLoop> loops = new ArrayList<>();
    private final ModelSlot slot = new ModelSlot();
    private final Counts counts = new Counts();

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(directory);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @AfterEach
    void close() {
        loops.forEach(ScoringLoop::close);
        slot.close();
    }

    @Test
    void events_areScoredOnce_withTheirKeysAndTheVersion() {
        topics("plain", 2);
        try (Producer<byte[], byte[]> producer = Records.producer(broker)) {
            producer.send(new ProducerRecord<>("plain.events", 0, Records.utf8("key-a"), Records.labeled("a", 0.5f)));
            producer.send(new ProducerRecord<>("plain.events", 1, null, Records.labeled("b", -2f)));
        }
        long before = System.currentTimeMillis();

        start("plain", "0", Records.CODEC);

        await().atMost(PATIENCE)
                .until(() -> Records.committed(broker, "plain.scores").size() >= 2);
        assertThat(scores("plain"))
                .usingRecursiveFieldByFieldElementComparator(RecursiveComparisonConfiguration.builder()
                        .withComparatorForType(new FloatComparator(1e-6f), Float.class)
                        .build())
                .containsExactlyInAnyOrder(
                        new Score("a", 1, "tiny", VERSION, TinyModel.expected(0.5f, VERSION)),
                        new Score("b", 1, "tiny", VERSION, TinyModel.expected(-2f, VERSION)));
        assertThat(Records.committed(broker, "plain.scores"))
                .extracting(record -> new String(record.key(), StandardCharsets.UTF_8))
                .containsExactlyInAnyOrder("key-a", "b");
        await().atMost(PATIENCE).until(() -> counts.scored.get() == 2);
        assertThat(counts.refused).hasValue(0);
        assertThat(counts.appendedMs).hasSize(2).allMatch(ms -> ms > before - 60_000 && ms <= counts.lastCommitMs);
    }

    @Test
    void recordsThatCannotBeScored_areDeadLetters_byteForByte() {
        topics("bad", 1);
        byte[] garbage = {0, (byte) 0xff, '{', 7};
        byte[] noX = Records.utf8("{\"id\":\"no-x\",\"time\":1,\"y\":1}");
        try (Producer<byte[], byte[]> producer = Records.producer(broker)) {
            ProducerRecord<byte[], byte[]> bad = new ProducerRecord<>("bad.events", 0, new byte[] {1, 0, 2}, garbage);
            bad.headers().add("trace", new byte[] {9, (byte) 0x80}).add("empty", null);
            producer.send(bad);
            producer.send(new ProducerRecord<>("bad.events", 0, null, null));
            producer.send(new ProducerRecord<>("bad.events", 0, null, noX));
            producer.send(new ProducerRecord<>("bad.events", 0, null, Records.labeled("good", 1)));
        }

        start("bad", "0", Records.CODEC);

        await().atMost(PATIENCE)
                .until(() -> Records.committed(broker, "bad.scores").size() >= 1);
        assertThat(scores("bad")).extracting(Score::id).containsExactly("good");
        List<ConsumerRecord<byte[], byte[]>> dead = Records.committed(broker, "bad.dead");
        assertThat(dead).hasSize(3);
        ConsumerRecord<byte[], byte[]> first = dead.get(0);
        assertThat(first.key()).containsExactly(1, 0, 2);
        assertThat(first.value()).isEqualTo(garbage);
        assertThat(first.headers().toArray()).extracting(Header::key).startsWith("trace", "empty");
        assertThat(first.headers().lastHeader("trace").value()).containsExactly(9, 0x80);
        assertThat(first.headers().lastHeader("empty").value()).isNull();
        assertThat(errors(first))
                .containsEntry("topic", "bad.events")
                .containsEntry("partition", "0")
                .containsEntry("offset", "0")
                .containsEntry("connector.name", "headwater-score-tiny-0")
                .containsEntry("task.id", "0")
                .containsEntry("stage", "VALUE_CONVERTER")
                .containsEntry("class.name", "io.headwater.codec.JsonEventCodec")
                .containsEntry("exception.class.name", "java.nio.charset.MalformedInputException")
                .containsEntry("exception.message", "the record is not UTF-8 at byte 1")
                .containsKey("exception.stacktrace")
                .hasSize(10);
        assertThat(dead.get(1).value()).isNull();
        assertThat(errors(dead.get(2)))
                .containsEntry("stage", "TASK_PUT")
                .hasEntrySatisfying(
                        "exception.message",
                        reason -> assertThat(reason).contains("version 3 of model tiny gives NaN for event no-x"));
        await().atMost(PATIENCE).until(() -> counts.scored.get() == 1 && counts.refused.get() == 3);
    }

    @Test
    void abort_inTheMiddle_leavesEachIdOnce() {
        topics("aborts", 2);
        send("aborts", 0, 0, 100);
        send("aborts", 1, 100, 200);
        AtomicInteger decoded = new AtomicInteger();

        start("aborts", "0", new Hooked(event -> {
            int n = decoded.incrementAndGet();
            if (n == 400) {
                // Only what has reached the broker can be taken back there.
                await().atMost(PATIENCE).until(() -> endOffsets("aborts.scores") > 300);
            }
            if (n == 50 || n == 400 || n == 401) {
                throw new IllegalStateException("a fault at the " + n + "th event");
            }
        }));

        await().atMost(PATIENCE).until(() -> counts.scored.get() == 200);
        // From here on there are committed offsets to go back to.
        send("aborts", 0, 200, 600);
        send("aborts", 1, 600, 1000);

        await().atMost(PATIENCE).until(() -> counts.scored.get() >= 1000);
        assertEachOnce("aborts", 1000);
        assertThat(counts.aborts).hasValue(3);
        assertThat(counts.scored).hasValue(1000);
        assertThat(failures).isEmpty();
        // Scores were sent and taken back, or the test shows nothing.
        assertThat(endOffsets("aborts.scores")).isGreaterThan(1000 + 50);
    }

    @Test
    void faults_withoutEnd_stopItOnceWithTheReason() {
        topics("faults", 1);
        send("faults", 0, 0, 10);

        start("faults", "0", new Hooked(event -> {
            throw new IllegalStateException("the sensor is upside down");
        }));

        await().atMost(PATIENCE).until(() -> !failures.isEmpty());
        assertThat(failures)
                .singleElement()
                .satisfies(failure ->
                        assertThat(failure).hasMessage("scoring of model tiny stopped: the sensor is upside down"));
        assertThat(ids("faults")).isEmpty();
    }

    @Test
    void loops_comingAndGoing_leaveEachIdOnce() throws Exception {
        topics("rebalance", 4);
        ScoringLoop first = start("rebalance", "0", Records.CODEC);
        send("rebalance", 0, 0, 200);
        AtomicBoolean fed = new AtomicBoolean();
        AtomicInteger sent = new AtomicInteger(200);
        Thread feed = new Thread(() -> {
            try (Producer<byte[], byte[]> producer = Records.producer(broker)) {
                while (!fed.get() || sent.get() % 100 != 0) {
                    int i = sent.getAndIncrement();
                    producer.send(new ProducerRecord<>("rebalance.events", i % 4, null, Records.labeled("e" + i, 1)));
                    if (i % 5 == 0) {
                        producer.flush();
                    }
                }
            }
        });
        feed.start();
        await().atMost(PATIENCE).until(() -> counts.threads.size() == 1);
        start("rebalance", "1", Records.CODEC);
        await().atMost(PATIENCE).until(() -> counts.threads.size() == 2);
        first.close();
        start("rebalance", "2", Records.CODEC);
        await().atMost(PATIENCE).until(() -> counts.threads.size() == 3);
        fed.set(true);
        feed.join();

        await().atMost(PATIENCE).until(() -> counts.scored.get() >= sent.get());
        assertEachOnce("rebalance", sent.get());
        assertThat(failures).isEmpty();
    }

    @Test
    void kill_inTheMiddleOfATransaction_leavesEachIdOnce() throws Exception {
        topics("killed", 1);
        send("killed", 0, 0, 300);
        ProcessBuilder java = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                ScoringChild.class.getName(),
                broker.bootstrapServers(),
                "e250");
        // Not as an argument: ONNX Runtime 1.29 crashes where the command line has more than about 3,900 bytes.
        java.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process child = java.redirectErrorStream(true).start();
        try (BufferedReader out = child.inputReader()) {
            List<String> said = new ArrayList<>();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                said.add(line);
                if (line.equals(ScoringChild.STUCK)) {
                    break;
                }
            }
            assertThat(said).endsWith(ScoringChild.STUCK);
            await().atMost(PATIENCE).until(() -> endOffsets("killed.scores") >= 248);
        } finally {
            child.destroyForcibly().waitFor();
        }
        assertThat(ids("killed")).isEmpty();

        start("killed", "0", Records.CODEC);

        await().atMost(PATIENCE).until(() -> counts.scored.get() >= 300);
        assertEachOnce("killed", 300);
    }

    @Test
    void secondLoop_ofTheSameInstance_stopsTheFirstWithItsName() {
        topics("fenced", 1);
        start("fenced", "0", Records.CODEC);
        send("fenced", 0, 0, 10);
        await().atMost(PATIENCE).until(() -> counts.scored.get() == 10);

        start("fenced", "0", Records.CODEC);
        // The first notices when it next writes.
        AtomicInteger next = new AtomicInteger(10);
        await().atMost(PATIENCE).until(() -> {
            int n = next.getAndIncrement();
            send("fenced", 0, n, n + 1);
            return !failures.isEmpty();
        });

        assertThat(failures)
                .singleElement()
                .satisfies(failure ->
                        assertThat(failure).hasMessageContaining("another loop runs as headwater-score-tiny-0"));
        await().atMost(PATIENCE).until(() -> ids("fenced").size() >= next.get());
        assertEachOnce("fenced", next.get());
    }

    @Test
    void brokerRestart_leavesEachIdOnce() {
        topics("restart", 1);
        start("restart", "0", Records.CODEC);
        send("restart", 0, 0, 100);
        await().atMost(PATIENCE).until(() -> counts.scored.get() == 100);

        String address = broker.bootstrapServers();
        broker.close();
        broker = EmbeddedBroker.start(directory);
        assertThat(broker.bootstrapServers()).isEqualTo(address);
        send("restart", 0, 100, 200);

        await().atMost(PATIENCE).until(() -> counts.scored.get() >= 200);
        assertEachOnce("restart", 200);
        assertThat(failures).isEmpty();
    }

    private static void topics(String name, int partitions) {
        broker.createTopic(name + ".events", partitions);
        broker.createTopic(name + ".scores", partitions);
        broker.createTopic(name + ".dead", 1, KafkaClients.DEAD_LETTERS);
    }

    private ScoringLoop start(String name, String instance, EventCodec codec) {
        if (!slot.isFilled()) {
            slot.swap(ServedModel.load("tiny", VERSION, TinyModel.onnx(VERSION), TinyModel.SCHEMA.rows()));
        }
        ScoringLoop loop = ScoringLoop.start(
                Records.clients(broker),
                new ScoringSettings(
                        "tiny",
                        name,
                        instance,
                        name + ".events",
                        name + ".scores",
                        name + ".dead",
                        ScoreCodec.Format.JSON,
                        Duration.ofMillis(10)),
                codec,
                new Scorer(new EncodedRows(new FeatureEncoder(TinyModel.SCHEMA), 16), slot),
                counts,
                InstantSource.system(),
                failures::add);
        loops.add(loop);
        return loop;
    }

    private static void send(String name, int partition, int from, int until) {
        Records.send(
                broker,
                name + ".events",
                partition,
                names(from, until).stream().map(id -> Records.labeled(id, 1)).toList());
    }

    private static List<String> names(int from, int until) {
        return IntStream.range(from, until).mapToObj(i -> "e" + i).toList();
    }

    /** Every id from e0 to the last has one committed score. */
    private static void assertEachOnce(String name, int count) {
        List<String> ids = ids(name);
        assertThat(new HashSet<>(ids).equals(new HashSet<>(names(0, count))))
                .as("each of %s ids has a score", count)
                .isTrue();
        assertThat(ids.size()).as("scores, of %s ids", count).isEqualTo(count);
    }

    private static List<String> ids(String name) {
        return scores(name).stream().map(Score::id).toList();
    }

    private static List<Score> scores(String name) {
        ScoreCodec codec = ScoreCodec.Format.JSON.codec();
        return Records.committed(broker, name + ".scores").stream()
                .map(record -> ((Decoded.Ok<Score>) codec.decode(record.value())).value())
                .toList();
    }

    private static Map<String, String> errors(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> errors = new HashMap<>();
        for (Header header : record.headers()) {
            if (header.key().startsWith("__connect.errors.")) {
                errors.put(
                        header.key().substring("__connect.errors.".length()),
                        new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        return errors;
    }

    private static long endOffsets(String topic) {
        return Records.uncommittedEnd(broker, topic);
    }

    private static final class Counts implements ScoringListener {
        final AtomicInteger scored = new AtomicInteger();
        final AtomicInteger refused = new AtomicInteger();
        final AtomicInteger aborts = new AtomicInteger();
        final Queue<Long> appendedMs = new ConcurrentLinkedQueue<>();
        final Set<String> threads = ConcurrentHashMap.newKeySet();
        volatile long lastCommitMs;

        @Override
        public void committed(int scoredNow, int refusedNow, long[] appended, long committedMs) {
            for (int i = 0; i < scoredNow + refusedNow; i++) {
                appendedMs.add(appended[i]);
            }
            lastCommitMs = committedMs;
            threads.add(Thread.currentThread().getName());
            refused.addAndGet(refusedNow);
            scored.addAndGet(scoredNow);
        }

        @Override
        public void aborted(int records, String reason) {
            aborts.incrementAndGet();
        }
    }

    private record Hooked(Consumer<Event> hook) implements EventCodec {
        @Override
        public Decoded<Event> event(byte @Nullable [] value) {
            Decoded<Event> decoded = Records.CODEC.event(value);
            if (decoded instanceof Decoded.Ok<Event> ok) {
                hook.accept(ok.value());
            }
            return decoded;
        }

        @Override
        public Decoded<LabeledExample> labeled(byte @Nullable [] value) {
            return Records.CODEC.labeled(value);
        }
    }
}
