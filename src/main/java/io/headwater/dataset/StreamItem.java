package io.headwater.dataset;

/**
 * One record of a replayed stream.
 *
 * @param kind which topic it belongs to
 * @param timeMs when it is due on the stream's own clock: the event's time, or the time its label became known
 * @param slot the event's number in the stream; events come in ascending slots, and a label has the slot of its event
 * @param id the event's id
 * @param key the record's key: the id
 * @param value the record's value: the event, or the labelled example, as JSON
 * @param label 0 or 1, and -1 for an event
 */
@SuppressWarnings("ArrayRecordComponent") // handed straight to the producer; never compared
public record StreamItem(Kind kind, long timeMs, long slot, String id, byte[] key, byte[] value, int label) {
    public enum Kind {
        EVENT,
        LABEL
    }
}
