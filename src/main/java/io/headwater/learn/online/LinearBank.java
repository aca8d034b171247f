package io.headwater.learn.online;

import io.headwater.learn.StateReader;

/**
 * Linear models of the scaled columns, an intercept, and a weight for each category's hash bucket. The members differ in
 * step size and in how long they remember the gradients that their steps are measured by.
 */
final class LinearBank {
    /*
     * Duchi, Hazan & Singer, Adaptive subgradient methods (JMLR 2011), one step size for each weight. Columns are scaled
     * to unit deviation first, so that the steps do not depend on the columns' units. With a decay the sum of squares
     * stays bounded and so does the step: the member never stops moving.
     */
    static final int MEMBERS = 3;
    private static final float[] STEPS = {0.02f, 0.2f, 0.1f};
    private static final float[] DECAYS = {1, 1, 0.99f};
    private static final float FLOOR = 1e-8f;

    private final int columns;
    private final int buckets;
    private int outputs;
    private float[][] weights;
    private float[][] squares;
    private final float[] scaled;

    /**
     * @param columns that are scaled
     * @param buckets that categories are hashed to, 0 where there are none
     */
    LinearBank(int columns, int buckets, int outputs) {
        this.columns = columns;
        this.buckets = buckets;
        this.outputs = outputs;
        this.weights = new float[MEMBERS * outputs][];
        this.squares = new float[MEMBERS * outputs][];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = new float[columns + 1 + buckets];
            squares[i] = new float[columns + 1 + buckets];
        }
        this.scaled = new float[columns + 1];
        scaled[columns] = 1;
    }

    /** Where to put the scaled columns, {@code [columns]}; the calls that follow are about this row. */
    float[] scaled() {
        return scaled;
    }

    /** Writes the members' logits, {@code [MEMBERS, outputs]}. */
    void logits(int[] categories, float[] to, int at) {
        for (int i = 0; i < weights.length; i++) {
            float[] weight = weights[i];
            float sum = 0;
            for (int column = 0; column <= columns; column++) {
                sum += weight[column] * scaled[column];
            }
            if (buckets > 0) {
                for (int category : categories) {
                    sum += weight[columns + 1 + category];
                }
            }
            to[at + i] = sum;
        }
    }

    /** Takes a step against each member's gradient, {@code [MEMBERS, outputs]} from {@code at} on. */
    void learn(int[] categories, float[] gradients, int at) {
        for (int i = 0; i < weights.length; i++) {
            int member = i / outputs;
            step(weights[i], squares[i], gradients[at + i], STEPS[member], DECAYS[member]);
            if (buckets > 0) {
                for (int category : categories) {
                    step(weights[i], squares[i], columns + 1 + category, gradients[at + i], member);
                }
            }
        }
    }

    private void step(float[] weight, float[] square, float gradient, float step, float decay) {
        for (int column = 0; column <= columns; column++) {
            float slope = gradient * scaled[column];
            float sum = square[column] * decay + slope * slope;
            square[column] = sum;
            weight[column] -= step * slope / (float) Math.sqrt(sum + FLOOR);
        }
    }

    private static void step(float[] weight, float[] square, int at, float gradient, int member) {
        float sum = square[at] * DECAYS[member] + gradient * gradient;
        square[at] = sum;
        weight[at] -= STEPS[member] * gradient / (float) Math.sqrt(sum + FLOOR);
    }

    void addOutput() {
        float[][] oldWeights = weights;
        float[][] oldSquares = squares;
        int before = outputs++;
        weights = new float[MEMBERS * outputs][];
        squares = new float[MEMBERS * outputs][];
        for (int i = 0; i < weights.length; i++) {
            int output = i % outputs;
            int old = i / outputs * before + output;
            boolean fresh = output == before;
            weights[i] = fresh ? new float[columns + 1 + buckets] : oldWeights[old];
            squares[i] = fresh ? new float[columns + 1 + buckets] : oldSquares[old];
        }
    }

    /** {@code [MEMBERS * outputs][columns + 1 + buckets]}; the intercept follows the columns. */
    float[][] weights() {
        return weights;
    }

    void write(StateSink out) {
        for (int i = 0; i < weights.length; i++) {
            out.reals(weights[i]).reals(squares[i]);
        }
    }

    /** @param outputs as many as were written */
    void restore(StateReader in, int outputs) {
        this.outputs = outputs;
        weights = new float[MEMBERS * outputs][];
        squares = new float[MEMBERS * outputs][];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = in.reals(columns + 1 + buckets);
            squares[i] = in.reals(columns + 1 + buckets);
        }
    }

    long bytes() {
        return 2L * weights.length * (columns + 1 + buckets) * Float.BYTES;
    }
}
