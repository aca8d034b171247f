package io.headwater.torch;

import ai.djl.ndarray.NDArray;

/** Add, Sub, Mul and Div, with broadcasting. */
final class ArithmeticOps {
    private ArithmeticOps() {}

    static NDArray add(OpCall call) {
        return call.tensor(0).add(call.tensor(1));
    }

    static NDArray sub(OpCall call) {
        return call.tensor(0).sub(call.tensor(1));
    }

    static NDArray mul(OpCall call) {
        return call.tensor(0).mul(call.tensor(1));
    }

    static NDArray div(OpCall call) {
        return call.tensor(0).div(call.tensor(1));
    }
}
