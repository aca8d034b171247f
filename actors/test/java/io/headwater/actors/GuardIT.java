package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service whose adaptation hurts: it says so, serves the unadapted line, and is the same after a restart. */
class GuardIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int EVENTS = 2_500;
    private static final int WAITING = 500;
    private static final String PENDING = "headwater_pending_scores{model=\"m\"}";
    private static final String UNADAPTED = "headwater_adaptation_serving{line=\"unadapted\",model=\"m\"}";

    /** At a strength at which features that say nothing are worth more than any that tell the classes apart. */
    private static final String SETTINGS = """
            learner = gradient
            adaptation { method = coral, lambda = 1000000, ramp-steps = 1 }
            gate { min-examples = 50, candidate-examples = 100, max-worse = 10 }
            training { batch-size = 32, batch-age = 20 ms, learning-rate = 0.02, intercept-rate = 0 }
            traffic.max-rows-per-second = 1000000
            checkpoint { every = 200 ms, keep = 2 }
            """;

    @TempDir
    Path work;

    @Test
    void adaptationThatHurts_isGivenUp_andStaysSoAfterARestartAndARebuild() throws Exception {
        try (RunningService running = RunningService.start(work, SETTINGS)) {
            // Given events that are examined as they arrive, once the service reads its traffic, and labels that
            // follow them
            AtomicInteger more = new AtomicInteger(2 * EVENTS);
            await().atMost(LONG).until(() -> {
                running.sendEvents(more.get(), more.incrementAndGet());
                return running.metric(PENDING) > 0;
            });
            for (int from = 0; from < EVENTS; from += WAITING) {
                int until = from + WAITING;
                running.sendEvents(from, until);
                await().atMost(LONG).until(() -> running.metric(PENDING) >= WAITING);
                running.sendLabels(from, until);
                assertThat(running.service().awaitLearned(RunningService.MODEL, until, LONG))
                        .isTrue();
            }
            // Then the unadapted line is in use, and the versions that follow say so
            assertThat(running.metric(UNADAPTED)).isEqualTo(1);
            running.sendLabels(EVENTS, EVENTS + 200);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(running.newestNotes()).contains("The unadapted line is in use"));

            // And it still is when the service has started again
            running.restart();
            assertThat(running.metric(UNADAPTED)).isEqualTo(1);

            // And a line that takes the whole lineage comes to the same weights, the choice among them
            running.assertRebuilds(0);
        }
    }
}
