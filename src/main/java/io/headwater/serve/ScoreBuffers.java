package io.headwater.serve;

import io.headwater.feature.FeatureBatch;
import io.headwater.feature.ModelSignature;
import io.headwater.ort.InferenceSession;
import io.headwater.ort.TensorBuffers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** A batch and its probabilities in direct memory, bound once and run through any model of the same rows. */
final class ScoreBuffers implements AutoCloseable {
    private final FloatBuffer probabilities;
    private final TensorBuffers in = new TensorBuffers();
    private final TensorBuffers out = new TensorBuffers();

    ScoreBuffers(FeatureBatch batch) {
        this.probabilities = ByteBuffer.allocateDirect(Math.multiplyExact(batch.capacity(), Float.BYTES))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        batch.bind(in::floats, in::longs);
        out.floats(ModelSignature.PROBABILITY, probabilities);
    }

    void run(InferenceSession session, int rows) {
        session.run(in, out, rows);
    }

    float probability(int row) {
        return probabilities.get(row);
    }

    @Override
    public void close() {
        in.close();
        out.close();
    }
}
