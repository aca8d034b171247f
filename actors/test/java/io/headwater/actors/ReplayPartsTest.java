package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.config.HeadwaterConfig;
import io.headwater.learn.Learner;
import io.headwater.learn.SyntheticStream;
import io.headwater.metrics.HeadwaterMetrics;
import io.headwater.offline.VersionOne;
import java.time.Clock;
import org.junit.jupiter.api.Test;

/** How the settings of replay become a learner. */
final class ReplayPartsTest {
    private static final int BATCHES = 60;

    private static ModelParts parts(String training) {
        HeadwaterConfig config = HeadwaterConfig.parse("headwater.models.m { learner = gradient, features { numeric ="
                + " [amount, distance, noise], categorical = [shop, country], buckets = 64 }, training { " + training
                + " } }");
        return new ModelParts(config, config.models().get(0), new HeadwaterMetrics(), Clock.systemUTC());
    }

    /** What a learner's checkpoint grows by as rows come: what it keeps of them. */
    private static long keptBytes(String training) {
        ModelParts parts = parts(training);
        VersionOne one = parts.learning().develop(new SyntheticStream(1, 0, 0).take(300));
        try (Learner learner = parts.learning().learner(one)) {
            long before = learner.checkpoint().length;
            new SyntheticStream(2, 0, 0).feed(learner, BATCHES);
            return learner.checkpoint().length - before;
        }
    }

    @Test
    void replayBytes_areForAllRowsThatAreKept_ofThePastAndTheLatest() {
        long both = keptBytes("replay-bytes = 8 KiB, replay-rows = 2048, recent-rows = 2048");
        long past = keptBytes("replay-bytes = 8 KiB, replay-rows = 2048");

        assertThat(past).isBetween(5L << 10, 8L << 10);
        assertThat(both).isBetween(5L << 10, 9L << 10);
        assertThat(keptBytes("replay-rows = 100")).isLessThan(past);
    }
}
