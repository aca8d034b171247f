package io.headwater.learn.online;

import io.headwater.learn.Task;

/** How outputs become a loss: what is wrong with each output, given the label. */
final class Link {
    /** Beyond it a probability is 0 or 1 in a float, and its exponential must not overflow. */
    private static final float MAX_LOGIT = 30;

    /** Huber's bound: residuals further out, in standard deviations of the label, pull no harder. */
    private static final float HUBER = 1;

    private Link() {}

    static float probability(float logit) {
        return 1 / (1 + (float) Math.exp(-Math.max(-MAX_LOGIT, Math.min(MAX_LOGIT, logit))));
    }

    /**
     * The derivative of the loss by each output.
     *
     * @param outputs of one member, from {@code at} on
     * @param label a class, or of a regression the number in standard deviations from its mean
     * @param weight factor of the result
     * @param to receives {@code width} values, from {@code into} on
     */
    static void gradient(
            Task task, float[] outputs, int at, int width, float label, float weight, float[] to, int into) {
        switch (task) {
            case BINARY -> to[into] = weight * (probability(outputs[at]) - label);
            case SQUARED -> to[into] = weight * (outputs[at] - label);
            case HUBER -> to[into] = weight * Math.max(-HUBER, Math.min(HUBER, outputs[at] - label));
            case CLASSES -> softmax(outputs, at, width, (int) label, weight, to, into);
        }
    }

    private static void softmax(float[] logits, int at, int width, int label, float weight, float[] to, int into) {
        float max = logits[at];
        for (int k = 1; k < width; k++) {
            max = Math.max(max, logits[at + k]);
        }
        float sum = 0;
        for (int k = 0; k < width; k++) {
            float e = (float) Math.exp(logits[at + k] - max);
            to[into + k] = e;
            sum += e;
        }
        float factor = weight / sum;
        for (int k = 0; k < width; k++) {
            to[into + k] *= factor;
        }
        to[into + label] -= weight;
    }
}
