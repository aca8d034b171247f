package io.headwater.learn;

import io.headwater.feature.FeatureBatch;
import java.nio.ByteBuffer;

/** A learner whose logit is a multiple of the first number, and which learns nothing but how many labels there were. */
final class SlopeLearner implements Learner {
    private static final int BYTES = Float.BYTES + Long.BYTES;

    float slope;
    /** Added to what it said, since. */
    float map;

    long learned;
    int alarms;
    boolean closed;

    SlopeLearner(float slope) {
        this.slope = slope;
    }

    @Override
    public void logits(FeatureBatch batch, float[] out) {
        for (int row = 0; row < batch.rows(); row++) {
            out[row] = slope * batch.numeric().get(row * batch.numericWidth());
        }
    }

    @Override
    public int memoLength() {
        return 1;
    }

    @Override
    public void arrive(FeatureBatch batch, float[] out, Memos memos) {
        logits(batch, out);
        for (int row = 0; row < batch.rows(); row++) {
            memos.write(row)[0] = slope;
        }
    }

    /** As it maps logits now, not as it did then; a memo of another learner would show. */
    @Override
    public float said(float[] memo, float logit) {
        return memo.length == 1 && memo[0] == slope ? logit + map : Float.NaN;
    }

    /** What it learned with memos that are not its own would show. */
    @Override
    public LearnReport learn(FeatureBatch batch, float[] labels, Memos memos) {
        for (int row = 0; row < batch.rows(); row++) {
            if (memos.has(row) && memos.of(row)[0] != slope) {
                throw new IllegalStateException("the memo of slope " + memos.of(row)[0] + " was given to " + slope);
            }
        }
        learned += batch.rows();
        return new LearnReport(slope, 0, 0, 1, 0, "", false);
    }

    @Override
    public void alarm() {
        alarms++;
    }

    @Override
    public byte[] export() {
        return new byte[] {(byte) slope};
    }

    @Override
    public byte[] checkpoint() {
        return ByteBuffer.allocate(BYTES).putFloat(slope).putLong(learned).array();
    }

    @Override
    public void restore(byte[] checkpoint) {
        if (checkpoint.length != BYTES) {
            throw new IllegalArgumentException(checkpoint.length + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(checkpoint);
        slope = in.getFloat();
        learned = in.getLong();
    }

    @Override
    public String weightsSha256() {
        return String.valueOf(slope);
    }

    @Override
    public String device() {
        return "cpu";
    }

    @Override
    public void close() {
        closed = true;
    }
}
