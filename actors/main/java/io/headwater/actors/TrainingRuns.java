package io.headwater.actors;

import io.headwater.feature.RowSource;
import io.headwater.kafka.LineageReader;
import io.headwater.kafka.RecordedInputs;
import io.headwater.line.LearningLine;
import io.headwater.line.Recovery;
import io.headwater.line.TrainingRun;
import io.headwater.line.VersionSource;
import io.headwater.offline.VersionOne;
import io.headwater.registry.VersionStore;

/** Makes training runs of a model's parts. */
final class TrainingRuns {
    private TrainingRuns() {}

    /** A run that goes on where the last one ended: see {@link TrainingRun#open}. */
    static TrainingRun open(ModelParts parts, OpenedModel opened) {
        return TrainingRun.open(
                line(parts, opened.one(), opened.rows(), opened.store()),
                new TrainingRun.Surroundings(
                        parts.name(),
                        parts::lineageTopic,
                        parts::recordedInputs,
                        parts.checkpoints(opened.store()),
                        opened.store(),
                        parts.clock(),
                        parts.telemetry()));
    }

    /**
     * Takes a fresh line through the whole recorded lineage, writes nothing, and says whether it has the recorded
     * weights after every step.
     */
    static Recovery.Replayed rebuild(ModelParts parts) {
        try (VersionStore store = VersionStore.open(parts.dataDir(), parts.name(), Integer.MAX_VALUE);
                Rebuilt rebuilt = Rebuilt.of(parts, store);
                LineageReader recorded = parts.lineageReader();
                RecordedInputs inputs = parts.recordedInputs()) {
            return Recovery.replay(rebuilt.line(), recorded, inputs);
        }
    }

    /** A fresh line on what the store holds. */
    private record Rebuilt(RowSource rows, LearningLine line) implements AutoCloseable {
        static Rebuilt of(ModelParts parts, VersionStore store) {
            VersionOne one = VersionOne.kept(store);
            RowSource rows = parts.rows(one);
            return new Rebuilt(rows, TrainingRuns.line(parts, one, rows, store));
        }

        @Override
        public void close() {
            line.close();
            rows.close();
        }
    }

    private static LearningLine line(ModelParts parts, VersionOne one, RowSource rows, VersionStore store) {
        return new LearningLine(
                parts.learner(one),
                ModelParts.lineRows(rows),
                VersionSource.of(store),
                parts.lineSettings(rows.layout()));
    }
}
