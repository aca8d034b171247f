package io.headwater.learn.adapt;

import ai.djl.ndarray.NDArray;
import io.headwater.learn.SeededRandom;
import java.util.Map;

/**
 * Domain-adversarial training: a classifier learns to tell the domains apart by the features, and the features learn,
 * by its reversed gradient, that it cannot. In nats; ln 2 where it cannot.
 *
 * @param hidden width of the domain classifier's hidden layer
 */
public record Dann(int hidden) implements DomainTerm {
    /* Ganin et al., Domain-Adversarial Training of Neural Networks (JMLR 2016). */
    static final int WIDTH = 32;

    public Dann() {
        this(WIDTH);
    }

    @Override
    public Map<String, TermWeight> weights(int features, int classes, SeededRandom random) {
        return DomainClassifier.weights(features, hidden, random);
    }

    @Override
    public double schedule(double progress) {
        return GradientReversal.schedule(progress);
    }

    /** The classifier itself learns at full strength; λ is what its reversed gradient is multiplied with. */
    @Override
    public NDArray loss(DomainRows rows, Map<String, NDArray> weights, double strength) {
        return DomainClassifier.loss(
                GradientReversal.of(rows.source(), strength), GradientReversal.of(rows.target(), strength), weights);
    }
}
