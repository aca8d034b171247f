package io.headwater.graph;

import java.util.List;

/** How one operator's outputs follow from its inputs: their types and shapes, in order. */
@FunctionalInterface
interface ShapeRule {
    /**
     * @return one entry for each output that is known; an empty list where nothing can be told
     * @throws RuntimeException if the node does not fit its operator; nothing is told then either
     */
    List<TensorSpec> apply(ShapeCall call);
}
