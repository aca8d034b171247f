package io.headwater.actors;

import io.headwater.kafka.LineageReader;
import io.headwater.line.LineageRecord;
import io.headwater.line.TrainingRun;
import io.headwater.line.VersionSource;
import io.headwater.registry.CheckpointStore;
import io.headwater.registry.VersionStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LongSummaryStatistics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes training runs of a model's parts. */
final class TrainingRuns {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingRuns.class);

    private TrainingRuns() {}

    /** A run that goes on where the last one ended: see {@link TrainingRun#open}. */
    static TrainingRun open(ModelParts parts, OpenedModel opened) {
        CheckpointStore checkpoints = parts.checkpoints(opened.store());
        checkOwnLineage(parts, checkpoints, opened.store());
        PastSettings past = PastSettings.forTraining(parts, opened.store(), opened.one(), opened.rows());
        LongSummaryStatistics stoodIn = new LongSummaryStatistics();
        TrainingRun run = TrainingRun.open(
                past.line(VersionSource.of(opened.store(), stoodIn)),
                new TrainingRun.Surroundings(
                        parts.name(),
                        parts::lineageTopic,
                        () -> parts.recordedInputs(past),
                        checkpoints,
                        opened.store(),
                        parts.settingsSha256(),
                        parts.clock(),
                        parts.telemetry()));
        if (stoodIn.getCount() > 0) {
            LOG.info(
                    "{}: the source model stood in for {} champions that are gone, versions {} to {}; what is learned"
                            + " does not depend on them",
                    parts.name(),
                    stoodIn.getCount(),
                    stoodIn.getMin(),
                    stoodIn.getMax());
        }
        return run;
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
        // Numbers are never used twice: what retention took is one's own too.
        long next = store.nextNumber();
        try (LineageReader recorded = parts.lineageReader()) {
            while (recorded.hasNext()) {
                LineageRecord record = recorded.next();
                if (record.version() >= next) {
                    throw new ForeignLineageException("the lineage of model " + parts.name() + " names version "
                            + record.version() + ", which was never in " + parts.dataDir()
                            + ": another process trains the model; this one only serves. Give it role = serving, or the"
                            + " folder of that one once it has stopped");
                }
            }
        }
    }
}
