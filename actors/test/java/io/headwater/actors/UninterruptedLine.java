package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.feature.RowSource;
import io.headwater.kafka.KafkaClients;
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
    private final KafkaClients clients;
    private final RowSource rows;
    private final PastSettings past;
    private final LearningLine line;

    UninterruptedLine(ModelParts parts, KafkaClients clients) {
        this.parts = parts;
        this.clients = clients;
        VersionStore store = VersionStore.forReading(parts.dataDir(), parts.name());
        VersionOne one = VersionOne.kept(store);
        this.rows = parts.rows(one);
        this.past = PastSettings.forRebuild(parts, parts.settingsSha256(), store, one, rows);
        this.line = past.line(VersionSource.of(store));
    }

    /** Takes the steps that are recorded and were not taken yet. */
    void follow() {
        long from = line.state().sequence() + 1;
        try (LineageReader recorded =
                        new LineageReader(clients, parts.config().topics().lineage(), from);
                RecordedInputs inputs = parts.recordedInputs(past)) {
            assertThat(Recovery.replay(line, recorded, inputs).firstDifference())
                    .as("first step from %d on with other weights than recorded", from)
                    .isZero();
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
