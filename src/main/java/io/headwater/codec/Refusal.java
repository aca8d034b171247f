package io.headwater.codec;

/** Ends the decoding of one record; becomes a {@link Decoded.Refused} before it leaves the codec. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;
    private static final int MAX_QUOTE = 64;

    private final Class<? extends Exception> kind;

    Refusal(String reason, Class<? extends Exception> kind) {
        // A flood of bad records must not pay for stack traces that nobody reads.
        super(reason, null, false, false);
        this.kind = kind;
    }

    <T> Decoded.Refused<T> decoded() {
        return new Decoded.Refused<>(String.valueOf(getMessage()), kind);
    }

    /** What a record held, short and on one line, for a reason. */
    static String quote(String text) {
        String head = text.length() <= MAX_QUOTE ? text : text.substring(0, MAX_QUOTE) + "...";
        return '"' + oneLine(head) + '"';
    }

    static String oneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\\p{Cs}]+", " ").strip();
    }
}
