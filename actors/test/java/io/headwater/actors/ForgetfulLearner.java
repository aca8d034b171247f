package io.headwater.actors;

import io.headwater.event.OwnerKeys;
import io.headwater.feature.FeatureBatch;
import io.headwater.learn.AdaptationStanding;
import io.headwater.learn.LearnReport;
import io.headwater.learn.Learner;
import io.headwater.learn.Memos;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A learner whose checkpoint lacks something, or who does not hear what it is told.
 *
 * @param without what is left of the checkpoint
 * @param erases whether it erases
 * @param hears whether it hears alarms
 */
record ForgetfulLearner(Learner real, UnaryOperator<byte[]> without, boolean erases, boolean hears) implements Learner {
    @Override
    public byte[] checkpoint() {
        return without.apply(real.checkpoint());
    }

    @Override
    public void logits(FeatureBatch batch, float[] out) {
        real.logits(batch, out);
    }

    @Override
    public int memoLength() {
        return real.memoLength();
    }

    @Override
    public void arrive(FeatureBatch batch, float[] out, Memos memos) {
        real.arrive(batch, out, memos);
    }

    @Override
    public float said(float[] memo, float logit) {
        return real.said(memo, logit);
    }

    @Override
    public void alarm() {
        if (hears) {
            real.alarm();
        }
    }

    @Override
    public int erase(OwnerKeys owners) {
        return erases ? real.erase(owners) : 0;
    }

    @Override
    public String notes() {
        return real.notes();
    }

    @Override
    public Optional<AdaptationStanding> adaptation() {
        return real.adaptation();
    }

    @Override
    public LearnReport learn(FeatureBatch batch, float[] labels, Memos memos) {
        return real.learn(batch, labels, memos);
    }

    @Override
    public byte[] export() {
        return real.export();
    }

    @Override
    public void restore(byte[] checkpoint) {
        real.restore(checkpoint);
    }

    @Override
    public String weightsSha256() {
        return real.weightsSha256();
    }

    @Override
    public String device() {
        return real.device();
    }

    @Override
    public void close() {
        real.close();
    }
}
