package io.headwater.torch;

import ai.djl.ndarray.NDArray;
import io.headwater.graph.Node;
import java.util.List;

/** Gemm and MatMul. */
final class LinearOps {
    private LinearOps() {}

    static List<OpRow> rows() {
        return List.of(
                OpRow.of("Gemm", Op.tensor(LinearOps::gemm)).says("alpha, beta, transA, transB"),
                OpRow.of("MatMul", Op.tensor(call -> call.floating(0).matMul(call.floating(1)))));
    }

    private static NDArray gemm(OpCall call) {
        Node node = call.node();
        float alpha = node.real("alpha", 1);
        float beta = node.real("beta", 1);
        NDArray a = node.integer("transA", 0) == 0
                ? call.floating(0)
                : call.floating(0).transpose();
        boolean transB = node.integer("transB", 0) != 0;
        NDArray b = call.floating(1);
        NDArray c = beta == 0 ? null : call.optional(2);
        boolean plain = alpha == 1 && beta == 1 && transB;
        if (plain
                && c != null
                && c.getShape().dimension() == 1
                && c.size() == b.getShape().get(0)) {
            // One fused node of the gradient's graph instead of three.
            return a.getNDArrayInternal().linear(a, b, c).singletonOrThrow();
        }
        NDArray product = a.matMul(transB ? b.transpose() : b);
        NDArray scaled = alpha == 1 ? product : Numbers.times(product, alpha);
        if (c == null) {
            return scaled;
        }
        return scaled.add(beta == 1 ? c : Numbers.times(c, beta));
    }
}
