package io.headwater.learn;

import io.headwater.feature.FeatureBatch;
import io.headwater.feature.ModelSignature;
import io.headwater.ort.InferenceSession;
import io.headwater.ort.TensorBuffers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * An exported model, scored through ONNX Runtime by the learning line: the champion and the frozen model are examined
 * on the exact bits that serve. Its tensors are those of {@link ModelSignature}. One thread owns it.
 */
public final class OnnxModel implements AutoCloseable {
    private final InferenceSession session;
    private final TensorBuffers in = new TensorBuffers();
    private final TensorBuffers out = new TensorBuffers();
    private final FeatureBatch batch;
    private final FloatBuffer logits;

    /**
     * @param batch the one batch that this model will score; its buffers are bound to the session
     * @throws io.headwater.ort.ModelLoadException if ONNX Runtime refuses the file
     */
    public OnnxModel(byte[] onnx, FeatureBatch batch) {
        this.session = InferenceSession.load(onnx);
        this.batch = batch;
        this.logits = ByteBuffer.allocateDirect(batch.capacity() * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        batch.bind(in::floats, in::longs);
        out.floats(ModelSignature.LOGIT, logits);
    }

    /** Writes the logit of each row of the bound batch. */
    public void logits(float[] result) {
        session.run(in, out, batch.rows());
        logits.get(0, result, 0, batch.rows());
    }

    @Override
    public void close() {
        in.close();
        out.close();
        session.close();
    }
}
