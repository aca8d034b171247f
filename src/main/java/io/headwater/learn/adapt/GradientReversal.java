package io.headwater.learn.adapt;

import ai.djl.ndarray.NDArray;
import io.headwater.torch.Numbers;

/** Passes features on as they are and their gradient with its sign reversed. */
final class GradientReversal {
    /*
     * Ganin et al., Domain-Adversarial Training of Neural Networks (JMLR 2016), sections 4.2 and 5.2.2: what minimizes
     * the loss of a domain classifier behind the reversal makes the features before it maximize that loss. Their λ
     * grows with the share p of the training that is done: 2 / (1 + exp(-10 p)) - 1.
     *
     * DJL's own scaleGradient multiplies by a number of Java, see torch.Numbers.
     */
    private static final double STEEPNESS = 10;

    private GradientReversal() {}

    /** @param strength λ, what the reversed gradient is multiplied with */
    static NDArray of(NDArray features, double strength) {
        NDArray constant = features.stopGradient();
        return constant.add(Numbers.times(features.sub(constant), (float) -strength));
    }

    /** @param progress 0 to 1 */
    static double schedule(double progress) {
        return 2 / (1 + StrictMath.exp(-STEEPNESS * progress)) - 1;
    }
}
