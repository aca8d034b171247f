package io.headwater.learn.online;

import io.headwater.learn.StateReader;
import io.headwater.learn.Task;
import java.util.Arrays;

/**
 * A generalized linear model of the members' logits, one weight for each member and an intercept for each output: what
 * finds out which members are right. It begins as their mean.
 */
final class Stack {
    /*
     * Stacked generalization (Wolpert, Neural Networks 5, 1992), online. It learns from the logits as they were when the
     * event came: by the time of the label the members have learned the event's neighbours, and fast ones look better
     * than they were.
     *
     * Members say nearly the same, so the loss is a narrow valley: the weights take Newton steps (an extended Kalman
     * filter of a logistic model, as in Mahalanobis-based online learning; Hazan, Agarwal & Kale, Logarithmic regret
     * algorithms for online convex optimization, Machine Learning 69, 2007). The covariance grows a little with what a
     * row tells, so that the weights never stop moving.
     */
    private static final double PRIOR_VARIANCE = 0.003;

    /** What an alarm adds to each weight's variance, and how far it goes. */
    private static final double ALARM_VARIANCE = 0.09;

    private static final double MOST_VARIANCE = 0.12;

    private static final double FORGOTTEN = 1e-3;

    /** The covariance's trace stays below this many times the prior's. */
    private static final double MAX_GROWTH = 10;

    private static final double MIN_INFORMATION = 1e-4;
    private static final float INTERCEPT_STEP = 0.05f;
    private static final float FLOOR = 1e-8f;

    /** A member's logit is cut off here: beyond it, it is only loud. */
    static final float MAX_LOGIT = 8;

    /** Of a class that nobody knew when the row came. */
    static final float NEW_CLASS_LOGIT = -4;

    private final Task task;
    private final int members;

    /** Rows of the covariance: the members, and one for an intercept. */
    private final int terms;

    /**
     * The terms that the covariance is of: the weights, and the intercept where there is one output. Several outputs have
     * an intercept each, beside this; nothing would ever shrink its variance here, and it would grow until it alone
     * filled what the trace is allowed.
     */
    private final int used;

    private int outputs;
    private final float[] weights;
    private final double[] covariance;
    private final double[] slope;
    private final double[] direction;
    private double stepSize;
    private float[] intercepts;
    private float[] squares;
    private float[] score;
    private float[] gradient;

    Stack(Task task, int members, int outputs) {
        this.task = task;
        this.members = members;
        this.outputs = outputs;
        this.weights = new float[members];
        Arrays.fill(weights, 1f / members);
        this.terms = members + 1;
        this.used = task == Task.CLASSES ? members : terms;
        this.covariance = new double[terms * terms];
        this.slope = new double[terms];
        this.direction = new double[terms];
        this.intercepts = new float[outputs];
        this.squares = new float[outputs];
        this.score = new float[outputs];
        this.gradient = new float[outputs];
        for (int i = 0; i < used; i++) {
            covariance[i * terms + i] = PRIOR_VARIANCE;
        }
    }

    private static float cut(float logit) {
        return Math.max(-MAX_LOGIT, Math.min(MAX_LOGIT, logit));
    }

    /** Writes the outputs for members' logits {@code [members, outputs]}. */
    void outputs(float[] logits, float[] to) {
        System.arraycopy(intercepts, 0, to, 0, outputs);
        for (int member = 0, i = 0; member < members; member++) {
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
    void learn(float[] logits, float label, float weight) {
        outputs(logits, score);
        Link.gradient(task, score, 0, outputs, label, weight, gradient, 0);
        if (outputs == 1) {
            for (int member = 0; member < members; member++) {
                slope[member] = cut(logits[member]);
            }
            slope[members] = 1;
            step(gradient[0], weight * information(score[0]));
            intercepts[0] -= (float) change(members);
        } else {
            slopeOfClasses(logits);
            step(1, 1);
            stepIntercepts();
        }
        for (int member = 0; member < members; member++) {
            weights[member] -= (float) change(member);
        }
    }

    private void slopeOfClasses(float[] logits) {
        for (int member = 0, i = 0; member < members; member++) {
            double sum = 0;
            for (int k = 0; k < outputs; k++, i++) {
                sum += gradient[k] * cut(logits[i]);
            }
            slope[member] = sum;
        }
    }

    private void stepIntercepts() {
        for (int k = 0; k < outputs; k++) {
            squares[k] += gradient[k] * gradient[k];
            intercepts[k] -= INTERCEPT_STEP * gradient[k] / (float) Math.sqrt(squares[k] + FLOOR);
        }
    }

    /** The second derivative of the loss by the output. */
    private double information(float output) {
        if (task != Task.BINARY) {
            return 1;
        }
        double p = Link.probability(output);
        return Math.max(MIN_INFORMATION, p * (1 - p));
    }

    /**
     * One Newton step along {@link #slope}, and the covariance after it (Sherman and Morrison).
     *
     * @param error derivative of the loss along the slope
     * @param information second derivative along the slope
     */
    private void step(double error, double information) {
        double spread = 0;
        double trace = 0;
        for (int i = 0, row = 0; i < used; i++, row += terms) {
            double sum = 0;
            for (int j = 0; j < used; j++) {
                sum += covariance[row + j] * slope[j];
            }
            direction[i] = sum;
            spread += sum * slope[i];
            trace += covariance[row + i];
        }
        double shrink = 1 + information * spread;
        double known = information / shrink;
        boolean grows = trace < MAX_GROWTH * PRIOR_VARIANCE * used;
        double growth = grows ? 1 + FORGOTTEN * Math.min(1, 4 * information) : 1;
        stepSize = error / shrink;
        for (int i = 0, row = 0; i < used; i++, row += terms) {
            double factor = known * direction[i];
            // Once for each pair: the two sides would be rounded differently, and growth makes that difference larger
            // with every row, until the covariance is none any more.
            for (int j = i; j < used; j++) {
                double kept = (covariance[row + j] - factor * direction[j]) * growth;
                covariance[row + j] = kept;
                covariance[j * terms + i] = kept;
            }
        }
    }

    /** How much of a term the last step takes away. */
    private double change(int term) {
        return stepSize * direction[term];
    }

    void addOutput() {
        outputs++;
        intercepts = Arrays.copyOf(intercepts, outputs);
        intercepts[outputs - 1] = NEW_CLASS_LOGIT;
        squares = Arrays.copyOf(squares, outputs);
        score = new float[outputs];
        gradient = new float[outputs];
    }

    /** Is much less sure of the weights, so that the steps are large again. */
    void alarm() {
        for (int i = 0; i < used; i++) {
            int at = i * terms + i;
            double room = Math.max(0, MOST_VARIANCE - covariance[at]);
            covariance[at] += Math.min(ALARM_VARIANCE, room);
        }
        Arrays.fill(squares, 0);
    }

    float[] weights() {
        return weights;
    }

    float[] intercepts() {
        return intercepts;
    }

    void write(StateSink out) {
        out.reals(weights).reals64(covariance).reals(intercepts).reals(squares);
    }

    /** @param outputs as many as were written */
    void restore(StateReader in, int outputs) {
        this.outputs = outputs;
        System.arraycopy(in.reals(members), 0, weights, 0, members);
        System.arraycopy(in.reals64(covariance.length), 0, covariance, 0, covariance.length);
        makeSymmetric();
        dropUnused();
        intercepts = in.reals(outputs);
        squares = in.reals(outputs);
        score = new float[outputs];
        gradient = new float[outputs];
    }

    /** Releases before 22 November 2026 wrote two sides that had drifted apart. */
    private void makeSymmetric() {
        for (int i = 0; i < terms; i++) {
            for (int j = i + 1; j < terms; j++) {
                double mean = (covariance[i * terms + j] + covariance[j * terms + i]) / 2;
                covariance[i * terms + j] = mean;
                covariance[j * terms + i] = mean;
            }
        }
    }

    /** Earlier releases kept a variance there, and let it grow. */
    private void dropUnused() {
        for (int i = used; i < terms; i++) {
            for (int j = 0; j < terms; j++) {
                covariance[i * terms + j] = 0;
                covariance[j * terms + i] = 0;
            }
        }
    }

    long bytes() {
        return (members + 4L * outputs) * Float.BYTES + (covariance.length + 2L * terms) * Double.BYTES;
    }
}
