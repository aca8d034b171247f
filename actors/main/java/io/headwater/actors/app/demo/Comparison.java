package io.headwater.actors.app.demo;

import io.headwater.gate.CalibrationError;
import io.headwater.gate.Ranking;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * What each model said about the events whose label is known, newest kept: every model is judged over the same events.
 * Not thread-safe.
 */
final class Comparison {
    static final int MOST = 1 << 20;
    private static final double CLIP = 1e-7;

    private final double constantRate;
    private float[] adaptive = new float[1024];
    private float[] frozen = new float[1024];
    private float[] intercept = new float[1024];
    private boolean[] labels = new boolean[1024];
    private long added;

    /** @param constantRate the probability that the constant model gives to every event */
    Comparison(double constantRate) {
        this.constantRate = constantRate;
    }

    /**
     * @param probability what was served
     * @param frozenLogit what the frozen model said
     * @param interceptLogit what the frozen model with its running intercept said, when the event came
     */
    void add(float probability, float frozenLogit, float interceptLogit, boolean label) {
        if (added == labels.length && added < MOST) {
            int larger = 2 * labels.length;
            adaptive = Arrays.copyOf(adaptive, larger);
            frozen = Arrays.copyOf(frozen, larger);
            intercept = Arrays.copyOf(intercept, larger);
            labels = Arrays.copyOf(labels, larger);
        }
        int at = (int) (added++ % labels.length);
        adaptive[at] = probability;
        frozen[at] = frozenLogit;
        intercept[at] = interceptLogit;
        labels[at] = label;
    }

    /** How many events were added, forgotten ones included. */
    long added() {
        return added;
    }

    /** A copy of the newest {@code most} events, to be judged without holding up who adds. */
    Comparison newest(int most) {
        int n = (int) Math.min(Math.min(added, labels.length), most);
        Comparison copy = new Comparison(constantRate);
        copy.adaptive = newest(adaptive, n);
        copy.frozen = newest(frozen, n);
        copy.intercept = newest(intercept, n);
        copy.labels = new boolean[n];
        for (int i = 0; i < n; i++) {
            copy.labels[i] = labels[(int) ((added - n + i) % labels.length)];
        }
        copy.added = n;
        return copy;
    }

    private float[] newest(float[] values, int n) {
        float[] copy = new float[n];
        for (int i = 0; i < n; i++) {
            copy[i] = values[(int) ((added - n + i) % values.length)];
        }
        return copy;
    }

    Standing standing() {
        int n = (int) Math.min(added, labels.length);
        float[] constant = new float[n];
        Arrays.fill(constant, (float) constantRate);
        return new Standing(
                n,
                quality(adaptive, labels, n, DoubleUnaryOperator.identity()),
                quality(frozen, labels, n, Comparison::sigmoid),
                quality(intercept, labels, n, Comparison::sigmoid),
                quality(constant, labels, n, DoubleUnaryOperator.identity()));
    }

    /** @param probability of class 1 by a score */
    static Quality quality(float[] scores, boolean[] labels, int n, DoubleUnaryOperator probability) {
        if (n == 0) {
            return Quality.UNKNOWN;
        }
        float[] probabilities = new float[n];
        double loss = 0;
        for (int i = 0; i < n; i++) {
            double p = clip(probability.applyAsDouble(scores[i]));
            probabilities[i] = (float) p;
            loss -= Math.log(labels[i] ? p : 1 - p);
        }
        return new Quality(
                Ranking.of(scores, labels, n).rocAuc(), loss / n, CalibrationError.of(probabilities, labels, n));
    }

    static double sigmoid(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }

    private static double clip(double probability) {
        return Math.min(1 - CLIP, Math.max(CLIP, probability));
    }
}
