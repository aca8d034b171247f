package io.headwater.learn.exact;

import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import java.util.Arrays;

/** The linear model that {@link Moments} imply: {@code outputs = features * weights + bias}. */
final class LinearSolution {
    /*
     * Classes: the linear discriminant (Fisher, Annals of Eugenics 7, 1936; Hastie, Tibshirani & Friedman, The Elements
     * of Statistical Learning, 4.3), with pooled covariance S and priors p. Around the mean m of all rows, d = mean of
     * the class - m,
     *
     *   logit = d' S^-1 (x - m) - d' S^-1 d / 2 + ln p.
     *
     * A class without rows stands at m. Numbers: least squares. In both the covariance is drawn toward its diagonal
     * (ridge; Friedman, Regularized Discriminant Analysis, JASA 84, 1989), which does not depend on the units of the
     * columns.
     */
    private static final int CHUNK = 32;
    private static final double LEAST_RIDGE = 1e-9;
    private static final double UNSEEN_ROWS = 0.5;

    /*
     * What rounding leaves of a constant column's scatter, relative to its squares: each row adds at most half an ulp of
     * the sum to each of the two sums that are subtracted, and always to the same side where rows are the same (Higham,
     * Accuracy and Stability of Numerical Algorithms, 4.2).
     */
    private static final double LEAST_ROUNDING = 1e-12;
    private static final double ROUNDING_OF_A_ROW = 4 * 0x1p-53;

    /** Columns that explain each other may need a ridge as high as their rounding, and more the more they are. */
    private static final int TRIES = 4;

    private static final double RIDGE_GROWTH = 30;

    private final int features;
    private final PackedMatrix factor;
    private final double[] vectors;
    private final double[] mean;
    private final double[] direction;
    private final boolean[] constant;

    private float[] weights;
    private float[] bias;

    LinearSolution(int features, int outputs) {
        this.features = features;
        this.factor = new PackedMatrix(features);
        this.vectors = new double[CHUNK * features];
        this.mean = new double[features];
        this.direction = new double[features];
        this.constant = new boolean[features];
        this.weights = new float[outputs * features];
        this.bias = new float[outputs];
    }

    /** {@code [features, outputs]}. */
    float[] weights() {
        return weights;
    }

    float[] bias() {
        return bias;
    }

    void outputs(double[] row, float[] to) {
        int outputs = bias.length;
        System.arraycopy(bias, 0, to, 0, outputs);
        for (int i = 0, at = 0; i < features; i++, at += outputs) {
            float value = (float) row[i];
            if (value != 0) {
                for (int output = 0; output < outputs; output++) {
                    to[output] += value * weights[at + output];
                }
            }
        }
    }

    /** A class more, which no row has yet: as likely as the least likely one. */
    void addOutput() {
        int outputs = bias.length;
        float[] wider = new float[(outputs + 1) * features];
        float least = Float.MAX_VALUE;
        for (int output = 0; output < outputs; output++) {
            least = Math.min(least, bias[output]);
            for (int i = 0; i < features; i++) {
                wider[i * (outputs + 1) + output] = weights[i * outputs + output];
            }
        }
        weights = wider;
        bias = Arrays.copyOf(bias, outputs + 1);
        bias[outputs] = least;
    }

    /**
     * One logit of class 1 against class 0, or one for each class. False if nothing could be solved, and nothing changed.
     *
     * @param rows that the moments are of, whatever they weigh
     */
    boolean solveClasses(Moments moments, double rows, double priorRows, boolean evenPriors) {
        int groups = moments.groups();
        double total = totalMean(moments, groups);
        if (!(total > 0) || !factorWithin(moments, groups, total, rows, priorRows)) {
            return false;
        }
        boolean binary = bias.length == 1;
        for (int group = 0; group < groups; group++) {
            double weight = moments.weight(group);
            double prior = evenPriors ? 1.0 / groups : Math.max(weight, UNSEEN_ROWS) / total;
            double logit = Math.log(prior);
            Arrays.fill(direction, 0);
            if (weight > 0) {
                for (int i = 0; i < features; i++) {
                    direction[i] = constant[i] ? 0 : moments.sum(group)[i] / weight - mean[i];
                }
                System.arraycopy(direction, 0, vectors, 0, features);
                factor.solve(direction);
                for (int i = 0; i < features; i++) {
                    direction[i] *= total;
                    logit -= direction[i] * (vectors[i] / 2 + mean[i]);
                }
            }
            int output = binary ? 0 : group;
            float sign = binary && group == 0 ? -1 : 1;
            boolean first = !binary || group == 0;
            for (int i = 0, at = output; i < features; i++, at += bias.length) {
                weights[at] = (first ? 0 : weights[at]) + sign * (float) direction[i];
            }
            bias[output] = (first ? 0 : bias[output]) + sign * (float) logit;
        }
        return true;
    }

    private double totalMean(Moments moments, int groups) {
        Arrays.fill(mean, 0);
        double total = 0;
        for (int group = 0; group < groups; group++) {
            total += moments.weight(group);
            for (int i = 0; i < features; i++) {
                mean[i] += moments.sum(group)[i];
            }
        }
        for (int i = 0; i < features; i++) {
            mean[i] /= total;
        }
        return total;
    }

    /** The scatter within the first {@code groups}, then the ridge, then Cholesky. */
    private boolean factorWithin(Moments moments, int groups, double total, double rows, double priorRows) {
        double rounding = Math.max(LEAST_ROUNDING, ROUNDING_OF_A_ROW * rows) * total;
        double ridge = 0;
        for (int attempt = 0; attempt < TRIES; attempt++) {
            scatterWithin(moments, groups);
            for (int i = 0; i < features; i++) {
                double scatter = factor.get(i, i);
                double rounded = rounding * mean[i] * mean[i];
                constant[i] = !(scatter > rounded);
                if (constant[i]) {
                    detach(i, total);
                } else {
                    factor.set(i, i, scatter * (1 + LEAST_RIDGE * (1 + ridge) + priorRows / total) + ridge * rounded);
                }
            }
            if (factor.factor(vectors)) {
                return true;
            }
            ridge = Math.max(1, ridge * RIDGE_GROWTH);
        }
        return false;
    }

    /** A constant column explains nothing, whatever rounding left of its scatter. */
    private void detach(int column, double total) {
        for (int i = 0; i < features; i++) {
            factor.set(Math.max(i, column), Math.min(i, column), i == column ? total : 0);
        }
    }

    /** Products less what the means explain. */
    private void scatterWithin(Moments moments, int groups) {
        moments.productsTo(factor);
        int filled = 0;
        for (int group = 0; group < groups; group++) {
            double rows = moments.weight(group);
            if (rows > 0) {
                double root = Math.sqrt(rows);
                for (int i = 0; i < features; i++) {
                    vectors[filled * features + i] = moments.sum(group)[i] / root;
                }
                filled++;
            }
            if (filled == CHUNK || group == groups - 1) {
                factor.addOuterProducts(vectors, filled, -1, 0);
                filled = 0;
            }
        }
    }

    /** The expected number; see {@link #solveClasses}. */
    boolean solveNumber(Moments moments, double rows, double priorRows) {
        double total = totalMean(moments, 1);
        if (!(total > 0) || !factorWithin(moments, 1, total, rows, priorRows)) {
            return false;
        }
        double label = moments.labelSum() / total;
        for (int i = 0; i < features; i++) {
            direction[i] = constant[i] ? 0 : moments.sum(1)[i] - mean[i] * moments.labelSum();
        }
        factor.solve(direction);
        double constant = label;
        for (int i = 0; i < features; i++) {
            weights[i] = (float) direction[i];
            constant -= direction[i] * mean[i];
        }
        bias[0] = (float) constant;
        return true;
    }

    void write(StateWriter out) {
        out.integer(bias.length).reals(bias).reals(weights);
    }

    void read(StateReader in, int maxOutputs) {
        int outputs = in.integer(1, maxOutputs);
        bias = in.reals(outputs);
        weights = in.reals(outputs * features);
    }

    long bytes() {
        return (long) Double.BYTES * (factor.values().length + vectors.length + 2L * features)
                + (long) Float.BYTES * (weights.length + bias.length);
    }
}
