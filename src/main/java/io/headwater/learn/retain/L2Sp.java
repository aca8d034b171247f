package io.headwater.learn.retain;

import ai.djl.ndarray.NDArray;
import io.headwater.learn.Allowed;
import io.headwater.torch.Numbers;
import java.util.Map;

/** Half the squared distance of the weights from those of the source model, in squared units of weight times α. */
public final class L2Sp implements WeightTerm {
    /*
     * Li, Grandvalet & Davoine, Explicit Inductive Bias for Transfer Learning with Convolutional Networks (ICML 2018),
     * equation 3: α/2 |w - w0|^2 over the weights that the source model has. A fresh head is not among them; their β,
     * plain weight decay of such weights, is the optimizer's.
     */
    private final float strength;
    private final KeptWeights start;

    /**
     * @param strength α
     * @param start the source model's weights by name, row-major
     */
    public L2Sp(double strength, Map<String, float[]> start) {
        Allowed.within("the strength of L2-SP", strength, 0, 1e9);
        this.strength = (float) strength;
        this.start = new KeptWeights(start);
    }

    @Override
    public NDArray loss(Map<String, NDArray> weights) {
        return Numbers.times(
                start.sum(weights, (name, weight, kept) -> weight.sub(kept).square()), strength / 2);
    }
}
