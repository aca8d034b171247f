package io.headwater.learn.gradient;

import io.headwater.feature.NumericScaler;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The SHA-256 of all that decides what a gradient learner says: source model, trained weights, intercept, scaling. */
final class WeightsDigest {
    private final byte[] source;

    /** Has the source and the trained weights in it, until a step changes them: most steps of a line do not. */
    private @Nullable MessageDigest known;

    WeightsDigest(String sourceSha256) {
        this.source = HexFormat.of().parseHex(sourceSha256);
    }

    void weightsChanged() {
        known = null;
    }

    String hex(TrainableHead head, float intercept, NumericScaler scaler) {
        MessageDigest digest = copyOf(ofWeights(head));
        update(digest, new float[] {intercept});
        update(digest, scaler.mean());
        update(digest, scaler.scale());
        return HexFormat.of().formatHex(digest.digest());
    }

    private MessageDigest ofWeights(TrainableHead head) {
        MessageDigest digest = known;
        if (digest == null) {
            digest = SourceModel.digest();
            digest.update(source);
            for (float[] weights : head.weights().values()) {
                update(digest, weights);
            }
            known = digest;
        }
        return digest;
    }

    private static MessageDigest copyOf(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("Java's own SHA-256 can be copied", e);
        }
    }

    private static void update(MessageDigest digest, float[] values) {
        ByteBuffer block = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        block.asFloatBuffer().put(values);
        digest.update(block);
    }
}
