package io.headwater.learn.exact;

import java.util.Arrays;

/** A symmetric matrix, its lower triangle row by row; or, once factored, the lower triangle of its Cholesky factor. */
public final class PackedMatrix {
    /*
     * Everything that costs time is one kernel, the addition of several outer products, written so that the compiler
     * makes vector instructions of its inner loop: four products are added to a piece of a row at a time, and the
     * pieces are short enough for the cache. Cholesky is blocked so that it consists of the same kernel (right-looking:
     * Golub & Van Loan, Matrix Computations, 4.2.9).
     */
    private static final int PIECE = 256;
    private static final int PANEL = 32;

    private final int size;
    private final double[] values;

    public PackedMatrix(int size) {
        this.size = size;
        this.values = new double[Math.toIntExact((long) size * (size + 1) / 2)];
    }

    public double[] values() {
        return values;
    }

    private static int row(int i) {
        return i * (i + 1) / 2;
    }

    public double get(int i, int j) {
        return values[row(i) + j];
    }

    public void set(int i, int j, double value) {
        values[row(i) + j] = value;
    }

    public void copyFrom(PackedMatrix other) {
        System.arraycopy(other.values, 0, values, 0, values.length);
    }

    public void scale(double factor) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
    }

    void add(PackedMatrix other) {
        for (int i = 0; i < values.length; i++) {
            values[i] += other.values[i];
        }
    }

    /**
     * Adds {@code sign} times the outer products of {@code count} vectors with themselves.
     *
     * @param vectors {@code [count, size]}; rows past {@code count}, up to a multiple of four, are set to 0
     * @param from rows and columns before it stay as they are
     */
    public void addOuterProducts(double[] vectors, int count, double sign, int from) {
        int padded = (count + 3) & ~3;
        Arrays.fill(vectors, count * size, padded * size, 0);
        for (int left = from; left < size; left += PIECE) {
            for (int i = left; i < size; i++) {
                int right = Math.min(i + 1, left + PIECE);
                for (int vector = 0; vector < padded; vector += 4) {
                    addFour(vectors, vector * size, i, left, right, sign);
                }
            }
        }
    }

    private void addFour(double[] vectors, int first, int i, int left, int right, double sign) {
        int second = first + size;
        int third = second + size;
        int fourth = third + size;
        double a = sign * vectors[first + i];
        double b = sign * vectors[second + i];
        double c = sign * vectors[third + i];
        double d = sign * vectors[fourth + i];
        if (a == 0 && b == 0 && c == 0 && d == 0) {
            return;
        }
        int at = row(i);
        for (int j = left; j < right; j++) {
            values[at + j] +=
                    a * vectors[first + j] + b * vectors[second + j] + c * vectors[third + j] + d * vectors[fourth + j];
        }
    }

    /**
     * Becomes its own Cholesky factor.
     *
     * @param panel at least {@code 32 * size} values of working memory
     * @return false if it is not positive definite; it is of no use then
     */
    public boolean factor(double[] panel) {
        for (int from = 0; from < size; from += PANEL) {
            int to = Math.min(size, from + PANEL);
            for (int i = from; i < size; i++) {
                int at = row(i);
                int columns = Math.min(i, to - 1);
                for (int j = from; j <= columns; j++) {
                    int other = row(j);
                    double sum = values[at + j];
                    for (int k = from; k < j; k++) {
                        sum -= values[at + k] * values[other + k];
                    }
                    if (i == j) {
                        if (!(sum > 0)) {
                            return false;
                        }
                        values[at + j] = Math.sqrt(sum);
                    } else {
                        values[at + j] = sum / values[other + j];
                    }
                }
                if (i >= to) {
                    for (int j = from; j < to; j++) {
                        panel[(j - from) * size + i] = values[at + j];
                    }
                }
            }
            addOuterProducts(panel, to - from, -1, to);
        }
        return true;
    }

    /** Of a factored matrix: {@code right} becomes the solution of matrix * x = right. */
    void solve(double[] right) {
        for (int i = 0; i < size; i++) {
            int at = row(i);
            double sum = right[i];
            for (int j = 0; j < i; j++) {
                sum -= values[at + j] * right[j];
            }
            right[i] = sum / values[at + i];
        }
        for (int i = size - 1; i >= 0; i--) {
            int at = row(i);
            double value = right[i] / values[at + i];
            right[i] = value;
            for (int j = 0; j < i; j++) {
                right[j] -= values[at + j] * value;
            }
        }
    }
}
