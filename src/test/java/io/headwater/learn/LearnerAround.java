package io.headwater.learn;

import io.headwater.event.OwnerKeys;
import io.headwater.feature.FeatureBatch;
import java.util.Optional;

/** A learner for tests that does what another does; what is to be otherwise is overridden. */
public abstract class LearnerAround implements Learner {
    private final Learner real;

    protected LearnerAround(Learner real) {
        this.real = real;
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
    public LearnReport learn(FeatureBatch batch, float[] labels, Memos memos) {
        return real.learn(batch, labels, memos);
    }

    @Override
    public void alarm() {
        real.alarm();
    }

    @Override
    public int erase(OwnerKeys owners) {
        return real.erase(owners);
    }

    @Override
    public byte[] export() {
        return real.export();
    }

    @Override
    public byte[] checkpoint() {
        return real.checkpoint();
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
    public String notes() {
        return real.notes();
    }

    @Override
    public Optional<AdaptationStanding> adaptation() {
        return real.adaptation();
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
