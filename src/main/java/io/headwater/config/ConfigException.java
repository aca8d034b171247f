package io.headwater.config;

/** A setting that stops the start; the message says its path, what was found, what is allowed and where it stands. */
public final class ConfigException extends RuntimeException {
    public ConfigException(String message) {
        super(message);
    }
}
