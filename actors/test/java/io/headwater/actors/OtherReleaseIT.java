package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.registry.CheckpointStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that starts on what another release kept. */
class OtherReleaseIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path work;

    @Test
    void checkpointsOfAnotherFormat_endTrainingWithASentence_andScoresGoOn() throws Exception {
        try (RunningService running = RunningService.start(work, "gate.min-examples = 50")) {
            running.sendLabels(0, 200);
            assertThat(running.service().awaitLearned(RunningService.MODEL, 200, LONG))
                    .isTrue();
            running.stopService();
            writeInAnotherFormat(running.modelFolder().resolve("checkpoints"));

            running.restart();

            assertThat(running.http("GET", "/v2/health/ready").body())
                    .contains("\"state\":\"ended\"")
                    .contains("no checkpoint can be read (the one of step ");
            assertThat(running.http("GET", "/metrics").body()).containsPattern("headwater_training_up\\{[^}]*} 0");
            running.sendEvents(0, 50);
            assertThat(running.scores(50, LONG)).hasSize(50);
        }
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
