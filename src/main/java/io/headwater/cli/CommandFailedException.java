package io.headwater.cli;

/** A command cannot do what was asked; the message is one sentence for the user, the exit status is 1. */
public final class CommandFailedException extends RuntimeException {
    public CommandFailedException(String message) {
        super(message);
    }

    public CommandFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
