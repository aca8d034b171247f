package io.headwater.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.codec.Decoded;
import io.headwater.event.Partition;
import io.headwater.event.StreamPosition;
import io.headwater.kafka.PollSettings.Start;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PollLoopIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PLENTY = 1_000_000;

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;

    private final Queue<PolledBatch<String>> batches = new ConcurrentLinkedQueue<>();
    private final Queue<StreamStoppedException> failures = new ConcurrentLinkedQueue<>();
    private @Nullable PollLoop<String> loop;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(directory);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @AfterEach
    void close() {
        if (loop != null) {
            loop.close();
        }
    }

    @Test
    void credit_spent_pausesTheLoopUntilMoreIsGranted() {
        broker.createTopic("credit", 1);
        Records.send(broker, "credit", 0, numbers(0, 1000));
        PollLoop<String> polling = poll(PollSettings.everything("credit", "credit", 100), StreamPosition.START);

        polling.grant(2);
        // Told while paused, so the loop has had time to hand over more than it may.
        await().atMost(PATIENCE).until(() -> values().size() + polling.lagRecords() == 1000 && batches.size() == 2);
        Records.send(broker, "credit", 0, numbers(1000, 1050));
        await().atMost(PATIENCE).until(() -> values().size() + polling.lagRecords() == 1050);
        assertThat(batches).hasSize(2);

        polling.grant(PLENTY);
        await().atMost(PATIENCE).until(() -> values().size() >= 1050);
        assertThat(values()).containsExactlyElementsOf(strings(0, 1050));
        assertThat(batches).allSatisfy(batch -> assertThat(batch.size()).isLessThanOrEqualTo(100));
        await().atMost(PATIENCE).until(() -> polling.lagRecords() == 0);
    }

    @Test
    void position_tellsWhereEachPartitionBegins() {
        broker.createTopic("position", 3);
        Records.send(broker, "position", 0, numbers(0, 20));
        Records.send(broker, "position", 1, numbers(100, 120));
        Records.send(broker, "position", 2, numbers(200, 210));
        TreeMap<Partition, Long> next = new TreeMap<>(Map.of(new Partition("position", 0), 15L));

        poll(PollSettings.everything("position", "position", 500), new StreamPosition(next))
                .grant(PLENTY);

        await().atMost(PATIENCE).until(() -> values().size() >= 35);
        assertThat(values())
                .containsExactlyInAnyOrderElementsOf(
                        concat(strings(15, 20), concat(strings(100, 120), strings(200, 210))));
        assertThat(batches).extracting(PolledBatch::from).containsExactlyInAnyOrder(15L, 0L, 0L);
    }

    @Test
    void latest_beginsBehindTheRecordsThatAreThere() {
        broker.createTopic("latest", 1);
        Records.send(broker, "latest", 0, numbers(0, 20));
        PollLoop<String> polling =
                poll(new PollSettings("latest", "latest", Start.LATEST, 500, PollSettings.NEVER), StreamPosition.START);
        polling.grant(PLENTY);

        // The loop may look for the end before or after these, so it is given new ones until it has seen one.
        await().atMost(PATIENCE).until(() -> {
            Records.send(broker, "latest", 0, numbers(20, 21));
            return !batches.isEmpty();
        });
        assertThat(values()).containsOnly("20");
    }

    @Test
    void partitions_addedWhileItRuns_areReadFromTheirFirstRecord() throws Exception {
        broker.createTopic("growing", 1);
        Records.send(broker, "growing", 0, numbers(0, 5));
        poll(new PollSettings("growing", "growing", Start.LATEST, 500, PollSettings.NEVER), StreamPosition.START)
                .grant(PLENTY);

        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createPartitions(Map.of("growing", NewPartitions.increaseTo(2)))
                    .all()
                    .get();
        }
        Records.send(broker, "growing", 1, numbers(5, 9));

        await().atMost(PATIENCE).until(() -> values().containsAll(strings(5, 9)));
    }

    @Test
    void abortedRecords_areNotHandedOver_andLeaveNoGapInFrom() {
        broker.createTopic("aborted", 1);
        try (Producer<byte[], byte[]> producer =
                Records.clients(broker).transactional("t", "aborted-writer", Duration.ofSeconds(30))) {
            producer.initTransactions();
            for (int i = 0; i < 6; i++) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("aborted", 0, null, Records.utf8(i % 2 == 0 ? "kept" : "aborted")));
                producer.flush();
                if (i % 2 == 0) {
                    producer.commitTransaction();
                } else {
                    producer.abortTransaction();
                }
            }
        }
        poll(PollSettings.everything("aborted", "aborted", 1), StreamPosition.START)
                .grant(PLENTY);

        await().atMost(PATIENCE).until(() -> batches.size() >= 3);
        assertThat(values()).containsExactly("kept", "kept", "kept");
        assertThat(batches).extracting(b -> b.records().get(0).offset()).containsExactly(0L, 4L, 8L);
        assertThat(batches.stream().mapToLong(PolledBatch::from)).allMatch(from -> from == 0 || from == 1 || from >= 4);
    }

    @ParameterizedTest(name = "polls of at most {0}")
    @ValueSource(ints = {500, 5, 2})
    void committedRecords_takenByRetention_areNotMissedAtTheNextStart(int maxPollRecords) throws Exception {
        String topic = "emptied-" + maxPollRecords;
        broker.createTopic(topic, 1);
        commit(topic, numbers(0, 5));
        PollLoop<String> first = poll(PollSettings.everything(topic, topic, maxPollRecords), StreamPosition.START);
        first.grant(PLENTY);
        await().atMost(PATIENCE).until(() -> values().size() >= 5);
        first.close();
        StreamPosition position = StreamPosition.START;
        for (PolledBatch<String> batch : batches) {
            position = position.advance(List.of(batch.range()));
        }

        Records.deleteBefore(broker, topic, 0, Records.uncommittedEnd(broker, topic));
        commit(topic, numbers(5, 7));
        poll(PollSettings.everything(topic, topic, maxPollRecords), position).grant(PLENTY);

        await().atMost(PATIENCE).until(() -> values().size() >= 7 || !failures.isEmpty());
        assertThat(failures).isEmpty();
        assertThat(values()).containsExactlyElementsOf(strings(0, 7));
    }

    @Test
    void farBehind_withASkip_goesAhead() {
        broker.createTopic("traffic", 1);
        Records.send(broker, "traffic", 0, numbers(0, 5000));
        poll(new PollSettings("traffic", "traffic", Start.EARLIEST, 10, 100), StreamPosition.START)
                .grant(PLENTY);

        await().atMost(PATIENCE).until(() -> values().contains("4999"));
        assertThat(values()).doesNotHaveDuplicates().hasSizeLessThan(1000);
        assertThat(values()).endsWith(strings(4950, 5000).toArray(String[]::new));
    }

    @Test
    void offsets_takenByRetention_stopItOnceWithTheirNumbers() throws Exception {
        broker.createTopic("short", 1);
        Records.send(broker, "short", 0, numbers(0, 20));
        Records.deleteBefore(broker, "short", 0, 12);
        TreeMap<Partition, Long> next = new TreeMap<>(Map.of(new Partition("short", 0), 7L));

        poll(PollSettings.everything("short", "short", 500), new StreamPosition(next))
                .grant(PLENTY);

        await().atMost(PATIENCE).until(() -> !failures.isEmpty());
        assertThat(failures)
                .singleElement()
                .satisfies(failure ->
                        assertThat(failure).hasMessageContaining("offset 7 of short-0 is not on the broker any more"));
        assertThat(batches).isEmpty();
    }

    @Test
    void topic_thatDoesNotExist_isSaid() {
        poll(PollSettings.everything("nowhere", "nowhere", 500), StreamPosition.START)
                .grant(1);

        await().atMost(Duration.ofSeconds(90)).until(() -> !failures.isEmpty());
        assertThat(failures.element()).hasMessage("reading of topic nowhere stopped: the topic does not exist");
    }

    @Test
    void sink_thatThrows_stopsItOnce() {
        broker.createTopic("thrown", 1);
        Records.send(broker, "thrown", 0, numbers(0, 2));
        loop = PollLoop.start(
                Records.clients(broker),
                PollSettings.everything("thrown", "thrown", 1),
                StreamPosition.START,
                PollLoopIT::decode,
                batch -> {
                    throw new IllegalArgumentException("no room");
                },
                failures::add);
        loop.grant(PLENTY);

        await().atMost(PATIENCE).until(() -> !failures.isEmpty());
        loop.close();
        assertThat(failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasMessageContaining("no room"));
    }

    /** Writes the values in one transaction. */
    private static void commit(String topic, List<byte[]> values) {
        try (Producer<byte[], byte[]> producer =
                Records.clients(broker).transactional("t", topic + "-writer", Duration.ofSeconds(30))) {
            producer.initTransactions();
            producer.beginTransaction();
            values.forEach(value -> producer.send(new ProducerRecord<>(topic, 0, null, value)));
            producer.commitTransaction();
        }
    }

    private PollLoop<String> poll(PollSettings settings, StreamPosition position) {
        loop = PollLoop.start(
                Records.clients(broker), settings, position, PollLoopIT::decode, batches::add, failures::add);
        return loop;
    }

    private static Decoded<String> decode(byte @Nullable [] value) {
        return new Decoded.Ok<>(value == null ? "null" : new String(value, StandardCharsets.UTF_8));
    }

    private List<String> values() {
        List<String> values = new ArrayList<>();
        for (PolledBatch<String> batch : batches) {
            for (PolledRecord<String> record : batch.records()) {
                values.add(((Decoded.Ok<String>) record.decoded()).value());
            }
        }
        return values;
    }

    private static List<byte[]> numbers(int from, int until) {
        return strings(from, until).stream().map(Records::utf8).toList();
    }

    private static List<String> strings(int from, int until) {
        return IntStream.range(from, until).mapToObj(Integer::toString).toList();
    }

    private static List<String> concat(List<String> a, List<String> b) {
        List<String> all = new ArrayList<>(a);
        all.addAll(b);
        return all;
    }
}
