package io.headwater.registry;

/** Another process has the registry open; the message is one sentence for the operator. */
public final class InUseException extends RegistryException {
    InUseException(String message) {
        super(message);
    }
}
