package io.headwater.actors;

import io.headwater.feature.FeatureBatch;
import io.headwater.learn.LearnReport;
import io.headwater.learn.Learner;
import io.headwater.learn.Memos;
import java.util.Arrays;

/** A learner whose checkpoint does not say how far its step has shrunk. */
record ForgetfulLearner(Learner real) implements Learner {
    @Override
    public byte[] checkpoint() {
        byte[] bytes = real.checkpoint();
        Arrays.fill(bytes, 4, 8, (byte) 0);
        return bytes;
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
