package io.headwater.learn.exact;

import io.headwater.learn.SeededRandom;

/**
 * A fixed random layer: {@code relu(scaled row * weights + bias)}, the same for the same seed. A linear model on it is
 * no longer linear in the row.
 */
final class RandomFeatures {
    /*
     * Random vector functional link nets (Pao, Park & Sobajic, Neurocomputing 6, 1994); as the last stage of continual
     * learning on a pre-trained backbone: McDonnell et al., RanPAC (NeurIPS 2023).
     */
    private static final double BIAS_DEVIATION = 0.1;

    private final int columns;
    private final int features;
    private final float[] weights;
    private final float[] bias;
    private final float[] sums;

    /** @param columns of a row, already of a size around 1 */
    RandomFeatures(int columns, int features, long seed) {
        this.columns = columns;
        this.features = features;
        this.weights = new float[Math.multiplyExact(columns, features)];
        this.bias = new float[features];
        this.sums = new float[features];
        SeededRandom random = new SeededRandom(seed);
        float deviation = (float) (1 / Math.sqrt(columns));
        for (int i = 0; i < weights.length; i++) {
            weights[i] = deviation * (float) random.nextGaussian();
        }
        for (int i = 0; i < features; i++) {
            bias[i] = (float) (BIAS_DEVIATION * random.nextGaussian());
        }
    }

    /** {@code [columns, features]}. */
    float[] weights() {
        return weights;
    }

    float[] bias() {
        return bias;
    }

    /** @param to receives {@code [features]}, from {@code at} on */
    void of(float[] row, double[] to, int at) {
        System.arraycopy(bias, 0, sums, 0, features);
        for (int column = 0; column < columns; column++) {
            float value = row[column];
            if (value != 0) {
                int from = column * features;
                for (int i = 0; i < features; i++) {
                    sums[i] += value * weights[from + i];
                }
            }
        }
        for (int i = 0; i < features; i++) {
            to[at + i] = Math.max(0f, sums[i]);
        }
    }

    long bytes() {
        return (long) Float.BYTES * (weights.length + bias.length + sums.length);
    }
}
