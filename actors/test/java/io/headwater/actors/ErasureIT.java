package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.actors.app.Headwater;
import io.headwater.cli.ModelsCommand;
import io.headwater.event.OffsetRange;
import io.headwater.event.RowKey;
import io.headwater.learn.Trace;
import io.headwater.line.LineageRecord.Kind;
import io.headwater.line.Recovery;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code models erase} of a running service, with rows that nobody else's are like. */
class ErasureIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OWNER = "card 4711";
    /** No other record has it, and no sum of theirs. */
    private static final List<Float> TELL_TALE = List.of(1.2345678f, -1.8765432f, 0.7654321f);

    private static final String SETTINGS = """
            erasure.owner = card
            topics.partitions = 1
            gate { min-examples = 20, candidate-examples = 20, max-worse = 10 }
            training { batch-size = 16, batch-age = 20 ms }
            checkpoint { every = 200 ms, keep = 3 }
            learner =\s""";

    private static final int SOURCE = 400;

    /** @param owners whether one of the source's examples is the owner's too */
    private static RunningService.Records records(boolean owners) {
        return new RunningService.Records("features { numeric = [x], categorical = [kind] }", TestStream::event, n -> {
            if (owners && n == -SOURCE / 2) {
                return tellTale("s", 2, ",\"label\":1");
            }
            return n < 0 ? TestStream.ofSource(-n) : TestStream.labeled(n);
        });
    }

    @TempDir
    Path work;

    @ParameterizedTest
    @ValueSource(strings = {"mixture", "gradient"})
    void erase_leavesNoRowOfTheOwner_onDiskOrAfterARestart(String learner) throws Exception {
        boolean inSource = learner.equals("gradient");
        try (RunningService running = RunningService.start(work, records(inSource), SOURCE, SETTINGS + learner)) {
            // Given a model that learned rows of an owner, and has events of his that wait for their label
            awaitTraffic(running);
            running.sendLabels(0, 100);
            long last = 0;
            for (int i = 0; i < TELL_TALE.size(); i++) {
                send(running, ".labels", i, ",\"label\":" + i % 2);
                last = send(running, ".events", 10 + i, "");
            }
            long end = last + 1;
            running.sendLabels(100, 200);
            assertThat(running.service().awaitLearned(RunningService.MODEL, 203, LONG))
                    .isTrue();
            await().atMost(LONG).untilAsserted(() -> {
                assertThat(withTraces(running)).anyMatch(name -> name.endsWith("learner.bin"));
                assertThat(withTraces(running)).anyMatch(name -> name.endsWith(".checkpoint"));
                assertThat(examined(running)).isGreaterThanOrEqualTo(end);
            });

            // And what others are told of the model is nobody's
            assertThat(withTraces(running)).doesNotContain("source.bin");
            assertThat(announced(running)).containsKey(RunningService.MODEL + "/source.bin");
            assertThat(announced(running).values()).noneMatch(ErasureIT::hasTrace);

            // When he asks that they are forgotten
            JsonNode answer = erase();

            // Then the answer counts them, and no file has them
            assertThat(answer.path("rows").asInt()).isGreaterThanOrEqualTo(TELL_TALE.size());
            assertThat(answer.path("waiting").asInt()).isEqualTo(3);
            assertThat(answer.path("checkpoints").asInt()).isPositive();
            assertThat(answer.path("versions")).isNotEmpty();
            assertThat(answer.path("source").asBoolean()).isEqualTo(inSource);
            assertThat(withTraces(running)).isEmpty();

            // And so it stays, while it learns on and after a restart, also where that takes adaptation up
            running.sendLabels(200, 300);
            assertThat(running.service().awaitLearned(RunningService.MODEL, 303, LONG))
                    .isTrue();
            running.restart(SETTINGS + learner + (inSource ? "\n adaptation.method = mmd\n" : ""));
            running.sendLabels(300, 400);
            assertThat(running.service().awaitLearned(RunningService.MODEL, 403, LONG))
                    .isTrue();
            assertThat(withTraces(running)).isEmpty();

            // And the lineage and the audit trail know his key, and not his name
            String key = String.format(Locale.ROOT, "%016x", RowKey.of(OWNER));
            assertThat(running.lineage())
                    .filteredOn(record -> record.kind() == Kind.ERASED)
                    .singleElement()
                    .satisfies(record -> assertThat(record.erased()).containsExactly(RowKey.of(OWNER)));
            assertThat(Files.readString(running.modelFolder().resolve("audit.jsonl")))
                    .contains("\"ERASE\"", key, "he asked for it")
                    .doesNotContain(OWNER);
            assertThat(running.modelFolder().resolve("erasing.json")).doesNotExist();

            // And whoever takes the recorded steps from the start comes to the same weights
            running.stopService();
            Recovery.Replayed replayed = running.rebuild();
            assertThat(replayed.firstDifference()).isZero();
            assertThat(replayed.steps()).isGreaterThan(10);
        }
    }

    /** Traffic is read from where the topic ended when its reader began: events of others until one is examined. */
    private static void awaitTraffic(RunningService running) {
        AtomicInteger sent = new AtomicInteger();
        await().atMost(LONG).until(() -> {
            String event = TestStream.event(sent.incrementAndGet());
            running.send(".events", event.getBytes(StandardCharsets.UTF_8)).get();
            return examined(running) > 0;
        });
    }

    /** The offset of the one partition of events that the next one to be examined has, by the lineage. */
    private static long examined(RunningService running) {
        return running.lineage().stream()
                .filter(record -> record.kind() == Kind.TRAFFIC)
                .flatMap(record -> record.ranges().stream())
                .mapToLong(OffsetRange::until)
                .max()
                .orElse(0);
    }

    /** The offset that it has. */
    private static long send(RunningService running, String topic, int number, String label) throws Exception {
        return running.send(topic, tellTale("e" + number, number % 10, label).getBytes(StandardCharsets.UTF_8))
                .get()
                .offset();
    }

    private static String tellTale(String id, int which, String label) {
        return String.format(
                Locale.ROOT,
                "{\"id\":\"%s %s\",\"time\":1700000000000,\"card\":\"%s\",\"x\":%s,\"kind\":\"k1\"%s}",
                OWNER,
                id,
                OWNER,
                TELL_TALE.get(which),
                label);
    }

    private JsonNode erase() throws IOException {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = new CommandLine(new ModelsCommand(Headwater::rebuild))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(
                        "erase",
                        "--model",
                        RunningService.MODEL,
                        "--work",
                        work.toString(),
                        "--owner",
                        OWNER,
                        "--why",
                        "he asked for it",
                        "--json");
        assertThat(exit).as("%s", err).isZero();
        return JSON.readTree(out.toString());
    }

    /** The files of the model that hold a value, the name or the id of one of the owner's rows. */
    private static List<String> withTraces(RunningService running) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(running.modelFolder())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (hasTrace(read(file))) {
                    found.add(running.modelFolder().relativize(file).toString());
                }
            }
        } catch (UncheckedIOException e) {
            // A folder went while it was walked through: look again.
            return withTraces(running);
        }
        return found;
    }

    private static boolean hasTrace(byte[] bytes) {
        boolean named = new String(bytes, StandardCharsets.ISO_8859_1).contains(OWNER);
        return named || TELL_TALE.stream().anyMatch(value -> Trace.isIn(bytes, value));
    }

    /** What the topic of versions has in its first transaction, the source model among it, by key. */
    private static Map<String, byte[]> announced(RunningService running) {
        return running.read(".versions", 4, LONG).stream()
                .collect(Collectors.toMap(
                        record -> new String(record.key(), StandardCharsets.UTF_8),
                        ConsumerRecord::value,
                        (a, b) -> b));
    }

    private static byte[] read(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }
}
