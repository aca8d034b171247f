package io.headwater.torch;

import ai.djl.ndarray.NDArray;
import io.headwater.graph.Initializer;

/** What flows along an edge of the graph while it runs. */
sealed interface Value {
    /** A tensor on the device. */
    record Tensor(NDArray array) implements Value {}

    /** A constant of integers, kept in Java: shapes, axes, indices. */
    record Integers(Initializer constant) implements Value {}
}
