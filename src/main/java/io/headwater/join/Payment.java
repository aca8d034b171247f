package io.headwater.join;

import org.jspecify.annotations.Nullable;

/**
 * A card payment on its way through the topology, or its label when that has come.
 *
 * @param id names the payment
 * @param timeMs when it was made, milliseconds since the epoch, UTC
 * @param label 1 for fraud, 0 for none; NaN while it is not known
 * @param isPast whether no event is wanted of it: it is there for the features of those to come
 * @param features the payment's features as far as they are known; null before the first of them
 */
@SuppressWarnings("ArrayRecordComponent") // handed from stage to stage; never compared
record Payment(
        String id,
        long timeMs,
        String card,
        String terminal,
        float amount,
        float label,
        boolean isPast,
        float @Nullable [] features) {
    boolean isLabel() {
        return !Float.isNaN(label);
    }

    Payment with(float[] known) {
        return new Payment(id, timeMs, card, terminal, amount, label, isPast, known);
    }
}
