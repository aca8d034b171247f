package io.headwater.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where training runs: {@code cpu} or {@code gpu:N}.
 *
 * @param gpu the GPU's number, or -1 for the CPU
 */
public record TorchDevice(int gpu) {
    public static final TorchDevice CPU = new TorchDevice(-1);

    private static final String ENGINE = "PyTorch";
    private static final Pattern GPU = Pattern.compile("gpu:(\\d{1,3})");

    /**
     * The device that a setting names: {@code auto} (the first GPU where there is one), {@code cpu} or {@code gpu:N}.
     *
     * @throws IllegalArgumentException if the setting is none of these, or names a GPU that this machine lacks
     */
    public static TorchDevice of(String setting) {
        return of(setting, engine().getGpuCount());
    }

    static TorchDevice of(String setting, int gpus) {
        Matcher gpu = GPU.matcher(setting);
        if (setting.equals("cpu")) {
            return CPU;
        } else if (setting.equals("auto")) {
            return gpus > 0 ? new TorchDevice(0) : CPU;
        } else if (!gpu.matches()) {
            throw new IllegalArgumentException("device is '" + setting + "'; allowed are auto, cpu and gpu:N");
        }
        int number = Integer.parseInt(gpu.group(1));
        if (number >= gpus) {
            throw new IllegalArgumentException("device is '" + setting + "', but PyTorch sees "
                    + (gpus == 0 ? "no GPU" : gpus == 1 ? "one GPU, gpu:0" : gpus + " GPUs, gpu:0 to gpu:" + (gpus - 1))
                    + "; use cpu or auto, or see that the CUDA build of PyTorch is installed");
        }
        return new TorchDevice(number);
    }

    /** Version of PyTorch. */
    public static String torchVersion() {
        return engine().getVersion();
    }

    /** A manager of native memory on this device; whoever asks for it closes it. */
    NDManager newManager() {
        engine();
        NDManager manager = NDManager.newBaseManager(gpu < 0 ? Device.cpu() : Device.gpu(gpu), ENGINE);
        // Two busy thread pools on few cores cost 20 to 100 times more than they bring at these sizes.
        JniUtils.setNumThreads(1);
        return manager;
    }

    private static Engine engine() {
        // On loading an engine DJL asks for the address of the cloud it runs in and reports its use; not from here.
        System.setProperty("OPT_OUT_TRACKING", "true");
        return Engine.getEngine(ENGINE);
    }

    @Override
    public String toString() {
        return gpu < 0 ? "cpu" : "gpu:" + gpu;
    }
}
