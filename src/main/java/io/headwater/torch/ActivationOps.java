package io.headwater.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.UnaryOperator;

/** Activations, Softmax and Clip. */
final class ActivationOps {
    private static final float SQRT_2_OVER_PI = (float) Math.sqrt(2 / Math.PI);

    private ActivationOps() {}

    static List<OpRow> rows() {
        return List.of(
                row("Relu", array -> array.getNDArrayInternal().relu()),
                row("Tanh", NDArray::tanh),
                row("Sigmoid", array -> array.getNDArrayInternal().sigmoid()),
                row("Softplus", array -> array.getNDArrayInternal().softPlus()),
                row("Softsign", array -> array.getNDArrayInternal().softSign()),
                OpRow.of("LeakyRelu", Op.tensor(ActivationOps::leakyRelu)).says("alpha"),
                OpRow.of("PRelu", Op.tensor(ActivationOps::pRelu)),
                OpRow.of("Elu", Op.tensor(ActivationOps::elu)).says("alpha"),
                OpRow.of("Selu", Op.tensor(ActivationOps::selu)).says("alpha, gamma"),
                OpRow.of("HardSigmoid", Op.tensor(ActivationOps::hardSigmoid)).says("alpha, beta"),
                OpRow.of("HardSwish", Op.tensor(ActivationOps::hardSwish)),
                OpRow.of("Gelu", Op.tensor(ActivationOps::gelu))
                        .says("approximate none or tanh")
                        .refuses((node, opset) -> {
                            String form = node.text("approximate", "none");
                            return form.equals("none") || form.equals("tanh") ? "" : "approximate " + form;
                        }),
                OpRow.of("Softmax", Op.tensor(call -> softmax(call, false)))
                        .says("axis; before opset 13 over all axes from it on"),
                OpRow.of("LogSoftmax", Op.tensor(call -> softmax(call, true)))
                        .says("axis; before opset 13 over all axes from it on"),
                OpRow.of("Clip", Op.tensor(ActivationOps::clip)).says("bounds must be constants"));
    }

    private static OpRow row(String name, UnaryOperator<NDArray> compute) {
        return OpRow.of(name, Op.tensor(call -> compute.apply(call.floating(0))));
    }

    private static NDArray leakyRelu(OpCall call) {
        return call.floating(0).getNDArrayInternal().leakyRelu(call.node().real("alpha", 0.01f));
    }

    /** PyTorch's kernel of this is missing in DJL. */
    private static NDArray pRelu(OpCall call) {
        NDArray x = call.floating(0);
        NDArray positive = x.getNDArrayInternal().relu();
        return positive.sub(x.neg().getNDArrayInternal().relu().mul(call.floating(1)));
    }

    private static NDArray elu(OpCall call) {
        return call.floating(0).getNDArrayInternal().elu(call.node().real("alpha", 1));
    }

    private static NDArray selu(OpCall call) {
        float alpha = call.node().real("alpha", 1.67326319217681884765625f);
        float gamma = call.node().real("gamma", 1.05070102214813232421875f);
        return Numbers.times(call.floating(0).getNDArrayInternal().elu(alpha), gamma);
    }

    private static NDArray hardSigmoid(OpCall call) {
        return hardSigmoid(
                call.floating(0), call.node().real("alpha", 0.2f), call.node().real("beta", 0.5f));
    }

    private static NDArray hardSigmoid(NDArray x, float alpha, float beta) {
        return Numbers.plus(Numbers.times(x, alpha), beta).clip(0f, 1f);
    }

    private static NDArray hardSwish(OpCall call) {
        NDArray x = call.floating(0);
        return x.mul(hardSigmoid(x, 1 / 6f, 0.5f));
    }

    private static NDArray gelu(OpCall call) {
        NDArray x = call.floating(0);
        if (call.node().text("approximate", "none").equals("none")) {
            return x.getNDArrayInternal().gelu();
        }
        NDArray inner = Numbers.times(x.mul(Numbers.plus(Numbers.times(x.square(), 0.044715f), 1)), SQRT_2_OVER_PI);
        return Numbers.times(x, 0.5f).mul(Numbers.plus(inner.tanh(), 1));
    }

    private static NDArray softmax(OpCall call, boolean log) {
        NDArray x = call.floating(0);
        Shape shape = x.getShape();
        if (call.opset() >= 13) {
            int axis = call.axisOr(-1, shape.dimension());
            return log ? x.logSoftmax(axis) : x.softmax(axis);
        }
        int axis = call.axisOr(1, shape.dimension());
        NDArray flat = x.reshape(ShapeOps.flat(shape, axis));
        return (log ? flat.logSoftmax(1) : flat.softmax(1)).reshape(shape);
    }

    /**
     * Bounds are operands since opset 11, the first that is read here. One that is left out is the type's largest number
     * by the standard, so that an infinity becomes that.
     */
    private static NDArray clip(OpCall call) {
        return call.floating(0).clip(call.scalar(1, -Float.MAX_VALUE), call.scalar(2, Float.MAX_VALUE));
    }
}
