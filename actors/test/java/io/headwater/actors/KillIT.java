package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.actors.app.Headwater;
import io.headwater.dataset.Flights;
import io.headwater.event.OffsetRange;
import io.headwater.event.Partition;
import io.headwater.kafka.EmbeddedBroker;
import io.headwater.kafka.KafkaClients;
import io.headwater.kafka.LineageReader;
import io.headwater.line.LineageRecord;
import io.headwater.line.LineageRecord.Kind;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The demo as a process of its own, killed in the middle and started again in the same folder: every labelled offset is
 * applied once by the lineage topic's account, every event has one score, and the weights are those of an uninterrupted
 * line that takes the recorded inputs.
 */
class KillIT {
    private static final int KILLS = 2;
    private static final int PARTITIONS = 4;
    private static final long SEED = 20261121;
    private static final Pattern LEARNED = Pattern.compile("learned ([0-9,]+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path work;

    @Test
    void demo_killedAndStartedAgain_appliesEachLabelOnceAndScoresEachEventOnce() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int kill = 0; kill < KILLS; kill++) {
            Path log = work.resolve("run-" + kill + ".log");
            Process demo = demo(log, "10m");
            await().atMost(Duration.ofSeconds(90)).until(() -> learned(log) > 0 || !demo.isAlive());
            assertThat(demo.isAlive()).as(Files.readString(log)).isTrue();
            // Where in its work the process is hit is left to chance; the seed fixes how long after.
            assertThat(demo.waitFor(random.nextInt(2_000), TimeUnit.MILLISECONDS))
                    .isFalse();
            demo.destroyForcibly().waitFor();
        }

        Path log = work.resolve("last.log");
        Process last = demo(log, "8s");
        assertThat(last.waitFor(150, TimeUnit.SECONDS)).isTrue();

        JsonNode summary = JSON.readTree(lastLine(work.resolve("last.log.out")));
        assertThat(last.exitValue()).as(Files.readString(log)).isZero();
        assertThat(summary.path("lost").asLong()).isZero();
        assertThat(summary.path("duplicated").asLong()).isZero();
        assertThat(summary.path("events_scored").asLong()).isPositive();
        assertThat(summary.path("versions_back").asLong()).isZero();
        try (EmbeddedBroker broker = EmbeddedBroker.start(work.resolve("keep/broker"))) {
            List<LineageRecord> records = lineage(broker);
            assertEveryLabelAppliedOnce(records, broker);
            assertSameWeightsWhenReplayed(records, broker);
        }
    }

    /** Walks the recorded ranges beside the topic itself: no offset left out, none taken twice. */
    private static void assertEveryLabelAppliedOnce(List<LineageRecord> records, EmbeddedBroker broker) {
        Map<Partition, Long> next = new HashMap<>();
        long sequence = 0;
        long examples = 0;
        for (LineageRecord record : records) {
            assertThat(record.sequence()).isEqualTo(++sequence);
            if (record.kind() == Kind.LABELED) {
                examples += record.examples();
                for (OffsetRange range : record.ranges()) {
                    assertThat(range.from()).isEqualTo(next.getOrDefault(range.partition(), 0L));
                    next.put(range.partition(), range.until());
                }
            }
        }
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> labels = consumer.partitionsFor("flights.labels").stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            assertThat(labels).hasSize(PARTITIONS);
            Map<Partition, Long> ends = new HashMap<>();
            consumer.endOffsets(labels).forEach((tp, end) -> ends.put(new Partition(tp.topic(), tp.partition()), end));
            assertThat(next).isEqualTo(ends);
        }
        assertThat(examples)
                .isEqualTo(next.values().stream().mapToLong(Long::longValue).sum());
    }

    /** A fresh process, restored from nothing, takes the recorded inputs and has the recorded weights after each step. */
    private void assertSameWeightsWhenReplayed(List<LineageRecord> records, EmbeddedBroker broker) throws Exception {
        Path fresh = Files.createDirectories(work.resolve("fresh"));
        copyVersions(work.resolve("keep/models/flights"), fresh.resolve("flights"));
        Path config = Files.writeString(
                work.resolve("rebuild.conf"),
                "headwater { data-dir = \"" + fresh + "\", kafka.bootstrap-servers = \"" + broker.bootstrapServers()
                        + "\", models.flights.features { numeric = " + quoted(Flights.LAYOUT.numeric())
                        + ", categorical = " + quoted(Flights.LAYOUT.categorical()) + "} }");
        Path log = work.resolve("rebuild.log");
        Process rebuild = java(log, RebuildMain.class, config.toString()).start();

        assertThat(rebuild.waitFor(150, TimeUnit.SECONDS)).isTrue();

        assertThat(lastLine(work.resolve("rebuild.log.out")))
                .as(Files.readString(log))
                .isEqualTo(records.size() + " 0");
    }

    private static String quoted(List<String> names) {
        return names.stream().map(name -> '"' + name + '"').toList().toString();
    }

    private static void copyVersions(Path from, Path to) throws IOException {
        try (var walk = Files.walk(from)) {
            for (Path source : walk.toList()) {
                Path target = to.resolve(from.relativize(source).toString());
                if (Files.isDirectory(source)) {
                    Files.createDirectories(target);
                } else if (!source.toString().contains("checkpoints")) {
                    Files.copy(source, target);
                }
            }
        }
    }

    private static List<LineageRecord> lineage(EmbeddedBroker broker) {
        List<LineageRecord> records = new ArrayList<>();
        try (LineageReader reader = new LineageReader(
                new KafkaClients(Map.of("bootstrap.servers", broker.bootstrapServers())), "flights.lineage", 1)) {
            reader.forEachRemaining(records::add);
        }
        return records;
    }

    private Process demo(Path log, String time) throws IOException {
        return java(
                        log,
                        Headwater.class,
                        "demo",
                        "--scenario",
                        "flights",
                        "--keep",
                        work.resolve("keep").toString(),
                        "--speed",
                        "40000",
                        "--for",
                        time,
                        "--json")
                .start();
    }

    private static ProcessBuilder java(Path log, Class<?> main, String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx768m",
                "-Dheadwater.home=" + System.getProperty("headwater.home", "target/headwater"),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(args));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(log.toFile()).redirectOutput(new File(log + ".out"));
        builder.environment().put("OMP_NUM_THREADS", "1");
        builder.environment()
                .put("CONFIG_FORCE_headwater_models_flights_topics_partitions", Integer.toString(PARTITIONS));
        // The replay of the whole lineage needs every version that was promoted.
        builder.environment().put("CONFIG_FORCE_headwater_models_flights_versions_keep", "100000");
        return builder;
    }

    private static long learned(Path log) {
        try {
            long learned = 0;
            for (Matcher matcher = LEARNED.matcher(Files.readString(log)); matcher.find(); ) {
                learned = Long.parseLong(matcher.group(1).replace(",", ""));
            }
            return learned;
        } catch (IOException e) {
            return 0;
        }
    }

    private static String lastLine(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        return lines.get(lines.size() - 1);
    }
}
