package io.headwater.actors.app.demo;

import io.headwater.dataset.StreamItem;
import io.headwater.event.Event;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Scores each replayed event with the frozen model, and with its running intercept, as the event goes out, and shows
 * the intercept each label as it goes out: later than in the service it could not know more. It runs on the replay's
 * thread.
 */
public final class Baselines implements Consumer<StreamItem> {
    private final Function<StreamItem, Event> event;
    private final ToDoubleFunction<Event> frozenLogit;
    private final Ledger ledger;
    private final RunningIntercept intercept = new RunningIntercept();

    /**
     * @param event the event of an item
     * @param frozenLogit the frozen model's logit of class 1
     */
    public Baselines(Function<StreamItem, Event> event, ToDoubleFunction<Event> frozenLogit, Ledger ledger) {
        this.event = event;
        this.frozenLogit = frozenLogit;
        this.ledger = ledger;
    }

    @Override
    public void accept(StreamItem item) {
        double logit = item.kind() == StreamItem.Kind.LABEL ? ledger.frozenLogit(item.slot()) : Double.NaN;
        if (Double.isNaN(logit)) {
            // A label of an event that an earlier process sent: its value holds the event's fields too.
            logit = frozenLogit.applyAsDouble(event.apply(item));
        }
        if (item.kind() == StreamItem.Kind.LABEL) {
            intercept.observe(logit, item.label() == 1);
        } else {
            ledger.predicted(item.slot(), (float) logit, (float) (logit + intercept.value()));
        }
    }
}
