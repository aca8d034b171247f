package io.headwater.learn.exact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.headwater.graph.OnnxGraph;
import io.headwater.learn.OnlineRow;
import io.headwater.learn.Task;
import io.headwater.learn.calibration.LogitMap;
import io.headwater.ort.InferenceSession;
import io.headwater.ort.TensorBuffers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RidgeGraphTest {
    private static final int COLUMNS = 7;
    private static final int ROWS = 40;

    private static FloatBuffer direct(int floats) {
        return ByteBuffer.allocateDirect(floats * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    private static RidgeLearner learned(Task task, int features, Random random) {
        float[] mean = {0, 1, 2, 3, 4, 5, 6};
        float[] scale = {1, 1, 2, 2, 3, 3, 4};
        RidgeLearner learner =
                new RidgeLearner(task, mean, scale, RidgeSettings.byDefault().projectedTo(features, 5));
        OnlineRow row = new OnlineRow(COLUMNS, 0);
        for (int i = 0; i < 500; i++) {
            fill(row, random);
            int label = task == Task.CLASSES ? i % 3 : i % 2;
            row.numeric()[label] += 2;
            learner.learn(row, new float[1], label, 1);
        }
        return learner;
    }

    private static void fill(OnlineRow row, Random random) {
        for (int i = 0; i < COLUMNS; i++) {
            row.numeric()[i] = switch (random.nextInt(30)) {
                case 0 -> Float.NaN;
                case 1 -> Float.POSITIVE_INFINITY;
                case 2 -> -1e30f;
                default -> (float) (i + 2 * random.nextGaussian());
            };
        }
    }

    @ParameterizedTest
    @CsvSource({"BINARY,0,logit", "BINARY,60,logit", "CLASSES,0,logits", "CLASSES,60,logits", "SQUARED,60,value"})
    void exportedGraph_givesTheLearnersScores(Task task, int features, String output) {
        Random random = new Random(1);
        RidgeLearner learner = learned(task, features, random);
        LogitMap map = task.isRegression() ? LogitMap.IDENTITY : new LogitMap(0.5, task == Task.BINARY ? -1 : 0);
        int outputs = learner.outputs();
        FloatBuffer rows = direct(ROWS * COLUMNS);
        FloatBuffer scores = direct(ROWS * outputs);
        float[] expected = new float[ROWS * outputs];
        float[] out = new float[outputs];
        OnlineRow row = new OnlineRow(COLUMNS, 0);
        for (int i = 0; i < ROWS; i++) {
            fill(row, random);
            rows.put(i * COLUMNS, row.numeric());
            learner.score(row, out);
            for (int j = 0; j < outputs; j++) {
                expected[i * outputs + j] = (float) map.apply(out[j]);
            }
        }

        OnnxGraph graph = learner.graph(map);
        try (InferenceSession session = InferenceSession.load(graph.toBytes());
                TensorBuffers in = new TensorBuffers().floats("numeric", rows, COLUMNS);
                TensorBuffers to = outputs == 1
                        ? new TensorBuffers().floats(output, scores)
                        : new TensorBuffers().floats(output, scores, outputs)) {
            session.run(in, to, ROWS);
        }
        for (int i = 0; i < expected.length; i++) {
            double size = Math.max(1, Math.abs(expected[i]));
            assertThat((double) scores.get(i)).isCloseTo(expected[i], offset(1e-5 * size));
        }
    }
}
