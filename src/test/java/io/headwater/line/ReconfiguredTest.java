package io.headwater.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.event.EventLayout;
import io.headwater.feature.FeatureSchema;
import io.headwater.learn.Learner;
import io.headwater.line.LineFixture.Stream;
import io.headwater.line.LineFixture.Versions;
import io.headwater.line.LineInput.Reconfigured;
import io.headwater.line.LineageRecord.Kind;
import io.headwater.registry.RegistryException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings that change in a line's life. */
class ReconfiguredTest {
    private static final FeatureSchema OTHER_ROWS =
            new FeatureSchema(new EventLayout(List.of("x", "y", "z"), List.of("kind")), true, false, 16);
    private static final String FASTER = LineFixture.OTHERS.get(1);

    private final Versions versions = new Versions();
    private final Stream stream = new Stream();

    private LearningLine line() {
        return LineFixture.line(LineFixture::logistic, versions);
    }

    @Test
    void step_isWhatOpeningTheCheckpointWithOtherSettingsIs() {
        LineInput first = stream.labeled(LineFixture.lesson("a", 20));
        LineInput then = stream.labeled(LineFixture.lesson("b", 20));
        try (LearningLine line = line();
                LearningLine opened = new LearningLine(
                        LineFixture.settings(LineFixture::logistic), FASTER, LineFixture.featurizer(), versions)) {
            line.step(first, 1);
            byte[] before = line.checkpoint();

            // When the settings change in a step
            LineageRecord record = line.step(new Reconfigured(FASTER), 2).record();

            // Then the weights are as they were, and the record says what comes next
            assertThat(record.kind()).isEqualTo(Kind.RECONFIGURED);
            assertThat(record.settingsSha256()).isEqualTo(FASTER);
            assertThat(record.version()).isZero();
            assertThat(line.state().settings()).isEqualTo(FASTER);

            // And what is learned next is what a line learns that was opened with the new ones, not with the old ones
            opened.restore(asOpenedWith(FASTER, before));
            String again = opened.step(then, 3).record().weightsSha256();
            assertThat(line.step(then, 3).record().weightsSha256()).isEqualTo(again);
            try (LearningLine old = line()) {
                old.restore(before);
                assertThat(old.step(then, 3).record().weightsSha256()).isNotEqualTo(again);
            }
        }
    }

    /** The bytes with other settings in their state, which is what opening them with those means. */
    private byte[] asOpenedWith(String settings, byte[] checkpoint) {
        LineCheckpoint read = LineCheckpoint.read(checkpoint, LineFixture.SETTINGS, LineFixture.SCHEMA.rows(), 1);
        return LineCheckpoint.write(
                read.state().under(settings),
                read.contest(),
                read.pending(),
                read.probe(),
                read.drift(),
                read.learner());
    }

    @Test
    void settingsThatAreNotKept_changeNothing() {
        try (LearningLine line = line()) {
            line.step(stream.labeled(LineFixture.lesson("a", 8)), 1);
            byte[] before = line.checkpoint();

            assertThatThrownBy(() -> line.step(new Reconfigured("lost"), 2)).isInstanceOf(RegistryException.class);
            assertThat(line.checkpoint()).isEqualTo(before);
        }
    }

    /** The learner before is closed once the next one has taken over, and one that cannot take over at once. */
    @Test
    void learners_areClosedOnce() {
        List<LogisticLearner> made = new ArrayList<>();
        Supplier<Learner> learners = () -> {
            made.add(made.size() == 2 ? new LogisticLearner(OTHER_ROWS) : LineFixture.logistic());
            return made.get(made.size() - 1);
        };
        try (LearningLine line = LineFixture.line(learners, versions)) {
            line.step(new Reconfigured(FASTER), 1);
            assertThatThrownBy(() -> line.step(new Reconfigured("slow"), 2))
                    .hasMessage("not the checkpoint of such a learner");
            assertThat(made).extracting(ReconfiguredTest::closed).containsExactly(1, 0, 1);
            assertThat(line.state().settings()).isEqualTo(FASTER);
        }
        assertThat(made).extracting(ReconfiguredTest::closed).containsExactly(1, 1, 1);
    }

    private static int closed(LogisticLearner learner) {
        return Collections.frequency(learner.calls, "close");
    }

    /** Steps before the change are taken with the settings of then, wherever the replay begins. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void replay_changesOverWhereTheLineDid(int from) {
        List<LineInput> inputs = List.of(
                stream.labeled(LineFixture.lesson("a", 8)),
                stream.labeled(LineFixture.lesson("b", 8)),
                new Reconfigured(FASTER),
                stream.labeled(LineFixture.lesson("c", 8)));
        List<LineageRecord> lineage = new ArrayList<>();
        List<byte[]> checkpoints = new ArrayList<>();
        try (LearningLine line = line()) {
            checkpoints.add(line.checkpoint());
            for (LineInput input : inputs) {
                lineage.add(line.step(input, 1).record());
                checkpoints.add(line.checkpoint());
            }
        }

        List<String> readUnder = new ArrayList<>();
        try (LearningLine line = line()) {
            line.restore(checkpoints.get(from));
            Recovery.Replayed replayed = Recovery.replay(line, lineage.iterator(), (record, settings) -> {
                readUnder.add(record.sequence() + " " + settings);
                return inputs.get((int) record.sequence() - 1);
            });

            assertThat(replayed).isEqualTo(new Recovery.Replayed(inputs.size() - from, 0, List.of()));
            assertThat(line.checkpoint()).isEqualTo(checkpoints.get(inputs.size()));
        }
        assertThat(readUnder)
                .containsExactlyElementsOf(java.util.stream.Stream.of("1 ", "2 ", "4 " + FASTER)
                        .filter(step -> step.charAt(0) - '0' > from)
                        .toList());
    }
}
