package io.headwater.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.headwater.graph.Node;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Normalizations. Those of a batch keep the statistics that the graph came with: they are never trained. */
final class NormalizationOps {
    private static final float EPSILON = 1e-5f;

    private NormalizationOps() {}

    static List<OpRow> rows() {
        return List.of(
                OpRow.of("LayerNormalization", Op.tensor(NormalizationOps::layer))
                        .says("axis, epsilon; since opset 17"),
                OpRow.of("BatchNormalization", Op.tensor(NormalizationOps::batch))
                        .says("epsilon; inference mode, statistics frozen; training_mode is refused")
                        .refuses((node, opset) -> node.integer("training_mode", 0) == 0 ? "" : "training_mode"),
                OpRow.of("InstanceNormalization", Op.tensor(NormalizationOps::instance))
                        .says("epsilon"),
                OpRow.of("GroupNormalization", Op.tensor(NormalizationOps::group))
                        .says("epsilon, num_groups; scale per group before opset 21, then per channel"));
    }

    private static NDArray layer(OpCall call) {
        NDArray x = call.floating(0);
        Shape shape = x.getShape();
        Shape normalized = shape.slice(call.axisOr(-1, shape.dimension()));
        NDArray scale = call.floating(1).broadcast(normalized);
        NDArray bias = call.has(2) ? call.floating(2).broadcast(normalized) : scale.zerosLike();
        return x.getNDArrayInternal()
                .layerNorm(x, normalized, scale, bias, epsilon(call.node()))
                .singletonOrThrow();
    }

    private static float epsilon(Node node) {
        return node.real("epsilon", EPSILON);
    }

    private static NDArray batch(OpCall call) {
        NDArray x = call.floating(0);
        return x.getNDArrayInternal()
                .batchNorm(
                        x,
                        frozen(call.floating(3)),
                        frozen(call.floating(4)),
                        call.floating(1),
                        call.floating(2),
                        1,
                        0.9f,
                        epsilon(call.node()),
                        false)
                .singletonOrThrow();
    }

    /** Statistics do not learn, not even where they were named as parameters. */
    private static NDArray frozen(NDArray statistics) {
        return JniUtils.requiresGrad((PtNDArray) statistics) ? statistics.stopGradient() : statistics;
    }

    private static NDArray instance(OpCall call) {
        NDArray x = call.floating(0);
        long channels = x.getShape().get(1);
        NDArray normal = normalized(x, x.getShape().dimension(), epsilon(call.node()));
        return affine(normal, call.floating(1), call.floating(2), channels);
    }

    private static NDArray group(OpCall call) {
        NDArray x = call.floating(0);
        Shape shape = x.getShape();
        long groups = call.node().integer("num_groups", 1);
        NDArray grouped = x.reshape(new Shape(shape.get(0), groups, -1));
        NDArray normal = normalized(grouped, 3, epsilon(call.node()));
        if (call.opset() < 21) {
            return affine(normal, call.floating(1), call.floating(2), groups).reshape(shape);
        }
        return affine(normal.reshape(shape), call.floating(1), call.floating(2), shape.get(1));
    }

    /** Mean 0 and variance 1 over the axes from 2 on. */
    private static NDArray normalized(NDArray x, int rank, float epsilon) {
        int[] axes = IntStream.range(2, rank).toArray();
        NDArray centred = x.sub(ReduceOps.mean(x, axes, true));
        NDArray variance = ReduceOps.mean(centred.square(), axes, true);
        return centred.div(Numbers.plus(variance, epsilon).sqrt());
    }

    private static NDArray affine(NDArray normal, NDArray scale, NDArray bias, long channels) {
        long[] along = new long[normal.getShape().dimension()];
        Arrays.fill(along, 1);
        along[1] = channels;
        Shape shape = new Shape(along);
        return normal.mul(scale.reshape(shape)).add(bias.reshape(shape));
    }
}
