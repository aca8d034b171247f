package io.headwater.offline;

/** Somebody ended the work before there was anything to keep. */
public final class StoppedException extends RuntimeException {
    public StoppedException(String message) {
        super(message);
    }
}
