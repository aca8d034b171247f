package io.headwater.learn.adapt;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.headwater.learn.SeededRandom;
import io.headwater.torch.Numbers;
import java.util.Map;
import java.util.Objects;

/**
 * Correlation alignment: the distance between the feature covariances of two domains. Features count in the mean standard
 * deviation that those of the source had in the first step, so that the term has no unit.
 */
public record Coral() implements DomainTerm {
    /*
     * Sun & Saenko, Deep CORAL: Correlation Alignment for Deep Domain Adaptation (ECCV 2016 workshops), equations 1
     * to 3: ||C_source - C_target||_F^2 / (4 d^2), the covariances with n - 1 in the denominator. It acts on a
     * trainable layer: on frozen features its gradient is zero.
     *
     * That is in fourth powers of the features' unit: a strength that is right on one layer is nothing on one whose
     * features are a tenth as large. The unit is taken once and then kept. If it followed the features, nothing would
     * be left that ends what they do to the loss: with a unit that counts as a constant they shrank to nothing within
     * a training, and with one that is differentiated they grew along one direction until it was all there is to the
     * covariances (docs/adr/0015-coral-in-the-layers-unit.md). With a fixed one the pull fades as they shrink.
     */
    /** The kept unit: the mean variance of the source's features, 0 before the first step. */
    private static final String VARIANCE = "coral.variance";

    /** Its square, by which λ is divided, is still a number of 32 bits. */
    private static final float LEAST_VARIANCE = 1e-12f;

    @Override
    public Map<String, TermWeight> weights(int features, int classes, SeededRandom random) {
        return Map.of(VARIANCE, new TermWeight(new float[1], new long[] {1}));
    }

    @Override
    public NDArray loss(DomainRows rows, Map<String, NDArray> weights, double strength) {
        NDArray kept = Objects.requireNonNull(weights.get(VARIANCE), "no unit among the weights");
        float variance = kept.toFloatArray()[0];
        if (variance == 0) {
            variance = unit(meanVariance(rows.source().stopGradient()));
            // In place, in the memory of the weight; it never has a gradient, so the optimizer leaves it alone.
            kept.stopGradient().addi(kept.getManager().create(new float[] {variance}));
        }
        // A source without variance, whose units are all out, gives no unit and is not aligned until it has one.
        double inUnits = variance > 0 ? strength / variance / variance : 0;
        return Numbers.times(loss(rows.source(), rows.target()), (float) inUnits);
    }

    /** None, where features that are off would make one that switches alignment off, or drowns all else, for good. */
    private static float unit(float variance) {
        return Float.isFinite(variance) && variance > LEAST_VARIANCE ? variance : 0;
    }

    private static float meanVariance(NDArray rows) {
        NDArray squares = centered(rows).square().sum().toType(DataType.FLOAT32, false);
        return squares.getFloat() / degrees(rows) / rows.getShape().get(1);
    }

    /**
     * The loss in fourth powers of the features' unit, differentiable in both arguments.
     *
     * @param source hidden activations of labelled source rows, {@code [rows, features]}, at least two rows
     * @param target hidden activations of unlabelled target rows, {@code [rows, features]}, at least two rows
     * @return a scalar
     */
    public static NDArray loss(NDArray source, NDArray target) {
        float features = source.getShape().get(1);
        NDArray ofSource = centered(source.stopGradient());
        NDArray ofTarget = centered(target.stopGradient());
        NDArray difference = covariance(ofSource).subi(covariance(ofTarget));
        NDArray loss = Numbers.over(difference.square().sum(), 4 * features * features);
        // Centering changes nothing of the gradient: its rows sum to zero already.
        NDArray sourceGradient = Numbers.over(ofSource.matMul(difference), features * features * degrees(ofSource));
        NDArray targetGradient = Numbers.over(ofTarget.matMul(difference), -features * features * degrees(ofTarget));
        return KnownGradient.of(
                loss, KnownGradient.slope(source, sourceGradient).add(KnownGradient.slope(target, targetGradient)));
    }

    private static NDArray centered(NDArray rows) {
        return rows.sub(rows.mean(new int[] {0}, true));
    }

    private static NDArray covariance(NDArray centered) {
        return Numbers.over(centered.transpose().matMul(centered), degrees(centered));
    }

    private static float degrees(NDArray rows) {
        long count = rows.getShape().get(0);
        if (count < 2) {
            throw new IllegalArgumentException("a covariance needs at least two rows, not " + count);
        }
        return count - 1;
    }
}
