package io.headwater.actors.app.demo;

import io.headwater.codec.Decoded;
import io.headwater.codec.EventCodec;
import io.headwater.dataset.StreamItem;
import io.headwater.event.Event;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * Scores each replayed event with the frozen model, and with its running intercept, as the event goes out, and shows
 * the intercept each label as it goes out: later than in the service it could not know more. It runs on the replay's
 * thread.
 */
public final class Baselines implements Consumer<StreamItem> {
    private final EventCodec codec;
    private final ToDoubleFunction<Event> frozenLogit;
    private final Ledger ledger;
    private final RunningIntercept intercept = new RunningIntercept();

    /** @param frozenLogit the frozen model's logit of class 1 */
    public Baselines(EventCodec codec, ToDoubleFunction<Event> frozenLogit, Ledger ledger) {
        this.codec = codec;
        this.frozenLogit = frozenLogit;
        this.ledger = ledger;
    }

    @Override
    public void accept(StreamItem item) {
        double logit = item.kind() == StreamItem.Kind.LABEL ? ledger.frozenLogit(item.slot()) : Double.NaN;
        if (Double.isNaN(logit)) {
            // A label of an event that an earlier process sent: its value holds the event's fields too.
            logit = frozenLogit.applyAsDouble(event(item));
        }
        if (item.kind() == StreamItem.Kind.LABEL) {
            intercept.observe(logit, item.label() == 1);
        } else {
            ledger.predicted(item.slot(), (float) logit, (float) (logit + intercept.value()));
        }
    }

    private Event event(StreamItem item) {
        Decoded<Event> decoded = codec.event(item.value());
        if (decoded instanceof Decoded.Ok<Event> ok) {
            return ok.value();
        }
        throw new IllegalStateException("the replayed event " + item.id() + " cannot be read: " + decoded);
    }
}
