package io.headwater.line;

import static io.headwater.line.LineFixture.SETTINGS;
import static io.headwater.line.LineFixture.event;
import static io.headwater.line.LineFixture.events;
import static io.headwater.line.LineFixture.example;
import static io.headwater.line.LineFixture.lesson;
import static io.headwater.line.LineFixture.line;
import static io.headwater.line.LineFixture.logit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.event.LabeledExample;
import io.headwater.event.Partition;
import io.headwater.event.RowKey;
import io.headwater.gate.Contest.Standing;
import io.headwater.learn.Trace;
import io.headwater.line.LineFixture.Stream;
import io.headwater.line.LineageRecord.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class LearningLineTest extends FreshLine {
    private static final Partition LABELS = new Partition("labels", 0);
    private static final Partition EVENTS = new Partition("events", 0);

    @Test
    void newLine_servesTheFrozenVersionAndHasTakenNothing() {
        assertThat(line.state()).isEqualTo(LineState.START);
        assertThat(line.state().champion()).isEqualTo(1);
        assertThat(line.standing().challenger().examples()).isZero();
        assertThat(line.pendingLogits()).isZero();
        assertThat(line.device()).isEqualTo("cpu");
    }

    @Test
    void labeled_isExaminedBeforeItIsLearned() {
        // Given a lesson that moves the learner far from the frozen model
        LineInput input = stream.labeled(lesson("a", 8));

        // When
        StepOutcome outcome = line.step(input, 77);

        // Then all three said of it what the untaught model says
        assertThat(learner.calls).containsExactly("logits 8", "learn 8");
        Standing standing = line.standing();
        assertThat(standing.challenger().logLossNats()).isCloseTo(Math.log(2), within(1e-6));
        assertThat(standing.frozen()).isEqualTo(standing.champion());
        assertThat(logit(learner, event("later", 2, 0))).isGreaterThan(1);
        assertThat(outcome.examinedAtLabel()).isEqualTo(8);
        assertThat(outcome.examinedAtArrival()).isZero();
        assertThat(outcome.learned()).isPresent();
    }

    @Test
    void labeled_thatIsLargerThanOneBatch_isExaminedAndLearnedPartByPart() {
        line.step(stream.labeled(lesson("a", 19)), 0);

        assertThat(learner.calls).containsExactly("logits 8", "learn 8", "logits 8", "learn 8", "logits 3", "learn 3");
        assertThat(line.standing().challenger().examples()).isEqualTo(19);
        assertThat(line.state().examplesLearned()).isEqualTo(19);
    }

    @Test
    void news_ofEachPartOfAStep_isTold_andACandidateHasTheNotes() {
        learner.note = "It switched.";
        StepOutcome outcome = line.step(stream.labeled(lesson("a", 19)), 0);

        assertThat(outcome.note()).isEqualTo("It switched. It switched. It switched.");
        assertThat(line.candidate().notes()).isEqualTo("so it stands: It switched.");
        assertThat(line.step(stream.traffic(events("t", 3)), 0).note()).isEmpty();
    }

    /** A champion of the line that hurts must not keep the other out: what waits is judged as the other said it. */
    @Test
    void whenTheLearnerChangesOver_theContestBeginsAnewWithTheLineInUse() {
        try (LearningLine guarded = line(LineFixture.guarded(), versions)) {
            // Given events that wait for their label, and lessons until the adapted line is given up
            Stream lessons = new Stream();
            guarded.step(lessons.traffic(event("early", 2, 0)), 0);
            int labels = 0;
            String note = "";
            for (int i = 0; note.isEmpty() && i < 200; i++, labels += 2) {
                LabeledExample[] lesson = lesson("a" + i + "-", 2);
                guarded.step(lessons.traffic(lesson[0].event(), lesson[1].event()), 0);
                note = guarded.step(lessons.labeled(lesson), 0).note();
            }
            assertThat(note).contains("adaptation hurts");
            assertThat(labels).isLessThan(100);
            assertThat(guarded.standing().challenger().examples()).isZero();
            assertThat(guarded.adaptation())
                    .hasValueSatisfying(
                            standing -> assertThat(standing.adapted()).isFalse());

            // When the next one's label comes, then it counts as the line in use saw it at arrival
            guarded.step(lessons.traffic(event("late", 2, 0)), 0);
            guarded.step(lessons.labeled(example("late", 2, 0, true)), 0);
            assertThat(guarded.standing().challenger().logLossNats()).isLessThan(0.2);
            assertThat(guarded.standing().challenger().examples()).isEqualTo(1);
        }
    }

    @Test
    void erased_forgetsWhatIsKeptOfAnOwner_andNothingElse() {
        // Given a line that learned a row of an owner's, and two of whose events wait, one of them his
        float tellTale = 1.2345678f;
        line.step(stream.labeled(example("ann", tellTale, 0, true), example("bob", -1, 0, false)), 0);
        line.step(stream.traffic(event("ann", tellTale, 0), event("carl", 1, 0)), 0);
        assertThat(Trace.isIn(line.checkpoint(), tellTale)).isTrue();
        String weights = learner.weightsSha256();
        Standing before = line.standing();

        // When
        StepOutcome outcome = line.step(new LineInput.Erased(List.of(RowKey.of("ann"), RowKey.of("nobody"))), 7);

        // Then the learner, the probe and the drift watch have it no more, and what it taught stays
        assertThat(Trace.isIn(line.checkpoint(), tellTale)).isFalse();
        assertThat(outcome.erased()).isEqualTo(new StepOutcome.Erasure(4, 1));
        assertThat(line.pendingLogits()).isEqualTo(1);
        assertThat(learner.weightsSha256()).isEqualTo(weights);
        assertThat(line.standing()).isEqualTo(before);
        assertThat(outcome.record().kind()).isEqualTo(Kind.ERASED);
        assertThat(outcome.record().erased()).containsExactly(RowKey.of("ann"), RowKey.of("nobody"));
        assertThat(line.state().sequence()).isEqualTo(3);

        // And again it finds nothing
        assertThat(line.step(new LineInput.Erased(List.of(RowKey.of("ann"))), 8).erased())
                .isEqualTo(new StepOutcome.Erasure(0, 0));
    }

    @Test
    void labeled_withoutAnExample_movesThePositionOnly() {
        String weights = learner.weightsSha256();

        StepOutcome outcome = line.step(stream.labeled(), 0);

        assertThat(outcome.record().examples()).isZero();
        assertThat(outcome.record().sequence()).isEqualTo(1);
        assertThat(line.state().position().nextOf(LABELS, 0)).isEqualTo(1);
        assertThat(learner.calls).isEmpty();
        assertThat(learner.weightsSha256()).isEqualTo(weights);
    }

    @Test
    void step_tellsWhatItTook() {
        line.step(stream.traffic(events("t", 3)), 5);

        LineageRecord record = line.step(stream.labeled(lesson("a", 4)), 6).record();

        assertThat(record.sequence()).isEqualTo(2);
        assertThat(record.kind()).isEqualTo(Kind.LABELED);
        assertThat(record.ranges()).hasToString("[labels-0[0,4)]");
        assertThat(record.examples()).isEqualTo(4);
        assertThat(record.inputSha256()).startsWith("l");
        assertThat(record.weightsSha256()).isEqualTo(learner.weightsSha256());
        assertThat(record.timeMs()).isEqualTo(6);
        assertThat(line.state().position().nextOf(EVENTS, 0)).isEqualTo(3);
        assertThat(line.state().position().nextOf(LABELS, 0)).isEqualTo(4);
    }

    @Test
    void promoted_changesTheChampionAndNothingElse() {
        // Given a line that has learned
        line.step(stream.labeled(lesson("a", 8)), 0);
        Candidate candidate = line.candidate();
        versions.add(2, candidate.onnx(), candidate.learner());
        String weights = learner.weightsSha256();

        // When its candidate is promoted
        LineageRecord record = line.step(new LineInput.Promoted(2), 3).record();

        // Then it is the champion of all that comes: champion and challenger say the same
        assertThat(record.kind()).isEqualTo(Kind.PROMOTED);
        assertThat(record.version()).isEqualTo(2);
        assertThat(record.ranges()).isEmpty();
        assertThat(record.sequence()).isEqualTo(2);
        assertThat(line.state().champion()).isEqualTo(2);
        assertThat(line.state().examplesLearned()).isEqualTo(8);
        assertThat(line.standing().challenger().examples())
                .as("the contest goes on")
                .isEqualTo(8);
        assertThat(learner.weightsSha256()).isEqualTo(weights);
        assertThat(line.candidate().champion()).isEqualTo(2);
        line.step(stream.labeled(example("b", 2, 0, true)), 0);
        assertThat(line.standing().champion().logLossNats())
                .isCloseTo(line.standing().challenger().logLossNats(), within(1e-6))
                .isLessThan(line.standing().frozen().logLossNats() - 1e-3);
    }

    @Test
    void promoted_toAVersionThatIsNotThere_changesNothing() {
        line.step(stream.labeled(lesson("a", 8)), 0);

        assertRefusedWithoutChange(new LineInput.Promoted(9));
    }

    @Test
    void rolledBack_continuesFromTheVersionsLearnerAtTheCurrentPosition() {
        // Given version 2 after eight examples, and a line that then learned the opposite
        line.step(stream.labeled(lesson("a", 8)), 0);
        Candidate good = line.candidate();
        versions.add(2, good.onnx(), good.learner());
        line.step(new LineInput.Promoted(2), 0);
        line.step(stream.traffic(events("t", 4)), 0);
        for (int i = 0; i < 4; i++) {
            line.step(stream.labeled(example("w" + i, 2, 0, false), example("v" + i, -2, 0, true)), 0);
        }
        assertThat(learner.weightsSha256()).isNotEqualTo(good.weightsSha256());

        // When
        LineageRecord record = line.step(new LineInput.RolledBack(2), 9).record();

        // Then
        assertThat(record.kind()).isEqualTo(Kind.ROLLED_BACK);
        assertThat(record.version()).isEqualTo(2);
        assertThat(record.weightsSha256()).isEqualTo(good.weightsSha256());
        assertThat(learner.checkpoint()).as("optimizer state too").isEqualTo(good.learner());
        assertThat(line.state().sequence()).isEqualTo(8);
        assertThat(line.state().position().nextOf(LABELS, 0)).isEqualTo(16);
        assertThat(line.state().position().nextOf(EVENTS, 0)).isEqualTo(4);
        assertThat(line.state().champion()).isEqualTo(2);
        assertThat(line.standing().challenger().examples())
                .as("the line judged is no more")
                .isZero();
        assertThat(line.pendingLogits()).isZero();
    }

    @Test
    void rolledBack_toAVersionThatIsBroken_changesNothing() {
        // Given versions of which one part is missing or spoiled
        line.step(stream.traffic(events("t", 4)), 0);
        line.step(stream.labeled(lesson("a", 8)), 0);
        Candidate candidate = line.candidate();
        versions.add(3, new byte[] {1, 2, 3}, versions.learner(1));
        versions.add(4, candidate.onnx(), new byte[] {1, 2, 3});

        assertRefusedWithoutChange(new LineInput.RolledBack(9));
        assertRefusedWithoutChange(new LineInput.RolledBack(3));
        assertRefusedWithoutChange(new LineInput.RolledBack(4));
    }

    @Test
    void rangesTakenTwice_areRefusedWithoutChange() {
        LineInput labeled = stream.labeled(lesson("a", 8));
        LineInput traffic = stream.traffic(events("t", 4));
        line.step(labeled, 0);
        line.step(traffic, 0);

        assertRefusedWithoutChange(labeled);
        assertRefusedWithoutChange(traffic);
    }

    private void assertRefusedWithoutChange(LineInput input) {
        byte[] before = line.checkpoint();
        Standing standing = line.standing();

        assertThatThrownBy(() -> line.step(input, 0)).isInstanceOf(RuntimeException.class);

        assertThat(line.checkpoint()).isEqualTo(before);
        assertThat(line.standing()).isEqualTo(standing);
    }

    @Test
    void candidate_isTheLearnerAsItStandsAndChangesNothing() {
        line.step(stream.traffic(events("t", 4)), 0);
        line.step(stream.labeled(lesson("a", 8)), 0);
        byte[] before = line.checkpoint();

        Candidate first = line.candidate();
        Candidate again = line.candidate();

        assertThat(line.checkpoint()).isEqualTo(before);
        assertThat(first.onnx()).isEqualTo(again.onnx()).isEqualTo(learner.export());
        assertThat(first.learner()).isEqualTo(learner.checkpoint());
        assertThat(first.weightsSha256()).isEqualTo(learner.weightsSha256());
        assertThat(first.sequence()).isEqualTo(2);
        assertThat(first.champion()).isEqualTo(1);
        assertThat(first.position()).isEqualTo(line.state().position());
        assertThat(first.examplesLearned()).isEqualTo(8);
        assertThat(first.standing()).isEqualTo(line.standing());
        assertThat(first.probeFault()).isEmpty();
    }

    @Test
    void line_withoutItsFrozenVersion_cannotBegin() {
        VersionSource none = new VersionSource() {
            @Override
            public byte[] onnx(long version) {
                throw new IllegalArgumentException("no version " + version);
            }

            @Override
            public byte[] learner(long version) {
                throw new IllegalArgumentException("no version " + version);
            }
        };

        assertThatThrownBy(() -> new LearningLine(
                        new LogisticLearner(LineFixture.SCHEMA), LineFixture.featurizer(), none, SETTINGS))
                .hasMessage("no version 1");
    }
}
