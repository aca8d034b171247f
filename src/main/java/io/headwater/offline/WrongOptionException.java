package io.headwater.offline;

/** An option is missing, or goes with no other or with no such file; the message is for whoever wrote the command line. */
public final class WrongOptionException extends IllegalArgumentException {
    public WrongOptionException(String message) {
        super(message);
    }

    public WrongOptionException(String message, Throwable cause) {
        super(message, cause);
    }
}
