package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.kafka.LineageReader;
import io.headwater.line.LineageRecord;
import io.headwater.line.LineageRecord.Kind;
import io.headwater.metrics.HeadwaterMetrics;
import io.headwater.registry.Manifest;
import io.headwater.registry.VersionStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model whose settings change between two starts of its service. */
class SettingsChangeIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String COMMON = """
            learner = gradient
            gate { min-examples = 20, candidate-examples = 20, max-worse = 10 }
            training { batch-size = 16, batch-age = 20 ms }
            """;
    private static final String BEFORE = COMMON + """
            training { learning-rate = 0.01, replay-rows = 64 }
            checkpoint { every = 200 ms, keep = 3, keep-for-rebuilds = 100 }
            """;
    private static final String AFTER = COMMON + """
            training { learning-rate = 0.002, replay-rows = 16, steps = 3 }
            traffic { max-pending = 50 }
            checkpoint { every = 200 ms, keep = 3, keep-for-rebuilds = 100 }
            """;
    private static final String ANOTHER = AFTER + "training { weight-decay = 0.3 }";

    @TempDir
    Path work;

    @Test
    void versions_areRebuiltAcrossTheChange() throws Exception {
        long last;
        try (RunningService running = RunningService.start(work, BEFORE)) {
            // Given a model that learned with one learning rate and replay size, and went on with others
            long before = learn(running, 0, 300);
            running.restart(AFTER);
            last = learn(running, 300, 600);
            assertThat(last).isGreaterThan(before);
            assertThat(changes(running)).hasSize(1);
            assertThat(manifest(last).provenance().get(Manifest.SETTINGS))
                    .isEqualTo(changes(running).get(0).settingsSha256())
                    .isNotEqualTo(manifest(before).provenance().get(Manifest.SETTINGS));

            // When what was written after the change is lost with the power, and the service starts with the same
            // settings
            running.service().close();
            forgetCheckpointsFrom(changes(running).get(0).sequence());
            running.restart(AFTER);
            last = learn(running, 600, 800);

            // Then the steps before the change were taken again with the settings of then, and no other change is
            // recorded
            assertThat(changes(running)).hasSize(1);

            // And a start with others that ends before it learns anything is another one
            running.restart(ANOTHER);
            running.restart(AFTER);
            last = learn(running, 800, 900);
            assertThat(changes(running)).hasSize(3);
            running.stopService();
            assertThat(running.rebuild().firstDifference()).isZero();
        }

        // And the newest version is made again, from its parent and from the start, though the settings of now are
        // others
        assertIdentical(Rebuilds.of(work));
        Rebuilds.Answer fromStart = Rebuilds.of(work, "--from-start");
        assertIdentical(fromStart);
        assertThat(fromStart.json().path("steps")).isEqualTo(fromStart.json().path("until_sequence"));
        assertThat(fromStart.json().path("version").asLong()).isGreaterThanOrEqualTo(last);

        // When the settings of before are lost, what can be rebuilt still is told and can be
        Files.delete(settingsFile(1));
        Rebuilds.Answer lost = Rebuilds.of(work, "--from-start");
        assertThat(lost.exit()).isEqualTo(1);
        assertThat(lost.json().path("rebuild").asText()).isEqualTo("gone");
        assertThat(lost.json().path("gone").path("reason").asText())
                .matches("steps of model m were taken with the settings [0-9a-f]{64}, which its registry does not keep;"
                        + " versions from [0-9]+ on can be rebuilt, beginning at a checkpoint after them");
        String first =
                lost.json().path("gone").path("reason").asText().replaceAll(".*versions from ([0-9]+) on.*", "$1");
        assertIdentical(Rebuilds.of(work, "--version", first));
    }

    /** The newest version, once it knows all labels until there. */
    private static long learn(RunningService running, int from, int until) throws Exception {
        long version = running.service().progress(RunningService.MODEL).version();
        running.sendLabels(from, until);
        assertThat(running.service().awaitLearned(RunningService.MODEL, until, LONG))
                .isTrue();
        await().atMost(LONG)
                .until(() -> running.service().progress(RunningService.MODEL).version() > version);
        return running.service().progress(RunningService.MODEL).version();
    }

    private static void assertIdentical(Rebuilds.Answer answer) {
        assertThat(answer.exit()).as("%s", answer.json()).isZero();
        assertThat(answer.json().path("rebuild").asText()).isEqualTo("identical");
        assertThat(answer.json().path("gate_figures").asText()).isEqualTo("same");
    }

    private static List<LineageRecord> changes(RunningService running) {
        ModelParts parts = new ModelParts(
                running.config(), running.config().models().get(0), new HeadwaterMetrics(), Clock.systemUTC());
        List<LineageRecord> changes = new ArrayList<>();
        try (LineageReader lineage = parts.lineageReader()) {
            lineage.forEachRemaining(record -> {
                if (record.kind() == Kind.RECONFIGURED) {
                    changes.add(record);
                }
            });
        }
        return changes;
    }

    private Manifest manifest(long version) {
        return VersionStore.forReading(work.resolve("models"), RunningService.MODEL)
                .manifest(version);
    }

    private Path settingsFile(long version) {
        String sha256 = manifest(version).provenance().get(Manifest.SETTINGS);
        return work.resolve("models/m/settings/" + sha256 + ".json");
    }

    private void forgetCheckpointsFrom(long sequence) throws IOException {
        try (Stream<Path> files = Files.list(work.resolve("models/m/checkpoints"))) {
            List<Path> later = files.filter(
                            file -> Long.parseLong(file.getFileName().toString().replaceAll("[^0-9]", "")) >= sequence)
                    .toList();
            assertThat(later).isNotEmpty();
            for (Path file : later) {
                Files.delete(file);
            }
            assertThat(work.resolve("models/m/checkpoints")).isNotEmptyDirectory();
        }
    }
}
