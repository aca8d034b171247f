package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.line.LineageRecord;
import io.headwater.line.LineageRecord.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that aligns the domains of its stream, through a restart and back from its lineage. */
class AdaptedServiceIT {
    private static final Duration LONG = Duration.ofSeconds(90);

    /** Kinds k0 and k1 are sources; k2, k3 and k4 are targets, of which the last two share a window. */
    private static final String SETTINGS = """
            adaptation { method = dann, domain = kind, source = [k0, k1], max-targets = 2, rows = 16, ramp-steps = 20 }
            gate { min-examples = 20, candidate-examples = 20, max-worse = 10 }
            training { batch-size = 16, batch-age = 20 ms }
            checkpoint { every = 200 ms, keep = 2 }
            """;

    @TempDir
    Path work;

    @Test
    void adaptedVersions_sayToWhat_andTheLineageLeadsToTheSameBits() throws Exception {
        try (RunningService running = RunningService.start(work, SETTINGS)) {
            learn(running, 0);
            running.restart();
            learn(running, 100_000);
            await().atMost(LONG)
                    .until(() ->
                            running.service().progress(RunningService.MODEL).version() > 3);
            long version = running.service().progress(RunningService.MODEL).version();
            running.stopService();

            assertThat(Files.readString(running.modelFolder()
                            .resolve(Long.toString(version))
                            .resolve("manifest.json")))
                    .contains("dann", "'k2' (lambda ", "proxy A-distance");
            running.assertRebuilds(20);
        }
    }

    /** Events until 300 more are examined, and labels of 200. */
    private static void learn(RunningService running, int from) throws Exception {
        long before = taken(running, Kind.TRAFFIC);
        long labels = taken(running, Kind.LABELED) + 200;
        AtomicInteger next = new AtomicInteger(from);
        // Traffic is read from where the topic ended when its reader began, which the first events may be ahead of.
        await().atMost(LONG).until(() -> {
            running.sendEvents(next.get(), next.addAndGet(100));
            return taken(running, Kind.TRAFFIC) >= before + 300;
        });
        running.sendLabels(from, from + 200);
        await().atMost(LONG).until(() -> taken(running, Kind.LABELED) == labels);
    }

    /** Records that the line has taken in as such an input. */
    private static long taken(RunningService running, Kind kind) {
        return running.lineage().stream()
                .filter(record -> record.kind() == kind)
                .mapToLong(LineageRecord::examples)
                .sum();
    }
}
