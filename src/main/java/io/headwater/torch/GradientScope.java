package io.headwater.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.headwater.fault.KillPoint;
import java.util.function.Function;

/**
 * The native memory of one forward pass and, where asked for, its gradients: all that is made inside is freed when it
 * closes. Not a {@code GradientCollector}, of which a process can have only one at a time.
 */
public final class GradientScope implements AutoCloseable {
    private final NDManager manager;

    private GradientScope(TorchGraph graph, boolean gradients) {
        this.manager = graph.manager().newSubManager();
        graph.lend(manager);
        // Grad mode is per thread and on in a fresh one: say it each time.
        JniUtils.setGradMode(gradients);
    }

    /**
     * Computes {@code step} with gradients recorded.
     *
     * @throws DeviceLostException if the device failed, which no retry in this process mends
     */
    public static <T> T recording(TorchGraph graph, Function<GradientScope, T> step) {
        return run(graph, true, step);
    }

    /** Computes {@code step} without recording gradients; otherwise as {@link #recording}. */
    public static <T> T plain(TorchGraph graph, Function<GradientScope, T> step) {
        return run(graph, false, step);
    }

    private static <T> T run(TorchGraph graph, boolean gradients, Function<GradientScope, T> step) {
        try (GradientScope scope = new GradientScope(graph, gradients)) {
            return step.apply(scope);
        } catch (RuntimeException e) {
            if (DeviceLostException.isDeviceFailure(e)) {
                throw new DeviceLostException(graph.device(), e);
            }
            throw e;
        }
    }

    public NDManager manager() {
        return manager;
    }

    /** Fills the gradients of the parameters that {@code loss}, a scalar, depends on. */
    public void backward(NDArray loss) {
        PtNDArray one = (PtNDArray) loss.onesLike();
        one.attach(manager);
        KillPoint.FORWARD.pass();
        JniUtils.backward((PtNDArray) loss, one, false, false);
        KillPoint.BACKWARD.pass();
    }

    @Override
    public void close() {
        JniUtils.setGradMode(false);
        manager.close();
    }
}
