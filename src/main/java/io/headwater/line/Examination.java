package io.headwater.line;

import io.headwater.event.Event;
import io.headwater.event.LabeledExample;
import io.headwater.feature.FeatureBatch;
import io.headwater.gate.Contest;
import io.headwater.gate.Contest.Standing;
import io.headwater.learn.Learner;
import io.headwater.learn.Memos;
import io.headwater.learn.OnnxModel;
import io.headwater.line.PendingLogits.Examined;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What champion, challenger and frozen model say of each example before it is learned, at its arrival where that was seen,
 * and the contest that they are in by it. One thread owns it.
 */
final class Examination implements AutoCloseable {
    private final FeatureBatch batch;
    private final OnnxModel frozen;
    private final float[] championLogits;
    private final float[] challengerLogits;
    private final float[] frozenLogits;
    private OnnxModel champion;
    private Contest contest;
    private PendingLogits waiting;

    /**
     * @param batch has the rows that are asked about
     * @param frozen the file that is the champion too until there is another
     */
    Examination(FeatureBatch batch, byte[] frozen, Contest contest, PendingLogits waiting) {
        this.batch = batch;
        this.championLogits = new float[batch.capacity()];
        this.challengerLogits = new float[batch.capacity()];
        this.frozenLogits = new float[batch.capacity()];
        this.frozen = new OnnxModel(frozen, batch);
        this.champion = new OnnxModel(frozen, batch);
        this.contest = contest;
        this.waiting = waiting;
    }

    /** What was said of events whose label has not come. */
    PendingLogits waiting() {
        return waiting;
    }

    Contest contest() {
        return contest;
    }

    Standing standing() {
        return contest.standing();
    }

    /** The next champion; closed with the examination, or by the one after it. */
    void crown(OnnxModel next) {
        champion.close();
        champion = next;
    }

    /** What was examined so far speaks of another. */
    void beginAnew() {
        contest.clear();
    }

    void restore(Contest other, PendingLogits others) {
        contest = other;
        waiting = others;
    }

    /** Asks all three of the batch, whose rows are {@code events} that have come, and keeps what they say for the labels. */
    void arrived(List<Event> events, Learner learner, Memos memos) {
        champion.logits(championLogits);
        frozen.logits(frozenLogits);
        learner.arrive(batch, challengerLogits, memos);
        for (int i = 0; i < events.size(); i++) {
            float[] memo = memos.of(i).clone();
            waiting.put(
                    events.get(i).id(),
                    new Examined(batch.key(i), championLogits[i], challengerLogits[i], frozenLogits[i], memo));
        }
    }

    /**
     * Enters examples into the contest, whose rows are the batch's.
     *
     * @param memos become the learner's own of them
     * @param drift hears what the challenger said
     * @return how many were examined at their arrival
     */
    int judge(List<LabeledExample> examples, Learner learner, Memos memos, DriftWatch drift) {
        @Nullable Examined[] arrived = new Examined[examples.size()];
        int atArrival = 0;
        for (int i = 0; i < arrived.length; i++) {
            Examined then = waiting.take(examples.get(i).event().id());
            arrived[i] = then;
            memos.put(i, then == null ? null : then.memo());
            atArrival += then == null ? 0 : 1;
        }
        if (atArrival < arrived.length) {
            champion.logits(championLogits);
            learner.logits(batch, challengerLogits);
            frozen.logits(frozenLogits);
        }
        for (int i = 0; i < arrived.length; i++) {
            boolean label = examples.get(i).label().value() == 1f;
            Examined then = arrived[i];
            float challenger = then == null ? challengerLogits[i] : learner.said(then.memo(), then.challenger());
            if (then != null) {
                contest.record(then.champion(), challenger, then.frozen(), label);
            } else {
                contest.record(championLogits[i], challenger, frozenLogits[i], label);
            }
            drift.examined(challenger, label);
        }
        return atArrival;
    }

    @Override
    public void close() {
        champion.close();
        frozen.close();
    }
}
