package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service whose net learns nothing while the base rate has moved: what it serves comes true all the same. */
class CalibrationIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int EVENTS = 3_000;

    private static final String SETTINGS = """
            learner = gradient
            gate { min-examples = 50, candidate-examples = 100, max-worse = 10 }
            training { batch-size = 32, batch-age = 20 ms, learning-rate = 0.000001, intercept-rate = 0 }
            checkpoint { every = 200 ms, keep = 2 }
            """;

    @TempDir
    Path work;

    @Test
    void provenMap_isServedAndReported_andIsTheSameAfterARestartAndARebuild() throws Exception {
        try (RunningService running = RunningService.start(work, SETTINGS)) {
            for (int from = 0; from < EVENTS; from += 100) {
                running.sendEvents(from, from + 100);
                running.sendLabels(from, from + 100);
            }
            assertThat(running.service().awaitLearned(RunningService.MODEL, EVENTS, LONG))
                    .isTrue();

            // Then versions with a map that raises every logit serve, and their probabilities come true. Labels of
            // events that nobody waits for any more are examined as they come
            await().atMost(LONG).untilAsserted(() -> {
                running.sendLabels(0, 500);
                assertThat(running.metric(error("champion"))).isLessThan(running.metric(error("frozen")) / 2);
            });
            assertThat(running.newestNotes()).containsPattern("mapped by \\d\\.\\d+ z \\+[01]\\.\\d+");

            // And a line that takes the whole lineage comes to the same weights, the map among them
            running.restart();
            running.assertRebuilds(0);
        }
    }

    private static String error(String line) {
        return "headwater_calibration_error_ratio{line=\"" + line + "\",model=\"m\"}";
    }
}
