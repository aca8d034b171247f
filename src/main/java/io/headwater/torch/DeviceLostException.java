package io.headwater.torch;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The device that trains has failed. Nothing more can be learned in this process; weights that were checkpointed are
 * good, and serving does not depend on the device.
 */
public final class DeviceLostException extends RuntimeException {
    /*
     * libtorch reports every failure as one C++ exception with a text. These are the openings that c10, cuBLAS, cuDNN
     * and the driver give theirs. Lack of device memory is among them: buffers here are bounded, so it means that the
     * device is not ours alone, and going on would fail again.
     */
    private static final String[] SIGNS = {
        "cuda error",
        "cuda driver error",
        "cuda out of memory",
        "cuda runtime error",
        "device-side assert",
        "cublas_status_",
        "cublas error",
        "cudnn_status_",
        "cudnn error",
        "cusolver_status_",
        "nccl error",
        "no cuda-capable device",
        "uncorrectable ecc error",
        "hip error",
    };

    public DeviceLostException(TorchDevice device, Throwable cause) {
        super("training device " + device + " failed: " + firstLine(cause.getMessage()), cause);
    }

    /** Whether {@code failure}, or a cause of it, is a device's and not the program's. */
    public static boolean isDeviceFailure(Throwable failure) {
        int depth = 0;
        for (Throwable at = failure; at != null && depth < 16; at = at.getCause(), depth++) {
            if (hasSign(at.getMessage())) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasSign(@Nullable String message) {
        if (message == null) {
            return false;
        }
        String lower = message.toLowerCase(Locale.ROOT);
        for (String sign : SIGNS) {
            if (lower.contains(sign)) {
                return true;
            }
        }
        return false;
    }

    private static String firstLine(@Nullable String message) {
        return message == null ? "no reason given" : message.lines().findFirst().orElse("no reason given");
    }
}
