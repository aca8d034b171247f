package io.headwater.ort;

/** A model file that cannot be served: ONNX Runtime refuses it, or its tensors are not the ones asked for. */
public final class ModelLoadException extends RuntimeException {
    public ModelLoadException(String message) {
        super(message);
    }

    public ModelLoadException(String message, Throwable cause) {
        super(message, cause);
    }
}
