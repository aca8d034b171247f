package io.headwater.bench;

import io.headwater.learn.OnlineLearner;
import io.headwater.learn.OnlineRow;
import io.headwater.learn.Task;

/**
 * Logistic regression by AdaGrad (Duchi, Hazan and Singer, JMLR 2011) on columns scaled by their running mean and
 * deviation: the plain learner that others are compared with.
 */
final class FraudLogistic implements OnlineLearner {
    private static final float STEP = .05f;
    private static final float MOST_DEVIATIONS = 10;

    private final int columns;
    private final double[] mean;
    private final double[] squares;
    private final float[] weights;
    private final float[] gradients;
    private long seen;

    FraudLogistic(int columns) {
        this.columns = columns;
        this.mean = new double[columns];
        this.squares = new double[columns];
        this.weights = new float[columns + 1];
        this.gradients = new float[columns + 1];
    }

    @Override
    public Task task() {
        return Task.BINARY;
    }

    @Override
    public int outputs() {
        return 1;
    }

    @Override
    public int memoLength() {
        return 0;
    }

    private float scaled(float value, int column) {
        double deviation = Math.sqrt(squares[column] / Math.max(1, seen));
        float scaled = deviation > 0 ? (float) ((value - mean[column]) / deviation) : 0;
        return Float.isNaN(scaled) ? 0 : Math.max(-MOST_DEVIATIONS, Math.min(MOST_DEVIATIONS, scaled));
    }

    @Override
    public void score(OnlineRow row, float[] outputs) {
        float logit = weights[columns];
        for (int i = 0; i < columns; i++) {
            logit += weights[i] * scaled(row.numeric()[i], i);
        }
        outputs[0] = logit;
    }

    @Override
    public void arrive(OnlineRow row, float[] outputs, float[] memo) {
        score(row, outputs);
        seen++;
        for (int i = 0; i < columns; i++) {
            float value = row.numeric()[i];
            if (Float.isFinite(value)) {
                double before = value - mean[i];
                mean[i] += before / seen;
                squares[i] += before * (value - mean[i]);
            }
        }
    }

    @Override
    public void learn(OnlineRow row, float[] memo, float label, float weight) {
        if (label != 0 && label != 1) {
            throw new IllegalArgumentException("a label is 0 or 1, not " + label);
        }
        float[] logit = new float[1];
        score(row, logit);
        float slope = weight * (float) (1 / (1 + Math.exp(-logit[0])) - label);
        for (int i = 0; i <= columns; i++) {
            float gradient = i == columns ? slope : slope * scaled(row.numeric()[i], i);
            gradients[i] += gradient * gradient;
            if (gradients[i] > 0) {
                weights[i] -= STEP * gradient / (float) Math.sqrt(gradients[i]);
            }
        }
    }

    @Override
    public long stateBytes() {
        return 16L * columns + 8L * (columns + 1);
    }
}
