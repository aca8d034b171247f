package io.headwater.graph;

/** An ONNX graph that cannot be used as asked; the message says what was found and what is allowed. */
public final class GraphException extends IllegalArgumentException {
    public GraphException(String message) {
        super(message);
    }

    GraphException(String message, Throwable cause) {
        super(message, cause);
    }
}
