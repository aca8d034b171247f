package io.headwater.line;

/** What a line has to go on from was kept by another release, or is broken: trying again would not help. */
public final class UnreadableStateException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    UnreadableStateException(String message, Throwable cause) {
        super(message, cause);
    }
}
