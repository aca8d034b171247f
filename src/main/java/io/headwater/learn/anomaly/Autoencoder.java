package io.headwater.learn.anomaly;

import io.headwater.learn.SeededRandom;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import java.util.Arrays;

/**
 * A small net that learns to give a standardized row back through fewer numbers than it has; what it cannot give back is
 * strange. One step per row.
 */
final class Autoencoder {
    /*
     * Columns to half as many hidden tanh units (2 to 32) and back, squared error, AdaGrad (Duchi, Hazan & Singer, JMLR
     * 12, 2011); the same online use: Mirsky et al., Kitsune (NDSS 2018). The error that is learned from is cut off, so
     * that one wild row cannot turn the net toward it; the squared gradients fade, so that it goes on learning.
     */
    private static final int MAX_HIDDEN = 32;
    private static final float STEP = 0.02f;
    private static final float MAX_ERROR = 2;
    private static final float FADING = 0.9999f;
    private static final float TINY = 1e-4f;

    private final int columns;
    private final int hidden;
    private final float[] weights;
    private final float[] squares;
    private final float[] code;
    private final float[] codeGradient;
    private final float[] given;

    Autoencoder(int columns, long seed) {
        this.columns = columns;
        this.hidden = Math.max(2, Math.min(MAX_HIDDEN, columns / 2));
        this.weights = new float[2 * columns * hidden + hidden + columns];
        this.squares = new float[weights.length];
        this.code = new float[hidden];
        this.codeGradient = new float[hidden];
        this.given = new float[columns];
        SeededRandom random = new SeededRandom(seed);
        double inward = 1 / Math.sqrt(columns);
        double outward = 1 / Math.sqrt(hidden);
        for (int i = 0; i < 2 * columns * hidden; i++) {
            weights[i] = (float) ((i < columns * hidden ? inward : outward) * random.nextGaussian());
        }
        Arrays.fill(squares, TINY);
    }

    private int out(int column) {
        return (columns + column) * hidden;
    }

    private int codeBias() {
        return 2 * columns * hidden;
    }

    private int outBias() {
        return codeBias() + hidden;
    }

    /** Mean squared error of giving the row back. */
    double error(float[] row) {
        System.arraycopy(weights, codeBias(), code, 0, hidden);
        for (int column = 0; column < columns; column++) {
            float value = row[column];
            int at = column * hidden;
            for (int unit = 0; unit < hidden; unit++) {
                code[unit] += value * weights[at + unit];
            }
        }
        for (int unit = 0; unit < hidden; unit++) {
            code[unit] = (float) Math.tanh(code[unit]);
        }
        double sum = 0;
        for (int column = 0; column < columns; column++) {
            int at = out(column);
            float back = weights[outBias() + column];
            for (int unit = 0; unit < hidden; unit++) {
                back += code[unit] * weights[at + unit];
            }
            given[column] = back;
            double miss = row[column] - back;
            sum += miss * miss;
        }
        return sum / columns;
    }

    /** Learns the row that {@link #error} was asked for last. */
    void learn(float[] row) {
        Arrays.fill(codeGradient, 0);
        for (int column = 0; column < columns; column++) {
            float miss = Math.max(-MAX_ERROR, Math.min(MAX_ERROR, given[column] - row[column]));
            int at = out(column);
            for (int unit = 0; unit < hidden; unit++) {
                codeGradient[unit] += miss * weights[at + unit];
                step(at + unit, miss * code[unit]);
            }
            step(outBias() + column, miss);
        }
        for (int unit = 0; unit < hidden; unit++) {
            codeGradient[unit] *= 1 - code[unit] * code[unit];
            step(codeBias() + unit, codeGradient[unit]);
        }
        for (int column = 0; column < columns; column++) {
            int at = column * hidden;
            for (int unit = 0; unit < hidden; unit++) {
                step(at + unit, row[column] * codeGradient[unit]);
            }
        }
    }

    private void step(int weight, float gradient) {
        squares[weight] = FADING * squares[weight] + gradient * gradient;
        weights[weight] -= STEP * gradient / (float) Math.sqrt(squares[weight] + TINY);
    }

    void write(StateWriter out) {
        out.reals(weights).reals(squares);
    }

    void read(StateReader in) {
        System.arraycopy(in.reals(weights.length), 0, weights, 0, weights.length);
        System.arraycopy(in.reals(squares.length), 0, squares, 0, squares.length);
    }

    long bytes() {
        return (long) Float.BYTES * (2L * weights.length + 2L * hidden + columns);
    }
}
