package io.headwater.line;

import io.headwater.event.OwnerKeys;
import io.headwater.event.RowKey;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.FeatureSchema;
import io.headwater.learn.LearnReport;
import io.headwater.learn.Learner;
import io.headwater.learn.Memos;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Logistic regression over the numeric columns by plain stochastic gradient descent: small and deterministic, with
 * every kind of state that a real learner has: weights, statistics of the traffic, a step that shrinks, and the last row
 * of each class, which is learned again with every other one.
 */
public final class LogisticLearner implements Learner {
    private static final int FORMAT = 0x4c4f4732;
    private static final int CLASSES = 2;
    private static final float REPLAY = 0.1f;

    private final FeatureSchema schema;
    private final float[] weights;
    private final float[] mean;
    /** {@code [classes, columns]} and whose they are. */
    private final float[] kept;

    private final long[] keys = new long[CLASSES];
    private float bias;
    private int updates;

    /** What was asked of the learner, in order. */
    final List<String> calls = new ArrayList<>();

    /** Below 0 it learns the opposite of what it is told. */
    float rate = 0.5f;

    /** The news of every update. */
    String note = "";

    /** What becomes of an exported file on its way out. */
    UnaryOperator<byte[]> tamper = onnx -> onnx;

    public LogisticLearner(FeatureSchema schema) {
        this.schema = schema;
        this.weights = new float[schema.numericWidth()];
        this.mean = new float[schema.numericWidth()];
        this.kept = new float[CLASSES * schema.numericWidth()];
    }

    void setBias(float bias) {
        this.bias = bias;
    }

    /** The file that a learner with other weights would export. */
    byte[] exportWith(float bias) {
        return LogisticGraph.of(schema, weights, mean, bias);
    }

    @Override
    public void logits(FeatureBatch batch, float[] out) {
        calls.add("logits " + batch.rows());
        for (int row = 0; row < batch.rows(); row++) {
            out[row] = logit(batch, row);
        }
    }

    private float logit(FeatureBatch batch, int row) {
        float sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += (batch.numeric().get(row * weights.length + i) - mean[i]) * weights[i];
        }
        return sum + bias;
    }

    @Override
    public int memoLength() {
        return 1;
    }

    /** A memo is the logit at arrival, and the step is taken from there. */
    @Override
    public void arrive(FeatureBatch batch, float[] out, Memos memos) {
        logits(batch, out);
        for (int row = 0; row < batch.rows(); row++) {
            memos.write(row)[0] = out[row];
        }
        observe(batch);
    }

    @Override
    public LearnReport learn(FeatureBatch batch, float[] labels, Memos memos) {
        calls.add("learn " + batch.rows());
        for (int row = 0; row < batch.rows(); row++) {
            float logit = memos.has(row) ? memos.of(row)[0] : logit(batch, row);
            float error = labels[row] - (float) (1 / (1 + Math.exp(-logit)));
            float step = rate * error / (1 + updates++ * 0.05f);
            for (int i = 0; i < weights.length; i++) {
                weights[i] += step * (batch.numeric().get(row * weights.length + i) - mean[i]);
            }
            bias += step;
            replay(batch, row, (int) labels[row]);
        }
        return new LearnReport(0, 0, 0, 1, 0, note, false);
    }

    /** Learns the kept row of the other class again, and keeps this one. */
    private void replay(FeatureBatch batch, int row, int label) {
        int other = 1 - label;
        if (keys[other] != RowKey.NONE) {
            for (int i = 0; i < weights.length; i++) {
                float direction = other == 1 ? rate : -rate;
                weights[i] += REPLAY * direction * (kept[other * weights.length + i] - mean[i]) / (1 + updates);
            }
        }
        for (int i = 0; i < weights.length; i++) {
            kept[label * weights.length + i] = batch.numeric().get(row * weights.length + i);
        }
        keys[label] = batch.key(row);
    }

    /** What it learned is wrong: its steps are large again. */
    @Override
    public void alarm() {
        calls.add("alarm");
        updates = 0;
    }

    @Override
    public int erase(OwnerKeys owners) {
        int erased = 0;
        for (int label = 0; label < CLASSES; label++) {
            if (owners.contains(keys[label])) {
                keys[label] = RowKey.NONE;
                Arrays.fill(kept, label * weights.length, (label + 1) * weights.length, 0);
                erased++;
            }
        }
        return erased;
    }

    private void observe(FeatureBatch traffic) {
        calls.add("observe " + traffic.rows());
        for (int row = 0; row < traffic.rows(); row++) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += 0.01f * (traffic.numeric().get(row * mean.length + i) - mean[i]);
            }
        }
    }

    @Override
    public byte[] export() {
        return tamper.apply(exportWith(bias));
    }

    @Override
    public byte[] checkpoint() {
        ByteBuffer bytes = ByteBuffer.allocate(size());
        bytes.putInt(FORMAT).putInt(updates).putFloat(bias).putLong(keys[0]).putLong(keys[1]);
        bytes.asFloatBuffer().put(weights).put(mean).put(kept);
        return bytes.array();
    }

    private int size() {
        return 4 * (3 + (2 + CLASSES) * weights.length) + 8 * CLASSES;
    }

    @Override
    public void restore(byte[] checkpoint) {
        ByteBuffer bytes = ByteBuffer.wrap(checkpoint);
        if (bytes.remaining() != size() || bytes.getInt() != FORMAT) {
            throw new IllegalArgumentException("not the checkpoint of such a learner");
        }
        updates = bytes.getInt();
        bias = bytes.getFloat();
        keys[0] = bytes.getLong();
        keys[1] = bytes.getLong();
        bytes.asFloatBuffer().get(weights).get(mean).get(kept);
    }

    @Override
    public String weightsSha256() {
        // Neither the shrinking step nor a kept row decides a score.
        ByteBuffer state = ByteBuffer.allocate(4 * (1 + 2 * weights.length)).putFloat(bias);
        state.asFloatBuffer().put(weights).put(mean);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(state.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String notes() {
        return note.isEmpty() ? "" : "so it stands: " + note;
    }

    @Override
    public String device() {
        return "cpu";
    }

    @Override
    public void close() {
        calls.add("close");
    }
}
