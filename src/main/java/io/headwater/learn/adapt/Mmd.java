package io.headwater.learn.adapt;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.headwater.torch.Numbers;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

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
     * 3. Zaremba, Gretton & Blaschko, B-tests: Low Variance Kernel Two-Sample Tests (NIPS 2013): the mean over blocks of a
     *    large batch, so that the cost grows with the rows and not with their square.
     *
     * A kernel of half the bandwidth is the square of the other, so that one exponential is enough. With k the widest
     * kernel, bandwidth s = 4 m, and w = 1/n on source and -1/m on target rows, the estimate and its gradient are
     *
     *     L = w' S w / 5,                            S = k + k^2 + k^4 + k^8 + k^16
     *     dL/dx_i = -4 w_i (x_i (T w)_i - (T (w x))_i) / (5 s),   T = k + 2 k^2 + 4 k^4 + 8 k^8 + 16 k^16
     *
     * The median is that of a sample of each side: to sort all pairs of a large batch would cost more than the rest.
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
        Blocks blocks = Blocks.of(source, target);
        NDArray squares = blocks.squares();
        return blocks.loss(squares, blocks.median(squares));
    }

    /** @param median of the squared distances */
    static NDArray loss(NDArray source, NDArray target, float median) {
        Blocks blocks = Blocks.of(source, target);
        return blocks.loss(blocks.squares(), median);
    }

    /**
     * Rows of both domains in blocks of equal size; what is left over, fewer rows than there are blocks, is left out.
     *
     * @param recorded {@code [blocks, source + target, features]}, differentiable
     * @param rows the same without gradient
     * @param source rows of a block that are of the source, the first ones
     */
    private record Blocks(NDArray recorded, NDArray rows, int source) {
        static Blocks of(NDArray source, NDArray target) {
            long least = Math.min(source.getShape().get(0), target.getShape().get(0));
            long blocks = Math.max(1, least / BLOCK);
            NDArray first = parted(source, blocks);
            NDArray both = NDArrays.concat(new NDList(first, parted(target, blocks)), 1);
            return new Blocks(
                    both, both.stopGradient(), Math.toIntExact(first.getShape().get(1)));
        }

        private static NDArray parted(NDArray rows, long blocks) {
            long each = rows.getShape().get(0) / blocks;
            NDArray whole = rows.getShape().get(0) == each * blocks ? rows : rows.get("0:" + each * blocks);
            return whole.reshape(blocks, each, rows.getShape().get(1));
        }

        private int size() {
            return Math.toIntExact(rows.getShape().get(1));
        }

        private long count() {
            return rows.getShape().get(0);
        }

        /** Squared distances of all pairs of a block; rounding must not make one negative. */
        NDArray squares() {
            NDArray norms = rows.square().sum(new int[] {2}, true);
            NDArray products = rows.matMul(rows.transpose(0, 2, 1));
            products.muli(number(-2)).addi(norms).addi(norms.transpose(0, 2, 1));
            return products.getNDArrayInternal().relu();
        }

        /** The median of the squared distances between different rows of the first block's first ones of each side. */
        float median(NDArray squares) {
            float[] all = squares.get(0).toType(DataType.FLOAT32, false).toFloatArray();
            int ofSource = Math.min(SAMPLE, source);
            int[] sample = IntStream.concat(
                            IntStream.range(0, ofSource), IntStream.range(source, Math.min(size(), source + SAMPLE)))
                    .toArray();
            float[] pairs = new float[Math.max(1, sample.length * (sample.length - 1) / 2)];
            int next = 0;
            for (int i = 0; i < sample.length; i++) {
                for (int j = 0; j < i; j++) {
                    pairs[next++] = all[sample[i] * size() + sample[j]];
                }
            }
            Arrays.sort(pairs);
            return Math.max(LEAST_MEDIAN, pairs[pairs.length / 2]);
        }

        NDArray loss(NDArray squares, float median) {
            NDArray[] powers = new NDArray[KERNELS];
            powers[0] = squares.mul(number(-1 / (WIDEST * median))).exp();
            for (int i = 1; i < KERNELS; i++) {
                powers[i] = powers[i - 1].square();
            }
            NDArray slopes = powers[KERNELS - 1].duplicate();
            NDArray sum = powers[KERNELS - 1];
            for (int i = KERNELS - 2; i >= 0; i--) {
                slopes.addi(slopes).addi(powers[i]);
                sum.addi(powers[i]);
            }
            NDArray signs = signs();
            NDArray loss = sum.matMul(signs).mul(signs).sum();
            NDArray pull = rows.mul(slopes.matMul(signs)).subi(slopes.matMul(rows.mul(signs)));
            NDArray gradient = pull.muli(signs).muli(number(-4 / (KERNELS * WIDEST * median * count())));
            return KnownGradient.of(Numbers.over(loss, KERNELS * count()), KnownGradient.slope(recorded, gradient));
        }

        /** As a column, {@code 1 / rows} for each source row and the negative of that for each target row. */
        private NDArray signs() {
            float[] signs = new float[size()];
            Arrays.fill(signs, 0, source, 1f / source);
            Arrays.fill(signs, source, size(), -1f / (size() - source));
            return rows.getManager().create(signs, new Shape(size(), 1)).toType(rows.getDataType(), false);
        }

        private NDArray number(float value) {
            return rows.getManager().full(new Shape(), value, rows.getDataType());
        }
    }
}
