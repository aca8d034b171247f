package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.event.OffsetRange;
import io.headwater.event.Score;
import io.headwater.kafka.DeadLetterSink;
import io.headwater.kafka.KafkaClients;
import io.headwater.kafka.LineageTopic;
import io.headwater.line.LineageRecord;
import io.headwater.line.LineageRecord.Kind;
import io.headwater.line.Recovery;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service's promises, on a real broker with a real learner. */
class ServiceIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String EAGER = "gate { min-examples = 50, candidate-examples = 64, max-worse = 10 }";

    @TempDir
    Path work;

    @ParameterizedTest
    @ValueSource(strings = {"auto", "gradient"})
    void stream_isScoredOnceEach_whileBetterVersionsGoLive(String learner) throws Exception {
        int events = 3000;
        try (RunningService running = RunningService.start(work, EAGER + "\nlearner = " + learner)) {
            for (int n = 0; n < events; n += 100) {
                running.sendEvents(n, n + 100);
                running.sendLabels(n, n + 100);
            }
            assertThat(running.service().awaitLearned(RunningService.MODEL, events, LONG))
                    .isTrue();
            List<Score> scores = running.scores(events, LONG);

            assertThat(RunningService.counts(scores)).hasSize(events);
            assertThat(scores).hasSize(events);
            assertThat(running.service().progress(RunningService.MODEL).promoted())
                    .isGreaterThanOrEqualTo(2);
            assertThat(scores).extracting(Score::version).isSorted();
        }
    }

    @Test
    void brokenRecords_goToDeadLettersWithTheirReason_andTheStreamGoesOn() throws Exception {
        byte[] brokenEvent = "{\"id\":\"e1\",".getBytes(StandardCharsets.UTF_8);
        byte[] brokenLabel =
                TestStream.labeled(3).replace("\"label\":", "\"label\":7").getBytes(StandardCharsets.UTF_8);
        try (RunningService running = RunningService.start(work, EAGER)) {
            running.send(".events", brokenEvent).get();
            running.send(".labels", brokenLabel).get();
            running.sendEvents(0, 10);
            running.sendLabels(0, 10);

            assertThat(running.service().awaitLearned(RunningService.MODEL, 10, LONG))
                    .isTrue();
            assertThat(running.scores(10, LONG)).hasSize(10);
            List<ConsumerRecord<byte[], byte[]>> letters = running.read(".dead-letters", 2, LONG);
            assertThat(letters).extracting(ConsumerRecord::value).containsExactlyInAnyOrder(brokenEvent, brokenLabel);
            assertThat(letters).allSatisfy(letter -> {
                assertThat(header(letter, "topic")).startsWith("m.");
                assertThat(header(letter, "offset")).isEqualTo("0");
                assertThat(header(letter, "exception.message")).isNotBlank();
            });
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader("__connect.errors." + name);
        return new String(header.value(), StandardCharsets.UTF_8);
    }

    @Test
    void secondTrainer_endsTrainingWithASentence_andScoresGoOn() throws Exception {
        try (RunningService running = RunningService.start(work, EAGER)) {
            KafkaClients clients = new KafkaClients(Map.of("bootstrap.servers", running.bootstrapServers()));
            DeadLetterSink letters = new DeadLetterSink("m.dead-letters", "other", 0, ServiceIT.class);
            try (LineageTopic other = new LineageTopic(clients, "m.lineage", RunningService.MODEL, letters)) {
                running.sendLabels(0, 100);

                await().atMost(LONG)
                        .untilAsserted(() -> assertThat(
                                        running.http("GET", "/v2/health/ready").body())
                                .contains("another process trains model m"));
                running.sendEvents(0, 50);
                assertThat(running.scores(50, LONG)).hasSize(50);
                assertThat(running.http("GET", "/v2/health/ready").statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void rollback_servesTheChosenVersionAtOnce_andTheLineGoesOnFromIt() throws Exception {
        try (RunningService running = RunningService.start(work, EAGER)) {
            running.sendLabels(0, 1000);
            assertThat(running.service().awaitLearned(RunningService.MODEL, 1000, LONG))
                    .isTrue();
            await().atMost(LONG)
                    .until(() ->
                            running.service().progress(RunningService.MODEL).version() > 1);

            assertThat(running.http("POST", "/admin/models/m/rollback?version=1&who=test&why=drill")
                            .statusCode())
                    .isEqualTo(200);

            await().atMost(LONG)
                    .until(() ->
                            running.service().progress(RunningService.MODEL).version() == 1);
            running.sendEvents(0, 20);
            assertThat(running.scores(20, LONG)).extracting(Score::version).containsOnly(1L);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(running.lineage())
                            .extracting(LineageRecord::kind)
                            .contains(Kind.ROLLED_BACK));
            running.sendLabels(1000, 2000);
            await().atMost(LONG)
                    .until(() ->
                            running.service().progress(RunningService.MODEL).version() > 1);
        }
    }

    @Test
    void restart_goesOnWhereTheLineWas_andAppliesEveryOffsetOnce() throws Exception {
        try (RunningService running = RunningService.start(work, EAGER)) {
            running.sendEvents(0, 300);
            running.sendLabels(0, 300);
            assertThat(running.service().awaitLearned(RunningService.MODEL, 300, LONG))
                    .isTrue();

            running.restart();
            running.sendEvents(300, 600);
            running.sendLabels(300, 600);

            assertThat(running.service().awaitLearned(RunningService.MODEL, 600, LONG))
                    .isTrue();
            assertThat(RunningService.counts(running.scores(600, LONG))).hasSize(600);
            List<LineageRecord> records = running.lineage();
            assertThat(records).extracting(LineageRecord::sequence).isSorted().doesNotHaveDuplicates();
            assertThat(offsets(records)).isEqualTo(600);
        }
    }

    @Test
    void lateLabels_areLearned_alsoAfterARestart_andTheLineageGivesTheWeights() throws Exception {
        int events = 600;
        try (RunningService running = RunningService.start(work, EAGER + "\nversions.keep = 100000\n")) {
            // Given events that were examined when they came, half of whose labels come before a restart
            AtomicInteger more = new AtomicInteger(events);
            await().atMost(LONG).until(() -> {
                running.sendEvents(more.get(), more.incrementAndGet());
                return examined(running) > 0;
            });
            long warmUp = examined(running);
            running.sendEvents(0, events);
            await().atMost(LONG).until(() -> examined(running) >= warmUp + events);
            running.sendLabels(0, events / 2);
            assertThat(running.service().awaitLearned(RunningService.MODEL, events / 2, LONG))
                    .isTrue();

            // When the other labels come after it
            running.restart();
            running.sendLabels(events / 2, events);
            assertThat(running.service().awaitLearned(RunningService.MODEL, events, LONG))
                    .isTrue();
            int learned = events + learnMoreUntilPromoted(running, events);
            running.stopService();

            // Then all of it is in the lineage, and gives the same weights again
            List<LineageRecord> records = running.lineage();
            assertThat(offsets(records)).isEqualTo(learned);
            assertThat(records).extracting(LineageRecord::kind).contains(Kind.TRAFFIC, Kind.PROMOTED);
            assertThat(running.rebuild()).isEqualTo(new Recovery.Replayed(records.size(), 0, List.of()));
        }
    }

    @Test
    void labelsTurnAround_theAlarmIsInTheLineage_andTakenAgain() throws Exception {
        int each = 1_500;
        try (RunningService running = RunningService.start(
                work, EAGER + "\nlearner = mixture, drift.events-per-false-alarm = 1000, versions.keep = 100000")) {
            running.sendLabels(0, each);
            for (int n = each; n < 2 * each; n++) {
                running.send(".labels", turnedAround(TestStream.labeled(n)).getBytes(StandardCharsets.UTF_8));
            }
            assertThat(running.service().awaitLearned(RunningService.MODEL, 2 * each, LONG))
                    .isTrue();
            assertThat(running.http("GET", "/metrics").body())
                    .containsPattern("headwater_drift_alarms_total\\{[^}]*of=\"loss\"} [1-9]");

            running.restart();
            running.sendLabels(2 * each, 2 * each + 100);
            assertThat(running.service().awaitLearned(RunningService.MODEL, 2 * each + 100, LONG))
                    .isTrue();
            running.stopService();

            List<LineageRecord> records = running.lineage();
            assertThat(records)
                    .filteredOn(record -> record.kind() == Kind.ALARM)
                    .isNotEmpty()
                    .allSatisfy(record -> assertThat(record.alarm()).isPresent());
            assertThat(running.rebuild()).isEqualTo(new Recovery.Replayed(records.size(), 0, List.of()));
        }
    }

    private static String turnedAround(String labeled) {
        return labeled.contains("\"label\":1")
                ? labeled.replace("\"label\":1", "\"label\":0")
                : labeled.replace("\"label\":0", "\"label\":1");
    }

    /**
     * All events so far came before the first label, so what was said of them at arrival tells nothing of what was
     * learned since: others have to come.
     */
    private static int learnMoreUntilPromoted(RunningService running, int learnedBefore) throws Exception {
        int chunk = 300;
        int first = 100_000;
        int more = 0;
        while (running.service().progress(RunningService.MODEL).version() == 1 && more < 2_400) {
            long before = examined(running);
            running.sendEvents(first + more, first + more + chunk);
            await().atMost(LONG).until(() -> examined(running) >= before + chunk);
            running.sendLabels(first + more, first + more + chunk);
            more += chunk;
            assertThat(running.service().awaitLearned(RunningService.MODEL, learnedBefore + more, LONG))
                    .isTrue();
        }
        await().atMost(LONG)
                .until(() -> running.service().progress(RunningService.MODEL).version() > 1);
        return more;
    }

    /** Events that were examined at their arrival. */
    private static long examined(RunningService running) {
        return running.lineage().stream()
                .filter(record -> record.kind() == Kind.TRAFFIC)
                .mapToLong(LineageRecord::examples)
                .sum();
    }

    /** Walks the labelled ranges: each begins where the last ended. Says where they end. */
    private static long offsets(List<LineageRecord> records) {
        long next = 0;
        for (LineageRecord record : records) {
            for (OffsetRange range : record.kind() == Kind.LABELED ? record.ranges() : List.<OffsetRange>of()) {
                assertThat(range.from()).isEqualTo(next);
                next = range.until();
            }
        }
        return next;
    }
}
