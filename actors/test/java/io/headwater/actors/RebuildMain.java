package io.headwater.actors;

import io.headwater.config.HeadwaterConfig;
import io.headwater.line.Recovery;
import io.headwater.metrics.HeadwaterMetrics;
import java.nio.file.Path;
import java.time.Clock;

/** A fresh process that takes the recorded lineage: prints how many steps it took and the first that differs, or 0. */
final class RebuildMain {
    private RebuildMain() {}

    public static void main(String[] args) {
        HeadwaterConfig config = HeadwaterConfig.read(Path.of(args[0]));
        ModelParts parts = new ModelParts(config, config.models().get(0), new HeadwaterMetrics(), Clock.systemUTC());
        Recovery.Replayed replayed = UninterruptedLine.replay(parts);
        System.out.println(replayed.steps() + " " + replayed.firstDifference());
        System.exit(0);
    }
}
