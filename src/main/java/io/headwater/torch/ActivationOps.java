package io.headwater.torch;

import ai.djl.ndarray.NDArray;

/** Relu, Tanh, Sigmoid and Clip. */
final class ActivationOps {
    private ActivationOps() {}

    static NDArray relu(OpCall call) {
        return call.tensor(0).getNDArrayInternal().relu();
    }

    static NDArray tanh(OpCall call) {
        return call.tensor(0).getNDArrayInternal().tanh();
    }

    static NDArray sigmoid(OpCall call) {
        return call.tensor(0).getNDArrayInternal().sigmoid();
    }

    /** Bounds are operands since opset 11, the first that is read here. */
    static NDArray clip(OpCall call) {
        return call.tensor(0).clip(call.scalar(1, -Float.MAX_VALUE), call.scalar(2, Float.MAX_VALUE));
    }
}
