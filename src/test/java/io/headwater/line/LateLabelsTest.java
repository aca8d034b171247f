package io.headwater.line;

import static io.headwater.line.LineFixture.SETTINGS;
import static io.headwater.line.LineFixture.event;
import static io.headwater.line.LineFixture.events;
import static io.headwater.line.LineFixture.example;
import static io.headwater.line.LineFixture.lesson;
import static io.headwater.line.LineFixture.logit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.event.Event;
import io.headwater.event.LabeledExample;
import io.headwater.gate.Contest;
import io.headwater.gate.Contest.Standing;
import io.headwater.line.LineageRecord.Kind;
import org.junit.jupiter.api.Test;

/** What a line says of events when they arrive, and their labels when they come. */
final class LateLabelsTest extends FreshLine {
    @Test
    void traffic_isExaminedBeforeItIsTakenIn() {
        StepOutcome outcome = line.step(stream.traffic(events("t", 10)), 0);

        assertThat(learner.calls).containsExactly("logits 8", "observe 8", "logits 2", "observe 2");
        assertThat(line.pendingLogits()).isEqualTo(10);
        assertThat(line.standing().challenger().examples()).isZero();
        assertThat(outcome.record().kind()).isEqualTo(Kind.TRAFFIC);
        assertThat(outcome.record().examples()).isEqualTo(10);
        assertThat(outcome.learned()).isEmpty();
    }

    /*
     * The price of examining at the label: on the electricity prices a label comes 48 half-hours late, and meanwhile
     * the learner has seen the neighbours' labels. Judged by what it says then, it looks better than it was when the
     * price was scored.
     */
    @Test
    void lateLabel_isJudgedByWhatWasSaidAtArrival() {
        // Given an event that arrives, and then the labels of its neighbours, which give its own away
        Event price = event("price", 2, 0);
        line.step(stream.traffic(price), 0);
        float saidAtArrival = logit(learner, price);
        line.step(stream.labeled(lesson("neighbour", 16)), 0);
        float wouldSayNow = logit(learner, price);
        Standing before = line.standing();
        assertThat(Contest.logLoss(wouldSayNow, true)).isLessThan(Contest.logLoss(saidAtArrival, true) / 2);

        // When its label comes
        StepOutcome outcome = line.step(stream.labeled(new LabeledExample(price, lesson("l", 1)[0].label())), 0);

        // Then what was said at its arrival counts
        double expected = (16 * before.challenger().logLossNats() + Contest.logLoss(saidAtArrival, true)) / 17;
        assertThat(line.standing().challenger().logLossNats()).isCloseTo(expected, within(1e-9));
        assertThat(outcome.examinedAtArrival()).isEqualTo(1);
        assertThat(outcome.examinedAtLabel()).isZero();
        assertThat(line.pendingLogits()).isZero();
    }

    @Test
    void lateLabel_afterAPromotion_isJudgedByTheChampionOfItsArrival() {
        // Given an event that version 1 scored, and version 2 since
        line.step(stream.traffic(event("early", 2, 0)), 0);
        byte[] sure = learner.exportWith(9);
        versions.add(2, sure, learner.checkpoint());
        line.step(new LineInput.Promoted(2), 0);

        // When the label of that event comes, and of one that never arrived
        line.step(stream.labeled(example("early", 2, 0, true)), 0);
        double early = line.standing().champion().logLossNats();
        line.step(stream.labeled(example("unseen", 2, 0, true)), 0);
        double both = line.standing().champion().logLossNats();

        // Then version 1 answers for the first and version 2 for the second
        assertThat(early).isCloseTo(Math.log(2), within(1e-6));
        assertThat(2 * both - early).isCloseTo(Contest.logLoss(9, true), within(1e-6));
    }

    @Test
    void mixedBatch_joinsEachExampleWithItsOwnLogits() {
        // Given two of four events at arrival, and a learner that then changes its mind about all
        line.step(stream.traffic(event("b", 1, 1), event("d", -1, 2)), 0);
        learner.setBias(5);

        StepOutcome outcome = line.step(
                stream.labeled(
                        example("a", 0, 0, true),
                        example("b", 1, 1, true),
                        example("c", 0, 0, false),
                        example("d", -1, 2, false)),
                0);

        assertThat(outcome.examinedAtArrival()).isEqualTo(2);
        assertThat(outcome.examinedAtLabel()).isEqualTo(2);
        double expected = (2 * Math.log(2) + Contest.logLoss(5, true) + Contest.logLoss(5, false)) / 4;
        assertThat(line.standing().challenger().logLossNats()).isCloseTo(expected, within(1e-6));
    }

    @Test
    void sameIdTwiceInOneBatch_takesItsLogitsOnce() {
        line.step(stream.traffic(event("a", 1, 1)), 0);

        StepOutcome outcome = line.step(stream.labeled(example("a", 1, 1, true), example("a", 1, 1, true)), 0);

        assertThat(outcome.examinedAtArrival()).isEqualTo(1);
        assertThat(outcome.examinedAtLabel()).isEqualTo(1);
    }

    @Test
    void pendingLogits_areBoundedAndTheOldestGoFirst() {
        int capacity = SETTINGS.maxPending();
        line.step(stream.traffic(events("t", capacity + 3)), 0);
        assertThat(line.pendingLogits()).isEqualTo(capacity);

        StepOutcome oldest = line.step(stream.labeled(example("t0", 0, 0, true), example("t2", 1, -2, true)), 0);
        StepOutcome kept = line.step(stream.labeled(example("t3", 1.5f, -3, true)), 0);

        assertThat(oldest.examinedAtArrival()).isZero();
        assertThat(kept.examinedAtArrival()).isEqualTo(1);
    }

    @Test
    void pendingLogits_ofAVeryLongId_doNotWait() {
        // Given an id that a checkpoint could not even write
        String id = "x".repeat(70_000);
        line.step(stream.traffic(event(id, 1, 1), event("y".repeat(PendingLogits.MAX_ID_LENGTH), 1, 1)), 0);

        assertThat(line.pendingLogits()).isEqualTo(1);
        line.restore(line.checkpoint());
        assertThat(line.step(stream.labeled(example(id, 1, 1, true)), 0).examinedAtLabel())
                .isEqualTo(1);
    }
}
