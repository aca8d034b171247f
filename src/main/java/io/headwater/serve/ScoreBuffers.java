package io.headwater.serve;

import io.headwater.feature.FeatureBatch;
import io.headwater.feature.FeatureSchema;
import io.headwater.feature.ModelSignature;
import io.headwater.ort.InferenceSession;
import io.headwater.ort.TensorBuffers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Encoded rows and their probabilities in direct memory, bound once and run through any model of the same schema. */
final class ScoreBuffers implements AutoCloseable {
    private final FeatureBatch batch;
    private final FloatBuffer probabilities;
    private final TensorBuffers in = new TensorBuffers();
    private final TensorBuffers out = new TensorBuffers();

    ScoreBuffers(FeatureSchema schema, int capacity) {
        this.batch = new FeatureBatch(schema, capacity);
        this.probabilities = ByteBuffer.allocateDirect(Math.multiplyExact(capacity, Float.BYTES))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        if (batch.numericWidth() > 0) {
            in.floats(ModelSignature.NUMERIC, batch.numeric(), batch.numericWidth());
        }
        if (batch.categoricalWidth() > 0) {
            in.longs(ModelSignature.CATEGORICAL, batch.categorical(), batch.categoricalWidth());
        }
        out.floats(ModelSignature.PROBABILITY, probabilities);
    }

    FeatureBatch batch() {
        return batch;
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
