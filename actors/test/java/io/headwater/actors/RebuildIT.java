package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.headwater.kafka.FlippedByte;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code models rebuild} of a version that several partitions and a restart made. */
class RebuildIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int PARTITIONS = 4;
    private static final String SETTINGS = """
            learner = mixture
            topics.partitions = 4
            gate { min-examples = 20, candidate-examples = 20, max-worse = 10 }
            training { batch-size = 16, batch-age = 20 ms }
            checkpoint { every = 200 ms, keep = 2 }
            """;

    @TempDir
    Path work;

    @Test
    void rebuild_isIdentical_untilOneByteOfOneEventIsAnother() throws Exception {
        // Given a model that learned from four partitions, before and after a restart
        long version;
        try (RunningService running = RunningService.start(work, SETTINGS)) {
            send(running, 0, 400);
            assertThat(running.service().awaitLearned(RunningService.MODEL, 400, LONG))
                    .isTrue();
            running.restart();
            send(running, 400, 800);
            assertThat(running.service().awaitLearned(RunningService.MODEL, 800, LONG))
                    .isTrue();
            await().atMost(LONG)
                    .until(() ->
                            running.service().progress(RunningService.MODEL).version() > 1);
            version = running.service().progress(RunningService.MODEL).version();

            // Then while it runs the version is made again from a checkpoint
            Rebuilds.Answer beside = Rebuilds.of(work, "--version", Long.toString(version));
            assertThat(beside.exit()).as("%s", beside.json()).isZero();
            assertThat(beside.json().path("rebuild").asText()).isEqualTo("identical");
            assertThat(beside.json().path("gate_figures").asText()).isEqualTo("same");
            assertThat(beside.json().path("from_sequence").asLong()).isPositive();
        }

        // And from the start where nothing runs, on other steps but to the same bytes
        Rebuilds.Answer fromStart = Rebuilds.of(work, "--version", Long.toString(version), "--from-start");
        assertThat(fromStart.exit()).as("%s", fromStart.json()).isZero();
        assertThat(fromStart.json().path("steps").asLong())
                .isEqualTo(fromStart.json().path("until_sequence").asLong());
        assertThat(fromStart.json().path("sha256").asText())
                .isEqualTo(fromStart.json().path("recorded_sha256").asText());

        // When one bit of one event in one partition changes, the batch that it was in is named
        FlippedByte.flip(segment(2), 7, true);
        Rebuilds.Answer flipped = Rebuilds.of(work, "--version", Long.toString(version), "--from-start");
        assertThat(flipped.exit()).isEqualTo(1);
        assertThat(flipped.json().path("rebuild").asText()).isEqualTo("differs");
        JsonNode first = flipped.json().path("first_difference");
        assertThat(first.path("what").asText()).isEqualTo("input");
        assertThat(first.path("ranges")).anySatisfy(range -> {
            assertThat(range.path("topic").asText()).isEqualTo("m.labels");
            assertThat(range.path("partition").asInt()).isEqualTo(2);
            assertThat(range.path("from").asLong()).isLessThanOrEqualTo(7);
            assertThat(range.path("until").asLong()).isGreaterThan(7);
        });

        // And the same where the checksum tells it
        FlippedByte.flip(segment(2), 7, false);
        Rebuilds.Answer damaged = Rebuilds.of(work, "--version", Long.toString(version), "--from-start");
        assertThat(damaged.exit()).isEqualTo(1);
        assertThat(damaged.json().path("rebuild").asText()).isIn("differs", "gone");
        assertThat(damaged.json().path("steps")).isEqualTo(flipped.json().path("steps"));
    }

    /** Labels in turn to each partition. */
    private static void send(RunningService running, int from, int until) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", running.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int n = from; n < until; n++) {
                byte[] value = TestStream.labeled(n).getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>("m.labels", n % PARTITIONS, null, value));
            }
        }
    }

    private Path segment(int partition) throws IOException {
        Path log = work.resolve("broker/topics/m.labels-" + partition + "/00000000000000000000.log");
        assertThat(Files.size(log)).isPositive();
        return log;
    }
}
