package io.headwater.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.event.Score;
import io.headwater.serve.TinyModel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.assertj.core.util.FloatComparator;
import org.junit.jupiter.api.Test;

/** What one loop does with the records of its topic. */
class ScoringLoopIT extends ScoringLoops {
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
    void lag_countsWhatHasNoAnswer_untilItHasOneOrTheLoopEnds() {
        topics("waiting", 2);
        AtomicBoolean broken = new AtomicBoolean();
        ScoringLoop loop = start("waiting", "0", new Hooked(event -> {
            if (broken.get()) {
                throw new IllegalStateException("the sensor is upside down");
            }
        }));
        send("waiting", 0, 0, 10);
        await().atMost(PATIENCE).until(() -> counts.scored.get() == 10 && counts.lag == 0);

        broken.set(true);
        send("waiting", 0, 10, 20);
        send("waiting", 1, 20, 27);
        await().atMost(PATIENCE).until(() -> counts.lag == 17);
        broken.set(false);
        await().atMost(PATIENCE).until(() -> counts.scored.get() == 27 && counts.lag == 0);

        broken.set(true);
        send("waiting", 1, 27, 30);
        await().atMost(PATIENCE).until(() -> counts.lag == 3);
        loop.close();
        assertThat(counts.lag).isZero();
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
}
