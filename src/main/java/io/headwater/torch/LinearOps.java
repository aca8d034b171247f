package io.headwater.torch;

import ai.djl.ndarray.NDArray;
import io.headwater.graph.Node;

/** Gemm and MatMul. */
final class LinearOps {
    private LinearOps() {}

    static NDArray gemm(OpCall call) {
        Node node = call.node();
        float alpha = node.real("alpha", 1);
        float beta = node.real("beta", 1);
        NDArray a =
                node.integer("transA", 0) == 0 ? call.tensor(0) : call.tensor(0).transpose();
        boolean transB = node.integer("transB", 0) != 0;
        NDArray b = call.tensor(1);
        boolean plain = alpha == 1 && beta == 1 && transB && call.has(2);
        if (plain
                && call.tensor(2).getShape().dimension() == 1
                && call.tensor(2).size() == b.getShape().get(0)) {
            // One fused node of the gradient's graph instead of three.
            return a.getNDArrayInternal().linear(a, b, call.tensor(2)).singletonOrThrow();
        }
        NDArray product = a.matMul(transB ? b.transpose() : b);
        NDArray scaled = alpha == 1 ? product : product.mul(alpha);
        if (!call.has(2) || beta == 0) {
            return scaled;
        }
        NDArray c = call.tensor(2);
        return scaled.add(beta == 1 ? c : c.mul(beta));
    }

    static NDArray matMul(OpCall call) {
        return call.tensor(0).matMul(call.tensor(1));
    }
}
