package io.headwater.learn.adapt;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.headwater.learn.SeededRandom;
import io.headwater.torch.Numbers;
import java.util.Map;

/**
 * Conditional domain-adversarial training: as {@link Dann}, but the domain classifier sees the features times the
 * predicted probability of each class, so that what is aligned is each class with itself. In nats.
 *
 * @param hidden width of the domain classifier's hidden layer
 */
public record Cdan(int hidden) implements DomainTerm {
    /*
     * Long et al., Conditional Adversarial Domain Adaptation (NeurIPS 2018), the multilinear map of equation 6. As in
     * the authors' code the probabilities count as constants.
     */
    public Cdan() {
        this(Dann.WIDTH);
    }

    @Override
    public Map<String, TermWeight> weights(int features, int classes, SeededRandom random) {
        return DomainClassifier.weights(Math.multiplyExact(features, classes), hidden, random);
    }

    @Override
    public double schedule(double progress) {
        return GradientReversal.schedule(progress);
    }

    /** As {@link Dann#loss}. */
    @Override
    public NDArray loss(DomainRows rows, Map<String, NDArray> weights, double strength) {
        return DomainClassifier.loss(
                conditioned(GradientReversal.of(rows.source(), strength), rows.sourceLogits()),
                conditioned(GradientReversal.of(rows.target(), strength), rows.targetLogits()),
                weights);
    }

    /** {@code [rows, classes * features]}. */
    private static NDArray conditioned(NDArray features, NDArray logits) {
        NDArray p = probabilities(logits.stopGradient());
        long rows = features.getShape().get(0);
        long width = features.getShape().get(1);
        long classes = p.getShape().get(1);
        return p.reshape(rows, classes, 1)
                .mul(features.reshape(rows, 1, width))
                .reshape(new Shape(rows, classes * width));
    }

    private static NDArray probabilities(NDArray logits) {
        if (logits.getShape().dimension() > 1) {
            return logits.softmax(-1);
        }
        NDArray positive = logits.getNDArrayInternal().sigmoid().reshape(-1, 1);
        return NDArrays.concat(new NDList(Numbers.plus(positive.neg(), 1), positive), 1);
    }
}
