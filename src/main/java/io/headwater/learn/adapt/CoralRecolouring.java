package io.headwater.learn.adapt;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.headwater.learn.Allowed;
import io.headwater.torch.Numbers;
import io.headwater.torch.TorchDevice;

/**
 * Gives rows of the source domain the mean and the covariance of the target's: a learner that has no layer to align, such
 * as the exact one, learns the recoloured source rows and then scores target rows as they are.
 */
public final class CoralRecolouring {
    /*
     * Sun, Feng & Saenko, Return of Frustratingly Easy Domain Adaptation (AAAI 2016), algorithm 1: x (C_S + I)^-1/2 (C_T
     * + I)^1/2, on columns in units in which they are around 1. They standardize each domain by itself; here the means
     * are moved along instead, so that target rows need no change.
     *
     * The roots by Denman & Beavers' iteration: Higham, Functions of Matrices (2008), section 6.3. It converges
     * quadratically on positive definite matrices, and both roots come at once.
     */
    private static final int STEPS = 40;
    private static final double CLOSE = 1e-12;
    private static final int MOST_COLUMNS = 2_000;

    private final int width;
    private final double[] sourceMean;
    private final double[] targetMean;
    /** Row-major {@code [width, width]}. */
    private final double[] matrix;

    private CoralRecolouring(double[] sourceMean, double[] targetMean, double[] matrix) {
        this.width = sourceMean.length;
        this.sourceMean = sourceMean;
        this.targetMean = targetMean;
        this.matrix = matrix;
    }

    /**
     * @param source row-major {@code [rows, width]}, at least two rows, nothing missing
     * @param target likewise
     * @param ridge added to both covariances' diagonals, in squared units of a column; 1 in the paper
     */
    public static CoralRecolouring of(float[] source, float[] target, int width, double ridge) {
        checkWidth(width);
        Allowed.within("the ridge of recolouring", ridge, 1e-9, 1e9);
        double[] sourceMean = mean(source, width);
        double[] targetMean = mean(target, width);
        // Has PyTorch loaded in the torch room's way, before anything of it is asked for.
        TorchDevice.torchVersion();
        try (NDManager scope = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            NDArray whitening = roots(scope, covariance(source, sourceMean, ridge), width)[1];
            NDArray colouring = roots(scope, covariance(target, targetMean, ridge), width)[0];
            return new CoralRecolouring(
                    sourceMean, targetMean, whitening.matMul(colouring).toDoubleArray());
        }
    }

    /** @throws IllegalArgumentException if rows are too wide: the cost grows with the cube of their width */
    public static void checkWidth(int width) {
        Allowed.within("columns to recolour", width, 1, MOST_COLUMNS);
    }

    private static double[] mean(float[] rows, int width) {
        int count = rows.length / width;
        if (count < 2 || count * width != rows.length) {
            throw new IllegalArgumentException(
                    rows.length + " numbers for rows of " + width + " columns; at least two whole rows are needed");
        }
        double[] mean = new double[width];
        for (int i = 0; i < rows.length; i++) {
            mean[i % width] += rows[i] / (double) count;
        }
        return mean;
    }

    private static double[] covariance(float[] rows, double[] mean, double ridge) {
        int width = mean.length;
        int count = rows.length / width;
        double[] covariance = new double[width * width];
        double[] row = new double[width];
        for (int at = 0; at < rows.length; at += width) {
            for (int i = 0; i < width; i++) {
                row[i] = rows[at + i] - mean[i];
            }
            for (int i = 0; i < width; i++) {
                double factor = row[i] / (count - 1);
                for (int j = 0; j < width; j++) {
                    covariance[i * width + j] += factor * row[j];
                }
            }
        }
        for (int i = 0; i < width; i++) {
            covariance[i * width + i] += ridge;
        }
        return covariance;
    }

    /** The square root and its inverse. */
    private static NDArray[] roots(NDManager scope, double[] values, int width) {
        NDArray root = scope.create(values, new Shape(width, width));
        NDArray inverse = scope.eye(width, width, 0, DataType.FLOAT64);
        for (int step = 0; step < STEPS; step++) {
            NDArray next = Numbers.times(root.add(inverse.inverse()), 0.5f);
            inverse = Numbers.times(inverse.add(root.inverse()), 0.5f);
            double change = next.sub(root).abs().max().getDouble();
            root = next;
            if (change < CLOSE * root.abs().max().getDouble()) {
                break;
            }
        }
        return new NDArray[] {root, inverse};
    }

    /** A row of the source, as one of the target; a row of another width is refused. */
    public void apply(float[] row) {
        if (row.length != width) {
            throw new IllegalArgumentException("a row of " + row.length + " columns, where there are " + width);
        }
        double[] made = targetMean.clone();
        for (int i = 0; i < width; i++) {
            double centered = row[i] - sourceMean[i];
            for (int j = 0; j < width; j++) {
                made[j] += centered * matrix[i * width + j];
            }
        }
        for (int i = 0; i < width; i++) {
            row[i] = (float) made[i];
        }
    }
}
