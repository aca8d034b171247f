package io.headwater.offline.evaluate;

import io.headwater.learn.Task;

/** The loss of one score: log loss in nats, or of a regression the absolute error. */
final class RowLoss {
    /** A class that a learner does not know yet, or a score that is no number, counts as this probability. */
    static final double LEAST_PROBABILITY = 1e-15;

    private static final double MOST = -Math.log(LEAST_PROBABILITY);

    private final Task task;

    RowLoss(Task task) {
        this.task = task;
    }

    double of(float[] outputs, int count, float label) {
        return switch (task) {
            case BINARY -> bounded(ofLogit(label == 1 ? -outputs[0] : outputs[0]));
            case CLASSES -> label < count ? bounded(ofLogits(outputs, count, (int) label)) : MOST;
            case SQUARED, HUBER -> Math.abs(outputs[0] - label);
        };
    }

    /** {@code log(1 + exp(z))} for the logit of the other class. */
    private static double ofLogit(double z) {
        return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
    }

    private static double ofLogits(float[] logits, int count, int label) {
        return logSum(logits, count) - logits[label];
    }

    /** Logarithm of the sum of the exponentials. */
    static double logSum(float[] logits, int count) {
        float most = Float.NEGATIVE_INFINITY;
        for (int k = 0; k < count; k++) {
            most = Math.max(most, logits[k]);
        }
        double sum = 0;
        for (int k = 0; k < count; k++) {
            sum += Math.exp(logits[k] - most);
        }
        return most + Math.log(sum);
    }

    private static double bounded(double loss) {
        return loss < MOST ? Math.max(0, loss) : MOST;
    }
}
