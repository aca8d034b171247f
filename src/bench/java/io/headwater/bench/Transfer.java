package io.headwater.bench;

import io.headwater.feature.FeatureBatch;
import io.headwater.graph.Backbone;
import io.headwater.graph.HeadNames;
import io.headwater.learn.gradient.Recipe;
import io.headwater.learn.gradient.SuffixTrainer;
import io.headwater.learn.gradient.SuffixTrainer.Trained;
import io.headwater.learn.gradient.TrainingRows;
import io.headwater.learn.gradient.TrainingWatcher;
import io.headwater.learn.gradient.Validation;
import io.headwater.ort.InferenceSession;
import io.headwater.ort.TensorBuffers;
import io.headwater.torch.TorchDevice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * One training of a backbone's suffix, and the examination of its file.
 *
 * @param heldOut the figures that choices are made by
 * @param test the figures to report, of the trained weights written into the file and scored by ONNX Runtime
 * @param seconds processor seconds of training
 * @param epochs passes that were begun
 */
record Transfer(Validation heldOut, Validation test, double seconds, int epochs) {
    private static final int ROWS_AT_ONCE = 64;

    static Transfer run(
            Backbone backbone, Recipe recipe, FeatureBatch rows, int[] labels, int classes, Split split, long seed) {
        long start = CpuClock.nanos();
        Trained trained = new SuffixTrainer(backbone, recipe, TorchDevice.CPU, seed)
                .train(TrainingRows.of(rows, labels), classes, split.training(), split.heldOut(), TrainingWatcher.NONE);
        double seconds = (CpuClock.nanos() - start) / 1e9;
        byte[] file =
                backbone.split().suffix().withInitializers(trained.weights()).toBytes();
        float[] logits = logits(file, rows, split.test(), classes);
        return new Transfer(
                trained.validation(), examined(logits, labels, classes, split.test()), seconds, trained.epochs());
    }

    private static float[] logits(byte[] file, FeatureBatch rows, int[] which, int classes) {
        int outputs = classes == 2 ? 1 : classes;
        FeatureBatch batch = new FeatureBatch(rows.layout(), ROWS_AT_ONCE);
        FloatBuffer made = ByteBuffer.allocateDirect(ROWS_AT_ONCE * outputs * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        float[] logits = new float[which.length * outputs];
        try (InferenceSession session = InferenceSession.load(file);
                TensorBuffers in = new TensorBuffers();
                TensorBuffers out = new TensorBuffers()) {
            batch.bind(in::floats, in::longs);
            if (classes == 2) {
                out.floats(HeadNames.LOGIT, made);
            } else {
                out.floats(HeadNames.LOGITS, made, classes);
            }
            for (int from = 0; from < which.length; from += ROWS_AT_ONCE) {
                batch.clear();
                int count = Math.min(ROWS_AT_ONCE, which.length - from);
                for (int i = 0; i < count; i++) {
                    batch.copyRow(rows, which[from + i]);
                }
                session.run(in, out, count);
                made.get(0, logits, from * outputs, count * outputs);
            }
        }
        return logits;
    }

    /** How good logits of the rows {@code which} are. */
    static Validation examined(float[] logits, int[] labels, int classes, int[] which) {
        int[] truth = Arrays.stream(which).map(row -> labels[row]).toArray();
        if (classes > 2) {
            return Validation.of(logits, classes, truth, 0);
        }
        float[] ones = new float[truth.length];
        for (int i = 0; i < truth.length; i++) {
            ones[i] = truth[i];
        }
        return Validation.of(logits, ones, 0);
    }
}
