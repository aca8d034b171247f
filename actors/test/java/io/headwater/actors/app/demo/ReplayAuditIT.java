package io.headwater.actors.app.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.codec.ScoreCodec;
import io.headwater.dataset.FlightStream;
import io.headwater.dataset.RecordedStream;
import io.headwater.event.Score;
import io.headwater.kafka.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replay and audit against a real broker; the test itself is the scorer between them. */
class ReplayAuditIT {
    private static final int PARTITIONS = 2;
    private static final Replay.Topics TOPICS = new Replay.Topics("events", "labels");
    private static final String SCORES = "scores";
    private static final Duration LONG = Duration.ofSeconds(30);

    private final ScoreCodec codec = ScoreCodec.Format.JSON.codec();
    private final FlightStream ids = TinyFlights.stream();
    private final Ledger ledger = new Ledger(.3);
    private EmbeddedBroker broker;

    @TempDir
    Path folder = Path.of("");

    @BeforeEach
    void startBroker() {
        broker = EmbeddedBroker.start(folder);
        for (String topic : List.of(TOPICS.events(), TOPICS.labels(), SCORES)) {
            broker.createTopic(topic, PARTITIONS);
        }
    }

    @AfterEach
    void stopBroker() {
        broker.close();
    }

    private Map<String, Object> client() {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    /** Sends at least {@code records} records and stops. */
    private void replay(RecordedStream stream, Ledger book, int records) throws InterruptedException {
        CountDownLatch enough = new CountDownLatch(records);
        try (Replay replay =
                new Replay(stream, Replay.producer(client()), TOPICS, 1e6, book, item -> enough.countDown())) {
            replay.start();
            enough.await();
            replay.stop();
            assertThat(replay.failure()).isNull();
        }
    }

    /** The ids in a topic, by a reader that knows nothing of the replay. */
    private List<String> idsIn(String topic) {
        List<String> found = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = Audit.consumer(client())) {
            List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long ends = consumer.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            while (found.size() < ends) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    found.add(new String(record.key(), UTF_8));
                }
            }
        }
        return found;
    }

    private Producer<byte[], byte[]> scorer() {
        Producer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "scorer"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }

    private void score(Producer<byte[], byte[]> producer, String id, long version) {
        byte[] value = codec.encode(new Score(id, 0, "flights", version, .5f));
        producer.send(new ProducerRecord<>(SCORES, id.getBytes(UTF_8), value));
    }

    private Audit audit(Ledger book) {
        Audit audit = new Audit(Audit.consumer(client()), SCORES, ScoreCodec.Format.JSON.codec(), ids::slotOf, book);
        audit.start();
        return audit;
    }

    @Test
    void stop_theBrokerHasExactlyWhatTheLedgerSays() throws InterruptedException {
        replay(TinyFlights.stream(), ledger, 400);

        List<String> events = idsIn(TOPICS.events());
        assertThat(events).doesNotHaveDuplicates().hasSize((int) ledger.counts().sent());
        assertThat(idsIn(TOPICS.labels()))
                .doesNotHaveDuplicates()
                .hasSize((int) ledger.counts().labeled())
                .isSubsetOf(events);
    }

    @Test
    void audit_countsCommittedScoresPerId() throws InterruptedException {
        replay(TinyFlights.stream(), ledger, 200);
        List<String> events = idsIn(TOPICS.events());
        try (Audit audit = audit(ledger);
                Producer<byte[], byte[]> producer = scorer()) {
            producer.beginTransaction();
            events.forEach(id -> score(producer, id, 9));
            producer.flush();
            producer.abortTransaction();

            producer.beginTransaction();
            events.stream().skip(2).forEach(id -> score(producer, id, 1));
            score(producer, "typed-by-hand", 2);
            producer.send(new ProducerRecord<>(SCORES, null, "no score".getBytes(UTF_8)));
            score(producer, events.get(5), 2);
            producer.commitTransaction();

            await().atMost(LONG).until(() -> ledger.counts().scored() == events.size() - 2);
            await().atMost(LONG).until(() -> ledger.counts().duplicated() == 1);
            assertThat(ledger.counts().lost()).isEqualTo(2);
            assertThat(audit.version()).isEqualTo(2);
            assertThat(audit.versions()).isEqualTo(2);
            assertThat(audit.versionsBack()).isZero();

            producer.beginTransaction();
            events.stream().limit(2).forEach(id -> score(producer, id, 1));
            events.stream().limit(20).forEach(id -> score(producer, id, 3));
            events.stream().limit(20).forEach(id -> score(producer, id, 2));
            producer.commitTransaction();

            assertThat(ledger.awaitScored(LONG)).isTrue();
            await().atMost(LONG).until(() -> audit.versionsBack() > 0);
            assertThat(audit.failure()).isNull();
        }
    }

    @Test
    void recover_goesOnAfterTheLastEventAndOwesItsLabels() throws InterruptedException {
        replay(TinyFlights.stream(), ledger, 300);
        Set<String> before = new HashSet<>(idsIn(TOPICS.events()));

        Ledger second = new Ledger(.3);
        RecordedStream rest = PriorRuns.recover(
                client(), TOPICS, new FlightsScenario(TinyFlights.month(), TinyFlights.SOURCE_DAYS), second);
        assertThat(second.counts().sent()).isEqualTo(ledger.counts().sent());
        assertThat(second.counts().labeled()).isEqualTo(ledger.counts().labeled());
        replay(rest, second, 300);

        List<String> events = idsIn(TOPICS.events());
        List<String> labels = idsIn(TOPICS.labels());
        assertThat(events).doesNotHaveDuplicates().containsAll(before).hasSize((int)
                second.counts().sent());
        assertThat(labels).doesNotHaveDuplicates().isSubsetOf(events);
        // A flight takes 90 minutes and one departs each hour: what the first run left owing has long come by now.
        assertThat(before.stream().filter(id -> !id.matches("AA-[0-9]*9-.*"))).isSubsetOf(labels);
    }
}
