package io.headwater.event;

import org.jspecify.annotations.Nullable;

/**
 * One thing that happened, as typed fields in the slots of an {@link EventLayout}. The arrays belong to the event and
 * nobody writes to them after it is made.
 *
 * @param id what names the event in scores, labels and receipts; unique in its stream
 * @param timeMs when it happened, milliseconds since the epoch, UTC
 * @param numeric {@code [numeric fields]}; NaN where the field is missing
 * @param categorical {@code [categorical fields]}; null where the field is missing
 * @param text {@code [text fields]}; null where the field is missing
 * @param domain where it is from, as domain adaptation tells sources and targets apart; empty where nothing says it
 * @param owner whose it is, a card or a customer: what rows kept of it are erased by; the id where nothing else says it
 */
public record Event(
        String id,
        long timeMs,
        float[] numeric,
        @Nullable String[] categorical,
        @Nullable String[] text,
        String domain,
        String owner) {
    private static final @Nullable String[] NO_TEXT = {};

    /** Without text and of no domain. */
    public Event(String id, long timeMs, float[] numeric, @Nullable String[] categorical) {
        this(id, timeMs, numeric, categorical, NO_TEXT);
    }

    /** Of no domain. */
    public Event(String id, long timeMs, float[] numeric, @Nullable String[] categorical, @Nullable String[] text) {
        this(id, timeMs, numeric, categorical, text, "");
    }

    /** Nobody's but its own. */
    public Event(
            String id,
            long timeMs,
            float[] numeric,
            @Nullable String[] categorical,
            @Nullable String[] text,
            String domain) {
        this(id, timeMs, numeric, categorical, text, domain, id);
    }

    public Event {
        if (id.isEmpty()) {
            throw new IllegalArgumentException("an event needs an id");
        }
    }
}
