package io.headwater.codec;

import io.headwater.event.Event;
import io.headwater.event.LabeledExample;

/** Reads events and labelled examples from record values. Safe to share between threads. */
public interface EventCodec {
    /** @param value the record's value; null (a tombstone) is refused */
    Decoded<Event> event(byte @org.jspecify.annotations.Nullable [] value);

    /**
     * @param value the record's value; null (a tombstone) is refused
     * @return refused as well where the label is absent or not 0 or 1
     */
    Decoded<LabeledExample> labeled(byte @org.jspecify.annotations.Nullable [] value);
}
