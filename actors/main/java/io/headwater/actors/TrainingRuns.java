package io.headwater.actors;

import io.headwater.kafka.LineageReader;
import io.headwater.line.LineageRecord;
import io.headwater.line.TrainingRun;
import io.headwater.line.VersionSource;
import io.headwater.registry.CheckpointStore;
import io.headwater.registry.VersionStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;

/** Makes training runs of a model's parts. */
final class TrainingRuns {
    private TrainingRuns() {}

    /** A run that goes on where the last one ended: see {@link TrainingRun#open}. */
    static TrainingRun open(ModelParts parts, OpenedModel opened) {
        CheckpointStore checkpoints = parts.checkpoints(opened.store());
        checkOwnLineage(parts, checkpoints, opened.store());
        PastSettings past = PastSettings.forTraining(parts, opened.store(), opened.one(), opened.rows());
        return TrainingRun.open(
                past.line(VersionSource.of(opened.store())),
                new TrainingRun.Surroundings(
                        parts.name(),
                        parts::lineageTopic,
                        () -> parts.recordedInputs(past),
                        checkpoints,
                        opened.store(),
                        parts.settingsSha256(),
                        parts.clock(),
                        parts.telemetry()));
    }

    /** Opening the lineage shuts out whoever trains the model now, so it is looked at before that. */
    private static void checkOwnLineage(ModelParts parts, CheckpointStore checkpoints, VersionStore store) {
        try {
            if (!checkpoints.isEmpty()) {
                return;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("checkpoints cannot be read: " + e, e);
        }
        Set<Long> own = Set.copyOf(store.numbers());
        try (LineageReader recorded = parts.lineageReader()) {
            while (recorded.hasNext()) {
                LineageRecord record = recorded.next();
                if (record.version() > 0 && !own.contains(record.version())) {
                    throw new ForeignLineageException("the lineage of model " + parts.name() + " names version "
                            + record.version() + ", which is not in " + parts.dataDir()
                            + ": another process trains the model; this one only serves. Give it role = serving, or the"
                            + " folder of that one once it has stopped");
                }
            }
        }
    }
}
