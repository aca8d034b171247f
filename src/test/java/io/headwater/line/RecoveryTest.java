package io.headwater.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.event.MiniBatch;
import io.headwater.event.OffsetRange;
import io.headwater.event.Partition;
import io.headwater.event.TrafficBatch;
import io.headwater.line.LineageRecord.Kind;
import io.headwater.line.Recovery.RecordedInputSource;
import io.headwater.line.Recovery.Replayed;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecoveryTest {
    private static final int STEPS = 30;

    private final RandomRun run = new RandomRun(11, STEPS);

    private LearningLine freshLine() {
        return LineFixture.line(LineFixture::logistic, run.versions);
    }

    private LineInput recorded(LineageRecord record, String settings) {
        return run.inputs.get((int) record.sequence() - 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 13, STEPS - 1, STEPS})
    void replay_fromAnyCheckpoint_reachesTheSameState(int checkpointAfter) {
        // Given a line restored from a checkpoint in the middle, or a fresh one
        try (LearningLine line = freshLine()) {
            if (checkpointAfter > 0) {
                line.restore(run.moments.get(checkpointAfter - 1).checkpoint());
            }
            List<LineageRecord> asked = new ArrayList<>();

            // When the whole lineage is replayed
            Replayed replayed = Recovery.replay(line, run.lineage().iterator(), (record, settings) -> {
                asked.add(record);
                return recorded(record, settings);
            });

            // Then it takes the steps after the checkpoint only, and ends where the uninterrupted run did
            assertThat(replayed).isEqualTo(new Replayed(STEPS - checkpointAfter, 0, List.of()));
            assertThat(line.checkpoint()).isEqualTo(run.moments.get(STEPS - 1).checkpoint());
            assertThat(line.standing()).isEqualTo(run.moments.get(STEPS - 1).standing());
            assertThat(asked)
                    .allMatch(record -> record.sequence() > checkpointAfter)
                    .allMatch(record -> record.kind() == Kind.LABELED || record.kind() == Kind.TRAFFIC);
        }
    }

    @Test
    void runOfTheTest_holdsEveryKindOfStep() {
        assertThat(run.lineage()).extracting(LineageRecord::kind).contains(Kind.values());
    }

    @Test
    void replay_ofNothing_changesNothing() {
        try (LearningLine line = freshLine()) {
            assertThat(Recovery.replay(line, List.<LineageRecord>of().iterator(), this::recorded))
                    .isEqualTo(new Replayed(0, 0, List.of()));
        }
    }

    @Test
    void gapInTheLineage_isRefusedAtTheGap() {
        List<LineageRecord> lineage = new ArrayList<>(run.lineage());
        lineage.remove(9);

        try (LearningLine line = freshLine()) {
            assertThatThrownBy(() -> Recovery.replay(line, lineage.iterator(), this::recorded))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the lineage jumps from step 9 to 11");
            assertThat(line.checkpoint()).isEqualTo(run.moments.get(8).checkpoint());
        }
    }

    @Test
    void lineageThatBeginsAfterTheCheckpoint_isRefused() {
        try (LearningLine line = freshLine()) {
            line.restore(run.moments.get(4).checkpoint());

            assertThatThrownBy(() -> Recovery.replay(
                            line, run.lineage().subList(6, STEPS).iterator(), this::recorded))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the lineage jumps from step 5 to 7");
        }
    }

    @Test
    void inputThatIsNotTheRecordedOne_isRefusedBeforeTheLineTakesIt() {
        // Given a topic whose records were changed, whose offsets moved, or that gives another kind of input
        assertRefused(input -> input instanceof LineInput.Labeled labeled
                ? new LineInput.Labeled(new MiniBatch(
                        labeled.batch().examples(), labeled.batch().ranges(), "changed"))
                : input);
        assertRefused(input -> input instanceof LineInput.Traffic traffic
                ? new LineInput.Traffic(new TrafficBatch(
                        traffic.batch().events(), traffic.batch().ranges(), "changed"))
                : input);
        assertRefused(input -> input instanceof LineInput.Labeled labeled
                ? new LineInput.Labeled(new MiniBatch(
                        labeled.batch().examples(),
                        List.of(new OffsetRange(new Partition("labels", 0), 900, 999)),
                        labeled.batch().inputSha256()))
                : input);
        assertRefused(input -> input instanceof LineInput.Labeled labeled
                ? new LineInput.Traffic(new TrafficBatch(
                        List.of(), labeled.batch().ranges(), labeled.batch().inputSha256()))
                : input);
    }

    private interface Change {
        LineInput of(LineInput input);
    }

    private void assertRefused(Change change) {
        RecordedInputSource changed = (record, settings) -> change.of(recorded(record, settings));
        try (LearningLine line = freshLine()) {
            assertThatThrownBy(() -> Recovery.replay(line, run.lineage().iterator(), changed))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageMatching("the input of step [0-9]+ is not the recorded one: .* with SHA-256 .*,"
                            + " recorded (LABELED|TRAFFIC) .*");

            int taken = (int) line.state().sequence();
            if (taken > 0) {
                assertThat(line.checkpoint())
                        .isEqualTo(run.moments.get(taken - 1).checkpoint());
            } else {
                assertThat(line.state()).isEqualTo(LineState.START);
            }
        }
    }

    @Test
    void sourceWhoseRecordsAreGone_saysSoAndStops() {
        RecordedInputSource gone = (record, settings) -> {
            throw new IllegalStateException("retention has taken " + record.ranges());
        };

        try (LearningLine line = freshLine()) {
            assertThatThrownBy(() -> Recovery.replay(line, run.lineage().iterator(), gone))
                    .hasMessageStartingWith("retention has taken");
        }
    }

    @Test
    void weightsThatDifferFromTheRecordedOnes_areToldWithTheirFirstStep() {
        // Given a lineage of which two steps recorded other weights
        List<LineageRecord> lineage = new ArrayList<>(run.lineage());
        for (int i : new int[] {12, 20}) {
            LineageRecord record = lineage.get(i);
            lineage.set(
                    i,
                    new LineageRecord(
                            record.sequence(),
                            record.kind(),
                            record.ranges(),
                            record.inputSha256(),
                            record.examples(),
                            record.version(),
                            record.alarm(),
                            record.erased(),
                            record.settingsSha256(),
                            "other",
                            record.timeMs()));
        }

        try (LearningLine line = freshLine()) {
            assertThat(Recovery.replay(line, lineage.iterator(), this::recorded))
                    .isEqualTo(new Replayed(STEPS, 13, List.of()));
        }
    }
}
