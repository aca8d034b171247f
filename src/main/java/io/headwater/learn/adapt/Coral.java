package io.headwater.learn.adapt;

import ai.djl.ndarray.NDArray;
import io.headwater.torch.Numbers;
import java.util.Map;

/** Correlation alignment: the distance between the feature covariances of two domains, in squared units of them. */
public record Coral() implements DomainTerm {
    /*
     * Sun & Saenko, Deep CORAL: Correlation Alignment for Deep Domain Adaptation (ECCV 2016 workshops), equations 1
     * to 3: ||C_source - C_target||_F^2 / (4 d^2), the covariances with n - 1 in the denominator. It acts on a
     * trainable layer: on frozen features its gradient is zero.
     */
    @Override
    public NDArray loss(DomainRows rows, Map<String, NDArray> weights, double strength) {
        return Numbers.times(loss(rows.source(), rows.target()), (float) strength);
    }

    /**
     * The loss, differentiable in both arguments.
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
