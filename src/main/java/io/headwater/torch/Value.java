package io.headwater.torch;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/** What flows along an edge of the graph while it runs. */
sealed interface Value permits Value.Tensor, Integers {
    /**
     * A tensor on the device.
     *
     * @param scalar its one element where that is a constant of the graph: a bound, an exponent; otherwise null
     */
    record Tensor(NDArray array, @Nullable Float scalar) implements Value {
        Tensor(NDArray array) {
            this(array, null);
        }
    }
}
