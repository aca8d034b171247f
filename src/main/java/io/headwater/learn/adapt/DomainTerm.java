package io.headwater.learn.adapt;

import ai.djl.ndarray.NDArray;
import io.headwater.learn.SeededRandom;
import java.util.Map;

/**
 * What a training step adds to its loss so that labelled source rows and unlabelled target rows come to look alike in a
 * layer that trains. On frozen features its gradient is zero.
 */
public sealed interface DomainTerm permits Coral, Mmd, Dann, Cdan {
    /**
     * A weight that only the term has.
     *
     * @param values first values, row-major
     */
    record TermWeight(float[] values, long[] shape) {}

    /**
     * The term's own weights by name, which train with the net's and are not part of the model; one that the loss gives no
     * gradient is a number that the term keeps from step to step.
     *
     * @param features width of the aligned layer
     * @param classes 2 where the model has one logit
     */
    default Map<String, TermWeight> weights(int features, int classes, SeededRandom random) {
        return Map.of();
    }

    /**
     * How much of the full strength is in force.
     *
     * @param progress share of the training that is done, 0 to 1
     */
    default double schedule(double progress) {
        return 1;
    }

    /**
     * What is added to the loss, differentiable: a scalar in the term's own unit, which its class states.
     *
     * @param weights the tensors of {@link #weights}, by name; others may be among them
     * @param strength λ, at least 0
     */
    NDArray loss(DomainRows rows, Map<String, NDArray> weights, double strength);
}
