package io.headwater.learn.online;

import static io.headwater.learn.online.NetShape.HIDDEN_0;
import static io.headwater.learn.online.NetShape.HIDDEN_1;

import io.headwater.event.OwnerKeys;
import io.headwater.event.RowKey;
import io.headwater.learn.StateReader;
import java.util.Arrays;

/** The sum over rows of a small net's gradient, by back propagation. */
final class NetGradient {
    /*
     * Every row's outer products are added four rows at a time, so that a sum is fetched and put back once for four.
     * The rows that wait for the fourth are a part of the state, each with its key, and so are those that came last until
     * others take their places.
     */
    static final int BLOCK = 4;

    /** One row's error is cut off here, whatever it weighs, so that nothing overflows. */
    private static final float MAX_ERROR = 1_000;

    private NetShape shape;
    private float[] slopes;
    private int rows;

    /** Of the rows that wait: {@code [BLOCK, inputs]}, {@code [BLOCK, HIDDEN_0]} and {@code [BLOCK, HIDDEN_1]}. */
    private final float[] inputs;

    private final float[] hidden = new float[BLOCK * HIDDEN_0];
    private final float[] slopes0 = new float[BLOCK * HIDDEN_0];
    private final float[] slopes1 = new float[BLOCK * HIDDEN_1];

    /** Whose row each of them is. */
    private final long[] keys = new long[BLOCK];

    /** The second layer's weights the other way round: {@code [HIDDEN_1, HIDDEN_0]}. */
    private final float[] turned = new float[HIDDEN_1 * HIDDEN_0];

    private final float[] slope0 = new float[HIDDEN_0];
    private final float[] slope1 = new float[HIDDEN_1];

    NetGradient(NetShape shape) {
        this.shape = shape;
        this.slopes = new float[shape.size()];
        this.inputs = new float[BLOCK * shape.inputs()];
    }

    /** Learns what the weights have become. */
    void weights(float[] weights) {
        for (int i = 0, at = shape.weights1(); i < HIDDEN_0; i++) {
            for (int j = 0; j < HIDDEN_1; j++, at++) {
                turned[j * HIDDEN_0 + i] = weights[at];
            }
        }
    }

    /**
     * Adds a row.
     *
     * @param hidden0 what the first layer's units said
     * @param hidden1 what the second layer's said
     * @param errors derivatives of the loss by the outputs, from {@code at} on
     * @param key whose row it is
     * @return derivatives of the loss by the first layer's sums, until the next call
     */
    float[] add(float[] input, float[] hidden0, float[] hidden1, float[] weights, float[] errors, int at, long key) {
        Arrays.fill(slope1, 0);
        int width = shape.outputs();
        for (int k = 0; k < width; k++) {
            float error = Math.max(-MAX_ERROR, Math.min(MAX_ERROR, errors[at + k]));
            slopes[shape.bias2() + k] += error;
            for (int i = 0, weight = shape.weights2() + k; i < HIDDEN_1; i++, weight += width) {
                slopes[weight] += error * hidden1[i];
                slope1[i] += error * weights[weight];
            }
        }
        quiet(hidden1, slope1, shape.bias1());
        Arrays.fill(slope0, 0);
        for (int i = 0; i < HIDDEN_1; i += BLOCK) {
            NetShape.addFour(
                    slope1[i], slope1[i + 1], slope1[i + 2], slope1[i + 3], turned, i * HIDDEN_0, HIDDEN_0, slope0, 0);
        }
        quiet(hidden0, slope0, shape.bias0());
        int row = rows % BLOCK;
        System.arraycopy(input, 0, inputs, row * shape.inputs(), shape.inputs());
        System.arraycopy(hidden0, 0, hidden, row * HIDDEN_0, HIDDEN_0);
        System.arraycopy(slope0, 0, slopes0, row * HIDDEN_0, HIDDEN_0);
        System.arraycopy(slope1, 0, slopes1, row * HIDDEN_1, HIDDEN_1);
        keys[row] = key;
        rows++;
        if (row == BLOCK - 1) {
            products(inputs, shape.inputs(), slopes0, HIDDEN_0, 0);
            products(hidden, HIDDEN_0, slopes1, HIDDEN_1, shape.weights1());
        }
        return slope0;
    }

    /** A unit that is silent has no slope; the others' are those of their intercepts. */
    private void quiet(float[] units, float[] slope, int bias) {
        for (int j = 0; j < units.length; j++) {
            slope[j] = units[j] > 0 ? slope[j] : 0;
            slopes[bias + j] += slope[j];
        }
    }

    private void products(float[] from, int width, float[] slope, int units, int into) {
        for (int i = 0, at = into; i < width; i++, at += units) {
            float a = from[i];
            float b = from[i + width];
            float c = from[i + 2 * width];
            float d = from[i + 3 * width];
            NetShape.addFour(a, b, c, d, slope, 0, units, slopes, at);
        }
    }

    /**
     * Forgets the rows of some owners among the last. If one of them waits, all that wait enter the sums now, each alone
     * and in their order, as they would have with the others: so the sums do not tell in which order owners were erased.
     *
     * @return rows forgotten
     */
    int erase(OwnerKeys owners) {
        int erased = 0;
        boolean waits = false;
        for (int row = 0; row < BLOCK; row++) {
            if (owners.contains(keys[row])) {
                erased++;
                waits |= row < rows % BLOCK;
            }
        }
        for (int row = 0; row < BLOCK && erased > 0; row++) {
            boolean waiting = row < rows % BLOCK;
            boolean gone = owners.contains(keys[row]);
            if (waits && waiting) {
                product(inputs, row, shape.inputs(), slopes0, HIDDEN_0, 0);
                product(hidden, row, HIDDEN_0, slopes1, HIDDEN_1, shape.weights1());
            }
            if (gone || waits && waiting) {
                clear(inputs, row, shape.inputs());
                clear(hidden, row, HIDDEN_0);
                clear(slopes0, row, HIDDEN_0);
                clear(slopes1, row, HIDDEN_1);
            }
            keys[row] = gone ? RowKey.NONE : keys[row];
        }
        return erased;
    }

    private void product(float[] from, int row, int width, float[] slope, int units, int into) {
        for (int i = 0, at = into; i < width; i++, at += units) {
            for (int j = 0; j < units; j++) {
                slopes[at + j] += from[row * width + i] * slope[row * units + j];
            }
        }
    }

    private static void clear(float[] values, int row, int width) {
        Arrays.fill(values, row * width, (row + 1) * width, 0);
    }

    /** How many rows were added since the last {@link #clear}. */
    int rows() {
        return rows;
    }

    /** The sum over all rows, if they are a multiple of {@value #BLOCK}. */
    float[] sum() {
        return slopes;
    }

    void clear() {
        Arrays.fill(slopes, 0);
        rows = 0;
    }

    void addOutput() {
        slopes = shape.withOneMore(slopes);
        shape = shape.withOneMore();
    }

    void write(StateSink out) {
        out.integer(rows).reals(slopes);
        out.reals(inputs).reals(hidden).reals(slopes0).reals(slopes1).integers64(keys);
    }

    void restore(StateReader in, NetShape shape, int maxRows) {
        this.shape = shape;
        rows = in.integer(0, maxRows);
        slopes = in.reals(shape.size());
        System.arraycopy(in.reals(inputs.length), 0, inputs, 0, inputs.length);
        System.arraycopy(in.reals(hidden.length), 0, hidden, 0, hidden.length);
        System.arraycopy(in.reals(slopes0.length), 0, slopes0, 0, slopes0.length);
        System.arraycopy(in.reals(slopes1.length), 0, slopes1, 0, slopes1.length);
        System.arraycopy(in.integers64(BLOCK), 0, keys, 0, BLOCK);
    }

    long bytes() {
        int floats = slopes.length + inputs.length + hidden.length + slopes0.length + slopes1.length;
        return (long) Float.BYTES * floats + (long) Long.BYTES * BLOCK;
    }
}
