package io.headwater.learn.online;

import io.headwater.feature.ModelSignature;
import io.headwater.graph.HeadNames;
import io.headwater.learn.OnlineRow;
import io.headwater.learn.Task;
import io.headwater.ort.InferenceSession;
import io.headwater.ort.TensorBuffers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/** A mixture's graph in ONNX Runtime, one row at a time. */
final class ExportedMixture implements AutoCloseable {
    private final InferenceSession session;
    private final TensorBuffers in = new TensorBuffers();
    private final TensorBuffers out = new TensorBuffers();
    private final FloatBuffer numeric;
    private final LongBuffer categorical;
    private final FloatBuffer outputs;
    private final int width;

    ExportedMixture(MixtureLearner learner, int numericWidth, int categoricalWidth) {
        this.session = InferenceSession.load(learner.graph().toBytes());
        this.numeric = direct(numericWidth * Float.BYTES).asFloatBuffer();
        this.categorical = direct(categoricalWidth * Long.BYTES).asLongBuffer();
        this.width = learner.outputs();
        this.outputs = direct(width * Float.BYTES).asFloatBuffer();
        in.floats(ModelSignature.NUMERIC, numeric, numericWidth);
        in.longs(ModelSignature.CATEGORICAL, categorical, categoricalWidth);
        if (learner.task() == Task.CLASSES) {
            out.floats(HeadNames.LOGITS, outputs, width);
        } else {
            out.floats(learner.task() == Task.BINARY ? HeadNames.LOGIT : MixtureGraph.PREDICTION, outputs);
        }
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    float[] score(OnlineRow row) {
        numeric.put(0, row.numeric());
        for (int i = 0; i < row.categorical().length; i++) {
            categorical.put(i, row.categorical()[i]);
        }
        session.run(in, out, 1);
        float[] result = new float[width];
        outputs.get(0, result);
        return result;
    }

    @Override
    public void close() {
        in.close();
        out.close();
        session.close();
    }
}
