package io.headwater.line;

import io.headwater.event.OffsetRange;

/** A recorded input cannot be formed again; the message is one sentence that names the offsets. */
public final class LostInputException extends IllegalStateException {
    /** Why it cannot. */
    public enum Cause {
        /** Retention took the records, or the topic is not the one that was read. */
        GONE,
        /** The records are there and their checksum says that they were changed. */
        DAMAGED
    }

    private final transient OffsetRange range;
    private final Cause why;

    public LostInputException(OffsetRange range, Cause why, String sentence) {
        super(sentence);
        this.range = range;
        this.why = why;
    }

    /** The offsets that are needed and cannot be had. */
    public OffsetRange range() {
        return range;
    }

    public Cause why() {
        return why;
    }
}
