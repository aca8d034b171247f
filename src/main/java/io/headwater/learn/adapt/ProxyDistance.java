package io.headwater.learn.adapt;

import io.headwater.learn.SeededRandom;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How well a linear classifier tells the rows of two domains apart: the proxy A-distance, {@code 2 (1 - 2 e)} by its
 * error {@code e} on rows that it did not learn. 0 where it cannot tell them apart, 2 where it always can.
 */
public final class ProxyDistance {
    /*
     * Ben-David et al., Analysis of Representations for Domain Adaptation (NIPS 2006), section 4. The classifier is a
     * logistic regression by normalized steps on rows in random order, of which every second is held out; the domain
     * with more rows counts with as many as the other.
     */
    private static final int PASSES = 20;
    private static final double STEP = 0.5;
    /** Of each domain, half of which are held out: {@code e} is of as many rows as a domain has here. */
    public static final int MOST_ROWS = 2_000;

    /** Of each domain. */
    public static final int LEAST_ROWS = 4;

    private ProxyDistance() {}

    /** Rows of any width. */
    public interface Rows {
        int size();

        int width();

        double dot(int row, double[] weights);

        /** Adds {@code factor} times the row to {@code to}. */
        void addTo(double[] to, int row, double factor);

        double squaredNorm(int row);
    }

    /** @param values row-major {@code [rows, width]} */
    public static Rows dense(float[] values, int rows) {
        int width = values.length / Math.max(1, rows);
        return new Rows() {
            @Override
            public int size() {
                return rows;
            }

            @Override
            public int width() {
                return width;
            }

            @Override
            public double dot(int row, double[] weights) {
                double sum = 0;
                for (int i = 0; i < width; i++) {
                    sum += values[row * width + i] * weights[i];
                }
                return sum;
            }

            @Override
            public void addTo(double[] to, int row, double factor) {
                for (int i = 0; i < width; i++) {
                    to[i] += factor * values[row * width + i];
                }
            }

            @Override
            public double squaredNorm(int row) {
                double sum = 0;
                for (int i = 0; i < width; i++) {
                    sum += (double) values[row * width + i] * values[row * width + i];
                }
                return sum;
            }
        };
    }

    /** @throws IllegalArgumentException if the widths differ or a domain has fewer than four rows */
    public static double between(Rows source, Rows target, long seed) {
        int each = Math.min(MOST_ROWS, Math.min(source.size(), target.size()));
        if (each < LEAST_ROWS || source.width() != target.width()) {
            throw new IllegalArgumentException("the distance of " + source.size() + " rows of " + source.width()
                    + " columns and " + target.size() + " rows of " + target.width()
                    + " columns; at least four rows each and as many columns are needed");
        }
        SeededRandom random = new SeededRandom(seed);
        int[] order = new int[2 * each];
        int[] ofSource = drawn(source.size(), each, random);
        int[] ofTarget = drawn(target.size(), each, random);
        for (int i = 0; i < each; i++) {
            order[2 * i] = ofSource[i];
            order[2 * i + 1] = -1 - ofTarget[i];
        }
        int learned = each / 2 * 2;
        int[] training = Arrays.copyOf(order, learned);
        double[] weights = new double[source.width() + 1];
        for (int pass = 0; pass < PASSES; pass++) {
            random.shuffle(training);
            for (int row : training) {
                learn(row < 0 ? target : source, row < 0 ? -1 - row : row, row < 0, weights, STEP / (1 + pass));
            }
        }
        int wrong = 0;
        for (int i = learned; i < order.length; i++) {
            int row = order[i];
            boolean sayTarget = score(row < 0 ? target : source, row < 0 ? -1 - row : row, weights) > 0;
            wrong += sayTarget == row < 0 ? 0 : 1;
        }
        double error = wrong / (double) (order.length - learned);
        return Math.max(0, 2 * (1 - 2 * error));
    }

    private static int[] drawn(int rows, int count, SeededRandom random) {
        int[] order = IntStream.range(0, rows).toArray();
        random.shuffle(order);
        return Arrays.copyOf(order, count);
    }

    private static double score(Rows rows, int row, double[] weights) {
        return rows.dot(row, weights) + weights[rows.width()];
    }

    private static void learn(Rows rows, int row, boolean target, double[] weights, double step) {
        double error = (target ? 1 : 0) - 1 / (1 + StrictMath.exp(-score(rows, row, weights)));
        // A step of 1 on this scale is as long as the row's curvature allows: the logistic loss has at most 1/4.
        double move = 4 * step * error / (1 + rows.squaredNorm(row));
        rows.addTo(weights, row, move);
        weights[rows.width()] += move;
    }
}
