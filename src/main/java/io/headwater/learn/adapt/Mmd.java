package io.headwater.learn.adapt;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.headwater.torch.Numbers;
import java.util.Arrays;
import java.util.Map;

/**
 * Maximum mean discrepancy under five Gaussian kernels: the squared distance between the mean embeddings of two domains,
 * without unit, 0 to 2.
 */
public record Mmd() implements DomainTerm {
    /*
     * 1. Gretton et al., A Kernel Two-Sample Test (JMLR 2012): the biased estimate, which is 0 for a domain with itself,
     *    and the median heuristic for the bandwidth.
     * 2. Long et al., Learning Transferable Features with Deep Adaptation Networks (ICML 2015): several kernels, here
     *    exp(-|x - y|^2 / (m 2^u)), u = -2 .. 2, of equal weight; m, the median of |x - y|^2, counts as a constant.
     *
     * 3. Zaremba, Gretton & Blaschko, B-tests: Low Variance Kernel Two-Sample Tests (NIPS 2013): the mean over blocks of a
     *    large batch, so that the cost grows with the rows and not with their square.
     *
     * A kernel of half the bandwidth is the square of the other, so that one exponential is enough. With w = 1/n on
     * source and -1/m on target rows the estimate is w' K w. The median is that of a sample of each side: all pairs of
     * a large batch would cost more than the rest of the step.
     */
    private static final int KERNELS = 5;
    private static final float WIDEST = 4;
    private static final int SAMPLE = 24;
    /** Rows of each side in a block. */
    private static final int BLOCK = 64;

    private static final float LEAST_MEDIAN = 1e-12f;

    @Override
    public NDArray loss(DomainRows rows, Map<String, NDArray> weights, double strength) {
        return Numbers.times(loss(rows.source(), rows.target()), (float) strength);
    }

    /**
     * The loss, differentiable in both arguments.
     *
     * @param source {@code [rows, features]}
     * @param target {@code [rows, features]}
     * @return a scalar
     */
    public static NDArray loss(NDArray source, NDArray target) {
        return loss(source, target, medianSquare(source, target));
    }

    /** @param median of the squared distances */
    static NDArray loss(NDArray source, NDArray target, float median) {
        long rows = Math.min(source.getShape().get(0), target.getShape().get(0));
        int blocks = Math.toIntExact(Math.max(1, rows / BLOCK));
        NDArray sum = ofBlock(part(source, 0, blocks), part(target, 0, blocks), median);
        for (int i = 1; i < blocks; i++) {
            sum = sum.add(ofBlock(part(source, i, blocks), part(target, i, blocks), median));
        }
        return blocks == 1 ? sum : Numbers.over(sum, blocks);
    }

    private static NDArray part(NDArray rows, int block, int blocks) {
        long count = rows.getShape().get(0);
        return blocks == 1
                ? rows
                : rows.get(new NDIndex().addSliceDim(block * count / blocks, (block + 1) * count / blocks));
    }

    private static NDArray ofBlock(NDArray source, NDArray target, float median) {
        NDArray rows = NDArrays.concat(new NDList(source, target), 0);
        NDArray kernel = Numbers.over(squares(rows), -WIDEST * median).exp();
        NDArray sum = kernel;
        for (int i = 1; i < KERNELS; i++) {
            kernel = kernel.square();
            sum = sum.add(kernel);
        }
        NDArray signs =
                NDArrays.concat(new NDList(shares(source), shares(target).neg()), 0);
        return Numbers.over(sum.matMul(signs).mul(signs).sum(), KERNELS);
    }

    /** {@code 1 / rows} for each row, as a column. */
    private static NDArray shares(NDArray rows) {
        long count = rows.getShape().get(0);
        NDArray ones = rows.getManager().ones(new Shape(count, 1), rows.getDataType());
        return Numbers.over(ones, count);
    }

    /** Squared distances of all pairs; rounding must not make one negative. */
    private static NDArray squares(NDArray rows) {
        NDArray norms = rows.square().sum(new int[] {1}, true);
        NDArray products = Numbers.times(rows.matMul(rows.transpose()), -2);
        return products.add(norms).add(norms.transpose()).getNDArrayInternal().relu();
    }

    /** The median of the squared distances between different rows of both domains' first ones. */
    static float medianSquare(NDArray source, NDArray target) {
        NDArray sample =
                NDArrays.concat(new NDList(first(source), first(target)), 0).stopGradient();
        int rows = Math.toIntExact(sample.getShape().get(0));
        float[] squares = squares(sample).toType(DataType.FLOAT32, false).toFloatArray();
        float[] pairs = new float[Math.max(1, rows * (rows - 1) / 2)];
        int next = 0;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < i; j++) {
                pairs[next++] = squares[i * rows + j];
            }
        }
        Arrays.sort(pairs);
        return Math.max(LEAST_MEDIAN, pairs[pairs.length / 2]);
    }

    private static NDArray first(NDArray rows) {
        return rows.get(
                new NDIndex().addSliceDim(0, Math.min(SAMPLE, rows.getShape().get(0))));
    }
}
