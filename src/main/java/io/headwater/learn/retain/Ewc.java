package io.headwater.learn.retain;

import ai.djl.ndarray.NDArray;
import io.headwater.learn.Allowed;
import io.headwater.torch.Numbers;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Elastic weight consolidation, online and diagonal: a weight may move the less, the more the predictions on what was
 * learned before depend on it. In nats times λ, if the Fisher information is that of one row.
 */
public final class Ewc implements WeightTerm {
    /*
     * Kirkpatrick et al., Overcoming Catastrophic Forgetting in Neural Networks (PNAS 2017), equation 3: λ/2 Σ F (w -
     * w*)^2. Online as in Schwarz et al., Progress & Compress (ICML 2018), equation 9: one sum F ← γ F + F_new and the
     * newest w*, so that memory does not grow with the tasks.
     */
    private final float strength;
    private final float decay;
    private Map<String, float[]> importance = new LinkedHashMap<>();
    private @Nullable KeptWeights kept;
    private @Nullable KeptWeights fisher;

    /**
     * @param strength λ
     * @param decay γ, what is left of the importance at the next consolidation, 0 to 1
     */
    public Ewc(double strength, double decay) {
        Allowed.within("the strength of EWC", strength, 0, 1e12);
        Allowed.within("the decay of EWC", decay, 0, 1);
        this.strength = (float) strength;
        this.decay = (float) decay;
    }

    /** Whether there is anything to keep yet. */
    public boolean isAnchored() {
        return kept != null;
    }

    /**
     * Takes what is known now as what is to be kept.
     *
     * @param weights by name, row-major
     * @param information the diagonal of the Fisher information for each of them, as {@link FisherDiagonal} gives it
     * @throws IllegalArgumentException if the two do not fit each other, or what was kept before
     */
    public void consolidate(Map<String, float[]> weights, Map<String, float[]> information) {
        Map<String, float[]> sum = new LinkedHashMap<>();
        weights.forEach((name, values) -> {
            float[] fresh = information.get(name);
            float[] before = importance.getOrDefault(name, new float[values.length]);
            if (fresh == null || fresh.length != values.length || before.length != values.length) {
                throw new IllegalArgumentException("no Fisher information that fits the weight '" + name + "'");
            }
            float[] both = new float[values.length];
            for (int i = 0; i < both.length; i++) {
                both[i] = decay * before[i] + fresh[i];
            }
            sum.put(name, both);
        });
        importance = sum;
        kept = new KeptWeights(weights);
        fisher = new KeptWeights(sum);
    }

    /** @throws IllegalStateException before the first {@link #consolidate} */
    @Override
    public NDArray loss(Map<String, NDArray> weights) {
        if (kept == null || fisher == null) {
            throw new IllegalStateException("nothing was consolidated yet");
        }
        KeptWeights factors = fisher;
        return Numbers.times(
                kept.sum(
                        weights,
                        (name, weight, anchor) -> weight.sub(anchor).square().mul(factors.of(name, weight))),
                strength / 2);
    }
}
