package io.headwater.learn.online;

import java.util.Arrays;

/**
 * Where a small net's weights are in one array: each layer's weights {@code [from, to]}, then its intercepts.
 *
 * @param inputs of the first layer
 * @param outputs of the last one
 */
record NetShape(int inputs, int outputs) {
    static final int HIDDEN_0 = 32;
    static final int HIDDEN_1 = 16;

    int bias0() {
        return inputs * HIDDEN_0;
    }

    int weights1() {
        return bias0() + HIDDEN_0;
    }

    int bias1() {
        return weights1() + HIDDEN_0 * HIDDEN_1;
    }

    int weights2() {
        return bias1() + HIDDEN_1;
    }

    int bias2() {
        return weights2() + HIDDEN_1 * outputs;
    }

    int size() {
        return Math.addExact(Math.multiplyExact(inputs, HIDDEN_0), weights2() - bias0() + (HIDDEN_1 + 1) * outputs);
    }

    NetShape withOneMore() {
        return new NetShape(inputs, outputs + 1);
    }

    /** {@code values} of this shape as those of a net with one more output, of which they are 0. */
    float[] withOneMore(float[] values) {
        NetShape wider = withOneMore();
        float[] grown = Arrays.copyOf(values, wider.size());
        Arrays.fill(grown, weights2(), grown.length, 0);
        for (int row = 0; row <= HIDDEN_1; row++) {
            System.arraycopy(values, weights2() + row * outputs, grown, weights2() + row * wider.outputs, outputs);
        }
        return grown;
    }

    /** {@code to += a b c d * four rows}: {@code units} values, the rows one after the other from {@code at} on. */
    static void addFour(float a, float b, float c, float d, float[] rows, int at, int units, float[] to, int into) {
        int second = at + units;
        int third = second + units;
        int fourth = third + units;
        for (int j = 0; j < units; j++) {
            to[into + j] += a * rows[at + j] + b * rows[second + j] + c * rows[third + j] + d * rows[fourth + j];
        }
    }
}
