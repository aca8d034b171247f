package io.headwater.torch;

import ai.djl.ndarray.NDArray;

/** How an operator of ONNX is computed, differentiably, on PyTorch tensors. Operators of one output only. */
@FunctionalInterface
interface Op {
    NDArray apply(OpCall call);
}
