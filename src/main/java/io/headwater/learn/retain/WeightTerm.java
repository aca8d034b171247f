package io.headwater.learn.retain;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/** What a training step adds to its loss so that weights stay near values that were good before. */
public sealed interface WeightTerm permits L2Sp, Ewc {
    /**
     * The penalty, differentiable: a scalar, 0 at the kept values.
     *
     * @param weights the model's parameters by name
     */
    NDArray loss(Map<String, NDArray> weights);
}
