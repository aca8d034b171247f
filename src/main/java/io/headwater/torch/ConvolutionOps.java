package io.headwater.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;

/** Conv over one to three axes. */
final class ConvolutionOps {
    private ConvolutionOps() {}

    static List<OpRow> rows() {
        return List.of(OpRow.of("Conv", Op.tensor(ConvolutionOps::convolution))
                .says("auto_pad, dilations, group, pads (asymmetric too), strides; one to three axes"));
    }

    private static NDArray convolution(OpCall call) {
        NDArray data = call.floating(0);
        NDArray weight = call.floating(1);
        Window window = Window.of(call, data, weight.getShape().slice(2).getShape());
        if (!window.isSymmetric()) {
            data = window.padded(data, 0);
            window = window.unpadded();
        }
        return JniUtils.convolution(
                (PtNDArray) data,
                (PtNDArray) weight,
                (PtNDArray) call.optional(2),
                new Shape(window.strides()),
                new Shape(window.before()),
                new Shape(window.dilations()),
                (int) call.node().integer("group", 1));
    }
}
