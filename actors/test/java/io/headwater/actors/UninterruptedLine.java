package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.feature.RowSource;
import io.headwater.kafka.LineageReader;
import io.headwater.kafka.RecordedInputs;
import io.headwater.line.LearningLine;
import io.headwater.line.Recovery;
import io.headwater.line.VersionSource;
import io.headwater.offline.VersionOne;
import io.headwater.registry.VersionStore;

/**
 * The line that was never killed: in this process, from nothing, it takes whatever the lineage has recorded by now and
 * must have the recorded weights after every step.
 */
final class UninterruptedLine implements AutoCloseable {
    private final ModelParts parts;
    private final RowSource rows;
    private final PastSettings past;
    private final LearningLine line;

    UninterruptedLine(ModelParts parts) {
        this.parts = parts;
        VersionStore store = VersionStore.forReading(parts.dataDir(), parts.name());
        VersionOne one = VersionOne.kept(store);
        this.rows = parts.rows(one);
        this.past = PastSettings.forRebuild(parts, parts.settingsSha256(), store, one, rows);
        this.line = past.line(VersionSource.of(store));
    }

    /** Takes a line that has learned nothing through the whole recorded lineage, and says how it fared. */
    static Recovery.Replayed replay(ModelParts parts) {
        try (UninterruptedLine whole = new UninterruptedLine(parts)) {
            return whole.take();
        }
    }

    /** Takes the steps that are recorded and were not taken yet. */
    void follow() {
        long from = line.state().sequence() + 1;
        assertThat(take().firstDifference())
                .as("first step from %d on with other weights than recorded", from)
                .isZero();
    }

    private Recovery.Replayed take() {
        try (LineageReader recorded = parts.lineageReader(line.state().sequence() + 1);
                RecordedInputs inputs = parts.recordedInputs(past)) {
            return Recovery.replay(line, recorded, inputs);
        }
    }

    long steps() {
        return line.state().sequence();
    }

    @Override
    public void close() {
        line.close();
        rows.close();
    }
}
