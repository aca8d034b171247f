package io.headwater.cli;

/** A command cannot do what was asked; the message is one sentence for the user, the exit status is 1. */
public final class CommandFailedException extends RuntimeException {
    public CommandFailedException(String message) {
        super(message);
    }

    public CommandFailedException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Fails for the reason behind {@code wrapper}. */
    public static CommandFailedException because(Throwable wrapper) {
        Throwable cause = wrapper.getCause() == null ? wrapper : wrapper.getCause();
        String message = cause.getMessage();
        return new CommandFailedException(message == null ? cause.toString() : message, wrapper);
    }
}
