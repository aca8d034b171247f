package io.headwater.kafka;

/** A stream stopped and does not go on by itself; the message says what stopped it and what can be done. */
public final class StreamStoppedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StreamStoppedException(String message, Throwable cause) {
        super(message, cause);
    }
}
