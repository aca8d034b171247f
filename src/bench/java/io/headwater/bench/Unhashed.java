package io.headwater.bench;

import io.headwater.event.OwnerKeys;
import io.headwater.feature.FeatureBatch;
import io.headwater.learn.LearnReport;
import io.headwater.learn.Learner;
import io.headwater.learn.Memos;

/** A learner whose weights nobody hashes. */
record Unhashed(Learner learner) implements Learner {
    @Override
    public void logits(FeatureBatch batch, float[] out) {
        learner.logits(batch, out);
    }

    @Override
    public int memoLength() {
        return learner.memoLength();
    }

    @Override
    public void arrive(FeatureBatch batch, float[] out, Memos memos) {
        learner.arrive(batch, out, memos);
    }

    @Override
    public LearnReport learn(FeatureBatch batch, float[] labels, Memos memos) {
        return learner.learn(batch, labels, memos);
    }

    @Override
    public void alarm() {
        learner.alarm();
    }

    @Override
    public int erase(OwnerKeys owners) {
        return learner.erase(owners);
    }

    @Override
    public byte[] export() {
        return learner.export();
    }

    @Override
    public byte[] checkpoint() {
        return learner.checkpoint();
    }

    @Override
    public void restore(byte[] checkpoint) {
        learner.restore(checkpoint);
    }

    @Override
    public String weightsSha256() {
        return "";
    }

    @Override
    public String device() {
        return learner.device();
    }

    @Override
    public void close() {
        learner.close();
    }
}
