package io.headwater.codec;

/** What came of decoding a record: a value, or a refusal with its reason. */
public sealed interface Decoded<T> {
    record Ok<T>(T value) implements Decoded<T> {}

    /**
     * @param reason one sentence that says what was found and what is allowed
     * @param cause the class of the error, as a dead letter's header names it
     */
    record Refused<T>(String reason, Class<? extends Exception> cause) implements Decoded<T> {}
}
