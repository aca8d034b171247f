package io.headwater.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.registry.CheckpointStore;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoringTest {
    private static final int STEPS = 12;

    @TempDir
    private Path folder;

    private final RandomRun run = new RandomRun(1, STEPS);
    private CheckpointStore checkpoints;

    @BeforeEach
    void open() {
        checkpoints = new CheckpointStore(folder, 3);
    }

    @Test
    void checkpointOfAnotherFormat_isPassedOver_forTheOneBefore() throws IOException {
        checkpoints.write(5, run.moments.get(4).checkpoint());
        checkpoints.write(9, ofAnotherFormat(run.moments.get(8).checkpoint()));

        try (LearningLine line = LineFixture.line(LineFixture::logistic, run.versions)) {
            assertThat(Restoring.restore(line, checkpoints)).isEqualTo(5);
            assertThat(line.checkpoint()).isEqualTo(run.moments.get(4).checkpoint());
        }
    }

    @Test
    void checkpointOfAnotherLearner_isPassedOver_forTheOneBefore() throws IOException {
        RandomRun others = new RandomRun(2, STEPS, LineFixture::mixture);
        checkpoints.write(5, run.moments.get(4).checkpoint());
        checkpoints.write(9, others.moments.get(8).checkpoint());

        try (LearningLine line = LineFixture.line(LineFixture::logistic, run.versions)) {
            assertThat(Restoring.restore(line, checkpoints)).isEqualTo(5);
            assertThat(line.checkpoint()).isEqualTo(run.moments.get(4).checkpoint());
        }
    }

    @Test
    void noneThatCanBeRead_isToldInOneSentence_andTheLineIsAsItWas() throws IOException {
        checkpoints.write(5, ofAnotherFormat(run.moments.get(4).checkpoint()));
        checkpoints.write(9, ofAnotherFormat(run.moments.get(8).checkpoint()));

        try (LearningLine line = LineFixture.line(LineFixture::logistic, run.versions)) {
            assertThatThrownBy(() -> Restoring.restore(line, checkpoints))
                    .isInstanceOf(UnreadableStateException.class)
                    .hasMessageStartingWith("no checkpoint can be read (the one of step 9: the checkpoint's format is")
                    .hasMessageContaining("; the one of step 5: the checkpoint's format is")
                    .hasMessageEndingWith("and have the whole lineage learned again");
            assertThat(line.state()).isEqualTo(LineState.START);
        }
    }

    @Test
    void noCheckpoint_leavesTheLineAtItsStart() throws IOException {
        try (LearningLine line = LineFixture.line(LineFixture::logistic, run.versions)) {
            assertThat(Restoring.restore(line, checkpoints)).isZero();
            assertThat(line.state()).isEqualTo(LineState.START);
        }
    }

    @Test
    void rollBack_toALearnerOfAnotherFormat_isNoFaultThatTryingAgainMends() {
        run.versions.add(77, LineFixture.logistic().export(), new byte[] {1, 2, 3, 4});

        try (LearningLine line = LineFixture.line(LineFixture::logistic, run.versions)) {
            assertThatThrownBy(() -> line.step(new LineInput.RolledBack(77), 0))
                    .isInstanceOf(UnreadableStateException.class)
                    .hasMessageStartingWith("the learner that goes with version 77 cannot be read: ");
            assertThat(line.state()).isEqualTo(LineState.START);
        }
    }

    private static byte[] ofAnotherFormat(byte[] checkpoint) {
        byte[] other = checkpoint.clone();
        other[3] += 1;
        return other;
    }
}
