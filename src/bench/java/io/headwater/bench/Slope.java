package io.headwater.bench;

import java.util.Arrays;
import java.util.Random;

/**
 * The least-squares slope of a series with its 95 % interval by the moving-block bootstrap of the residuals (Künsch,
 * Annals of Statistics 17, 1989), which keeps what neighbours have in common.
 *
 * @param perX the slope, in units of y for each unit of x
 * @param low end of the interval
 * @param high end of the interval
 */
record Slope(double perX, double low, double high) {
    private static final int RESAMPLES = 4_000;

    /** @param block how many neighbours are drawn together; at most half of them all */
    static Slope of(double[] x, double[] y, int block, long seed) {
        if (x.length < 2 * block) {
            throw new IllegalArgumentException(x.length + " samples are fewer than two blocks of " + block);
        }
        double[] line = fit(x, y);
        double[] residuals = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            residuals[i] = y[i] - line[0] - line[1] * x[i];
        }
        Random random = new Random(seed);
        double[] slopes = new double[RESAMPLES];
        double[] drawn = new double[y.length];
        for (int resample = 0; resample < RESAMPLES; resample++) {
            for (int i = 0; i < y.length; i += block) {
                int from = random.nextInt(y.length - block + 1);
                for (int j = 0; j < block && i + j < y.length; j++) {
                    drawn[i + j] = line[0] + line[1] * x[i + j] + residuals[from + j];
                }
            }
            slopes[resample] = fit(x, drawn)[1];
        }
        Arrays.sort(slopes);
        return new Slope(line[1], slopes[RESAMPLES / 40], slopes[RESAMPLES - 1 - RESAMPLES / 40]);
    }

    private static double[] fit(double[] x, double[] y) {
        double meanX = Arrays.stream(x).average().orElseThrow();
        double meanY = Arrays.stream(y).average().orElseThrow();
        double xy = 0;
        double xx = 0;
        for (int i = 0; i < x.length; i++) {
            xy += (x[i] - meanX) * (y[i] - meanY);
            xx += (x[i] - meanX) * (x[i] - meanX);
        }
        return new double[] {meanY - xy / xx * meanX, xy / xx};
    }
}
