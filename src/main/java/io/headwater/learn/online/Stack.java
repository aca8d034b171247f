package io.headwater.learn.online;

import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import io.headwater.learn.Task;
import java.util.Arrays;

/**
 * A generalized linear model of the members' logits, one weight for each member and an intercept for each output: what
 * finds out which members are right. It begins as their mean.
 */
final class Stack {
    /*
     * Stacked generalization (Wolpert, Neural Networks 5, 1992), online and by the same adaptive steps as the members.
     * It learns from the logits as they were when the event came: by the time of the label the members have learned the
     * event's neighbours, and fast ones look better than they were.
     */
    private static final float STEP = 0.05f;
    private static final float FLOOR = 1e-8f;

    /** A member's logit is cut off here: beyond it, it is only loud. */
    static final float MAX_LOGIT = 8;

    /** Of a class that nobody knew when the row came. */
    static final float NEW_CLASS_LOGIT = -4;

    private final Task task;
    private final int members;
    private int outputs;
    private final float[] weights;
    private final float[] squares;
    private float[] intercepts;
    private float[] interceptSquares;
    private float[] score;
    private float[] gradient;

    Stack(Task task, int members, int outputs) {
        this.task = task;
        this.members = members;
        this.outputs = outputs;
        this.weights = new float[members];
        Arrays.fill(weights, 1f / members);
        this.squares = new float[members];
        this.intercepts = new float[outputs];
        this.interceptSquares = new float[outputs];
        this.score = new float[outputs];
        this.gradient = new float[outputs];
    }

    private static float cut(float logit) {
        return Math.max(-MAX_LOGIT, Math.min(MAX_LOGIT, logit));
    }

    /** Writes the outputs for members' logits {@code [members, outputs]}, from {@code at} on. */
    void outputs(float[] logits, int at, float[] to) {
        System.arraycopy(intercepts, 0, to, 0, outputs);
        for (int member = 0, i = at; member < members; member++) {
            for (int k = 0; k < outputs; k++, i++) {
                to[k] += weights[member] * cut(logits[i]);
            }
        }
    }

    /**
     * Takes a step.
     *
     * @param logits what the members said when the row came, {@code [members, outputs]}
     * @param label as {@link Link} takes it
     */
    void learn(float[] logits, int at, float label, float weight) {
        outputs(logits, at, score);
        Link.gradient(task, score, 0, outputs, label, weight, gradient, 0);
        for (int member = 0, i = at; member < members; member++) {
            float slope = 0;
            for (int k = 0; k < outputs; k++, i++) {
                slope += gradient[k] * cut(logits[i]);
            }
            squares[member] += slope * slope;
            weights[member] -= STEP * slope / (float) Math.sqrt(squares[member] + FLOOR);
        }
        for (int k = 0; k < outputs; k++) {
            interceptSquares[k] += gradient[k] * gradient[k];
            intercepts[k] -= STEP * gradient[k] / (float) Math.sqrt(interceptSquares[k] + FLOOR);
        }
    }

    void addOutput() {
        outputs++;
        intercepts = Arrays.copyOf(intercepts, outputs);
        intercepts[outputs - 1] = NEW_CLASS_LOGIT;
        interceptSquares = Arrays.copyOf(interceptSquares, outputs);
        score = new float[outputs];
        gradient = new float[outputs];
    }

    /** Forgets what the steps are measured by, so that they are large again. */
    void alarm() {
        Arrays.fill(squares, 0);
        Arrays.fill(interceptSquares, 0);
    }

    float[] weights() {
        return weights;
    }

    float[] intercepts() {
        return intercepts;
    }

    void write(StateWriter out) {
        out.reals(weights).reals(squares).reals(intercepts).reals(interceptSquares);
    }

    /** @param outputs as many as were written */
    void restore(StateReader in, int outputs) {
        this.outputs = outputs;
        System.arraycopy(in.reals(members), 0, weights, 0, members);
        System.arraycopy(in.reals(members), 0, squares, 0, members);
        intercepts = in.reals(outputs);
        interceptSquares = in.reals(outputs);
        score = new float[outputs];
        gradient = new float[outputs];
    }

    long bytes() {
        return (2L * members + 4L * outputs) * Float.BYTES;
    }
}
