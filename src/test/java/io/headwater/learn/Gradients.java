package io.headwater.learn;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The gradient of a loss in double precision, by autograd and by central differences. */
public final class Gradients {
    private static final double STEP = 1e-5;

    private Gradients() {}

    /** A tensor that a loss depends on, row-major. */
    public record Argument(double[] values, long... shape) {
        public static Argument random(Random random, double spread, long... shape) {
            int size = 1;
            for (long dimension : shape) {
                size *= (int) dimension;
            }
            return new Argument(random.doubles(size, -spread, spread).toArray(), shape);
        }
    }

    public static double value(Function<List<NDArray>, NDArray> loss, List<Argument> arguments) {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            JniUtils.setGradMode(false);
            return loss.apply(arrays(manager, arguments)).getDouble();
        }
    }

    private static List<NDArray> arrays(NDManager manager, List<Argument> arguments) {
        List<NDArray> arrays = new ArrayList<>();
        arguments.forEach(
                argument -> arrays.add(manager.create(argument.values().clone(), new Shape(argument.shape()))));
        return arrays;
    }

    /** By autograd, of every argument; zeros where the loss does not depend on it. */
    public static List<double[]> exact(Function<List<NDArray>, NDArray> loss, List<Argument> arguments) {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            JniUtils.setGradMode(true);
            List<NDArray> arrays = arrays(manager, arguments);
            arrays.forEach(array -> JniUtils.attachGradient((PtNDArray) array, true));
            NDArray value = loss.apply(arrays);
            JniUtils.backward((PtNDArray) value, (PtNDArray) value.onesLike(), false, false);
            List<double[]> gradients = new ArrayList<>();
            for (NDArray array : arrays) {
                @Nullable PtNDArray gradient = JniUtils.getGradient((PtNDArray) array);
                gradients.add(gradient == null ? new double[(int) array.size()] : gradient.toDoubleArray());
            }
            return gradients;
        } finally {
            JniUtils.setGradMode(false);
        }
    }

    /** By central differences, of every argument. */
    public static List<double[]> numeric(Function<List<NDArray>, NDArray> loss, List<Argument> arguments) {
        List<double[]> gradients = new ArrayList<>();
        for (Argument argument : arguments) {
            double[] values = argument.values();
            double[] gradient = new double[values.length];
            for (int i = 0; i < values.length; i++) {
                double at = values[i];
                values[i] = at + STEP;
                double above = value(loss, arguments);
                values[i] = at - STEP;
                gradient[i] = (above - value(loss, arguments)) / (2 * STEP);
                values[i] = at;
            }
            gradients.add(gradient);
        }
        return gradients;
    }
}
