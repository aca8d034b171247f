package io.headwater.ort;

/** A model file that ONNX Runtime does not accept. */
public final class ModelLoadException extends RuntimeException {
    public ModelLoadException(String message, Throwable cause) {
        super(message, cause);
    }
}
