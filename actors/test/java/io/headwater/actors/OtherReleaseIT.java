package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.line.LineageRecord;
import io.headwater.registry.CheckpointStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that starts on what another release kept. */
class OtherReleaseIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    /** Many versions, of which few are kept. */
    private static final String OFTEN = """
            gate { min-examples = 20, candidate-examples = 20, max-worse = 10 }
            training { batch-size = 16, batch-age = 20 ms }
            checkpoint { every = 50 ms, keep = 2, keep-for-rebuilds = 0 }
            versions.keep = 2
            """;

    @TempDir
    Path work;

    @Test
    void checkpointsOfAnotherFormat_endTrainingWithASentence_andItsWayOutLearnsTheWholeLineageAgain() throws Exception {
        try (RunningService running = RunningService.start(work, OFTEN)) {
            // Given versions that the lineage names and retention has deleted
            int sent = 0;
            while (deleted(running).isEmpty()) {
                assertThat(sent).isLessThan(10_000);
                sent = learn(running, sent, sent + 40);
            }
            running.stopService();
            writeInAnotherFormat(running.modelFolder().resolve("checkpoints"));

            running.restart();

            assertThat(running.http("GET", "/v2/health/ready").body())
                    .contains("\"state\":\"ended\"")
                    .contains("no checkpoint can be read (the one of step ");
            assertThat(running.http("GET", "/metrics").body()).containsPattern("headwater_training_up\\{[^}]*} 0");
            running.sendEvents(0, 50);
            assertThat(running.scores(50, LONG)).hasSize(50);

            // When its advice is followed
            running.stopService();
            Files.move(running.modelFolder().resolve("checkpoints"), work.resolve("away"));
            running.restart();

            // Then it goes on from the same weights
            sent = learn(running, sent, sent + 40);
            running.assertRebuilds(sent / 16);
        }
    }

    /** Sends labels until they are learned; says until which. */
    private static int learn(RunningService running, int from, int until) throws Exception {
        running.sendLabels(from, until);
        assertThat(running.service().awaitLearned(RunningService.MODEL, until, LONG))
                .isTrue();
        return until;
    }

    /** The versions that the line had as its champions and that are there no more. */
    private static Set<Long> deleted(RunningService running) throws Exception {
        Set<Long> gone = new TreeSet<>();
        for (LineageRecord record : running.lineage()) {
            if (record.version() > 0
                    && Files.notExists(running.modelFolder().resolve(Long.toString(record.version())))) {
                gone.add(record.version());
            }
        }
        return gone;
    }

    /** The newest checkpoint as another release would have it, and no other. */
    private static void writeInAnotherFormat(Path folder) throws Exception {
        CheckpointStore store = new CheckpointStore(folder, 2);
        CheckpointStore.Restored newest = store.newest().orElseThrow();
        byte[] payload = newest.payload().clone();
        payload[3] += 1;
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
        store.write(newest.sequence(), payload);
    }
}
