package io.headwater.registry;

/** The registry cannot do what was asked; the message is one sentence for the operator. */
public class RegistryException extends RuntimeException {
    public RegistryException(String message) {
        super(message);
    }

    public RegistryException(String message, Throwable cause) {
        super(message, cause);
    }
}
