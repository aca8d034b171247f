package io.headwater.codec;

import org.jspecify.annotations.Nullable;

/**
 * Names (or dotted paths) of the fields of a record that are not features.
 *
 * @param id names the event: a string or a number
 * @param time when it happened: epoch milliseconds, or an ISO-8601 date and time with its offset
 * @param label the class: 0, 1, a boolean, "0" or "1"; read from labelled records only
 * @param labelTime when the label became known, in the forms of {@code time}; null or absent means the event's time
 * @param domain where the event is from: a string; it may be a feature as well. Empty: no field says it
 * @param owner whose the event is: a string or a number; it may be a feature or the id as well. Empty: no field says it.
 *     Where it is missing, null or empty the event is its own, {@link io.headwater.event.Event#owner}
 */
public record RecordFields(
        String id, String time, String label, @Nullable String labelTime, String domain, String owner) {
    /** Where no field says domain and owner. */
    public RecordFields(String id, String time, String label, @Nullable String labelTime) {
        this(id, time, label, labelTime, "", "");
    }

    /** Where no field says the owner. */
    public RecordFields(String id, String time, String label, @Nullable String labelTime, String domain) {
        this(id, time, label, labelTime, domain, "");
    }
}
