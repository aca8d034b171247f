package io.headwater.torch;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.function.Function;

/** How an operator of ONNX is computed, differentiably where it is of floats, on PyTorch tensors. */
@FunctionalInterface
interface Op {
    /** The node's outputs, in order. */
    List<Value> apply(OpCall call);

    /** An operator of tensors alone; integers that it is given go to the device. */
    static Op tensor(Function<OpCall, NDArray> compute) {
        return call -> List.of(new Value.Tensor(compute.apply(call)));
    }

    /** An operator of one output that stays in Java where all that it reads is there. */
    static Op value(Function<OpCall, Value> compute) {
        return call -> List.of(compute.apply(call));
    }
}
