package io.headwater.codec;

import io.headwater.event.Partition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record that was refused, byte for byte as it was read, with where it lay and why it was refused.
 *
 * @param partition where it was read
 * @param offset its offset there
 * @param headers its own headers, in order
 * @param stage what refused it: {@link #DECODING} or {@link #SCORING}
 * @param reason one sentence that says what was found and what is allowed
 * @param exceptionClass the full name of the error's class
 */
public record DeadLetter(
        Partition partition,
        long offset,
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<Header> headers,
        String stage,
        String reason,
        String exceptionClass) {

    /** The stage that reads a value, by the name that Kafka Connect's tools know. */
    public static final String DECODING = "VALUE_CONVERTER";

    /** The stage that scores an event, by the name that Kafka Connect's tools know. */
    public static final String SCORING = "TASK_PUT";

    /** One header of a record; names may repeat. */
    public record Header(String name, byte @Nullable [] value) {}

    public DeadLetter {
        headers = List.copyOf(headers);
    }
}
