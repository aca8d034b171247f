package io.headwater.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.drift.FalseAlarmBudget;
import io.headwater.event.EventLayout;
import io.headwater.feature.FeatureSchema;
import io.headwater.gate.GateSettings;
import io.headwater.line.LineFixture.Versions;
import io.headwater.registry.RegistryException;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints that are not what they should be: each is refused with a sentence and changes nothing. */
class LineCheckpointTest {
    private final RandomRun run = new RandomRun(43, 12);
    private final byte[] whole = run.moments.get(11).checkpoint();
    private final LearningLine line = LineFixture.line(LineFixture::logistic, run.versions);
    private byte[] before = new byte[0];

    @BeforeEach
    void bringTheLineSomewhereElse() {
        line.restore(run.moments.get(7).checkpoint());
        before = line.checkpoint();
    }

    @AfterEach
    void closeLine() {
        line.close();
    }

    @Test
    void cutCheckpoint_isRefusedAtEveryLength() {
        for (int length = 0; length < whole.length; length++) {
            assertRefused(Arrays.copyOf(whole, length), "the checkpoint ends too early or is of another model");
        }
    }

    @Test
    void bytesAfterTheEnd_areRefused() {
        assertRefused(Arrays.copyOf(whole, whole.length + 1), "the checkpoint ends too early or is of another model");
    }

    @Test
    void futureFormat_isRefused() {
        byte[] future = whole.clone();
        ByteBuffer.wrap(future).putInt(0, 99);

        assertRefused(future, "the checkpoint's format is 99, this program reads 7");
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, Integer.MIN_VALUE, 0x10000001})
    void fieldThatIsHugeOrNegative_isRefusedWithoutTheMemoryForIt(int value) {
        // Wherever four bytes may be a count or a length; where they are not, the checkpoint may be read
        for (int at = 0; at + 4 <= whole.length; at++) {
            byte[] bytes = whole.clone();
            ByteBuffer.wrap(bytes).putInt(at, value);
            restoreOrRefuse(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void randomBytes_areReadOrRefused(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 150; i++) {
            byte[] bytes = whole.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            restoreOrRefuse(bytes);
        }
    }

    @Test
    void checkpointOfAnotherLearner_isRefused() {
        FeatureSchema wider =
                new FeatureSchema(new EventLayout(List.of("x", "y", "z"), List.of("kind")), true, false, 16);
        LogisticLearner other = new LogisticLearner(wider);
        LineCheckpoint read = LineCheckpoint.read(whole, LineFixture.SETTINGS, LineFixture.SCHEMA.rows(), 1);

        assertRefused(
                LineCheckpoint.write(
                        read.state(), read.contest(), read.pending(), read.probe(), read.drift(), other.checkpoint()),
                "not the checkpoint of such a learner");
    }

    @Test
    void checkpointWhoseChampionIsGone_isRefused() {
        LineCheckpoint read = LineCheckpoint.read(whole, LineFixture.SETTINGS, LineFixture.SCHEMA.rows(), 1);
        LineState state = read.state();
        LineState orphan = state.served(99);

        assertRefused(
                LineCheckpoint.write(
                        orphan, read.contest(), read.pending(), read.probe(), read.drift(), read.learner()),
                "no version 99");
    }

    @Test
    void negativeNumberOfWaitingEvents_isRefused() {
        DataInputStream minusOne =
                new DataInputStream(new ByteArrayInputStream(new byte[] {0, 0, 0, 1, -1, -1, -1, -1}));

        assertThatThrownBy(() -> PendingLogits.read(minusOne, 10, 1))
                .isInstanceOf(IOException.class)
                .hasMessage("-1 events with memos of 1 values that wait for their label");
    }

    /** The learner is set up in another way since: the events are examined when their label comes. */
    @Test
    void memosOfAnotherLength_areLeftOut() {
        LineCheckpoint same = LineCheckpoint.read(whole, LineFixture.SETTINGS, LineFixture.SCHEMA.rows(), 1);
        LineCheckpoint other = LineCheckpoint.read(whole, LineFixture.SETTINGS, LineFixture.SCHEMA.rows(), 2);

        assertThat(same.pending().size()).isPositive();
        assertThat(other.pending().size()).isZero();
        assertThat(other.state()).isEqualTo(same.state());
    }

    @Test
    void smallerBounds_keepTheNewest() {
        // Given a line with a smaller window and fewer events that may wait
        LineSettings smaller =
                new LineSettings(3, 6, FalseAlarmBudget.byDefault(), new GateSettings(5, 5, 1.645, 0.05));
        Versions versions = run.versions;
        try (LearningLine small = new LearningLine(
                new LogisticLearner(LineFixture.SCHEMA), LineFixture.featurizer(), versions, smaller)) {
            RandomRun.Moment fullest = run.moments.stream()
                    .filter(moment -> moment.standing().challenger().examples() >= 5)
                    .findFirst()
                    .orElseThrow();

            small.restore(fullest.checkpoint());

            assertThat(small.standing().challenger().examples()).isEqualTo(5);
            assertThat(small.pendingLogits()).isLessThanOrEqualTo(3);
        }
    }

    private void assertRefused(byte[] bytes, String sentence) {
        assertThatThrownBy(() -> line.restore(bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(sentence);
        assertThat(line.checkpoint()).isEqualTo(before);
    }

    private void restoreOrRefuse(byte[] bytes) {
        try {
            line.restore(bytes);
            before = line.checkpoint();
        } catch (IllegalArgumentException | RegistryException refused) {
            assertThat(refused).hasMessageNotContaining("null");
        }
        assertThat(line.checkpoint()).isEqualTo(before);
    }
}
