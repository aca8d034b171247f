package io.headwater.join;

import io.headwater.codec.Decoded;
import io.headwater.codec.EventCodec;
import io.headwater.codec.JsonEventCodec;
import io.headwater.codec.RecordFields;
import io.headwater.event.Event;
import io.headwater.event.EventLayout;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads payments, {@code {"id", "time", "card", "terminal", "amount"}}, and their labels, which are the same with
 * {@code "label"}: 0 or 1.
 */
final class PaymentReader implements Deserializer<Payment> {
    /** What has a label is one, so the label is read as a number that may be missing, and no field is the codec's label. */
    private static final String NO_LABEL = "no label field";

    private static final int AMOUNT = 0;
    private static final int LABEL = 1;
    private static final int CARD = 0;
    private static final int TERMINAL = 1;

    private final EventCodec codec = new JsonEventCodec(
            new EventLayout(List.of("amount", "label"), List.of("card", "terminal")),
            new RecordFields("id", "time", NO_LABEL, null));

    private final Set<String> past;

    /** @param past topics of payments that no event is wanted of */
    PaymentReader(Set<String> past) {
        this.past = past;
    }

    /** @throws RefusedException if it is neither */
    @Override
    public Payment deserialize(String topic, byte @Nullable [] value) {
        Decoded<Event> decoded = codec.event(value);
        if (decoded instanceof Decoded.Refused<Event> refused) {
            throw new RefusedException(refused.reason(), refused.cause().getName());
        }
        Event event = ((Decoded.Ok<Event>) decoded).value();
        float label = event.numeric()[LABEL];
        if (!Float.isNaN(label) && label != 0 && label != 1) {
            throw refused("field 'label' is " + label + "; 0, 1 or none is allowed");
        }
        float amount = event.numeric()[AMOUNT];
        if (Float.isNaN(amount)) {
            throw refused("field 'amount' is missing; a payment needs a number");
        }
        return new Payment(
                event.id(),
                event.timeMs(),
                key(event.categorical()[CARD], "card"),
                key(event.categorical()[TERMINAL], "terminal"),
                amount,
                label,
                past.contains(topic),
                null);
    }

    private static String key(@Nullable String found, String field) {
        if (found == null || found.isEmpty()) {
            throw refused("field '" + field + "' is missing; a payment needs one");
        }
        return found;
    }

    private static RefusedException refused(String reason) {
        return new RefusedException(reason, IllegalArgumentException.class.getName());
    }

    /** Says why a record is no payment: what was found and what is allowed. */
    static final class RefusedException extends SerializationException {
        private final String cause;

        RefusedException(String reason, String cause) {
            super(reason);
            this.cause = cause;
        }

        /** The class of the error. */
        String causeName() {
            return cause;
        }
    }
}
