package io.headwater.actors.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.codec.Decoded;
import io.headwater.codec.JsonEventCodec;
import io.headwater.codec.RecordFields;
import io.headwater.dataset.FlightStream;
import io.headwater.dataset.Flights;
import io.headwater.dataset.StreamItem;
import io.headwater.event.Event;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BaselinesTest {
    private static final int DISTANCE = Flights.LAYOUT.numeric().indexOf("Distance");

    private static final JsonEventCodec CODEC =
            new JsonEventCodec(Flights.LAYOUT, new RecordFields("id", "time", "label", "label_time"));

    private final Ledger ledger = new Ledger(.3);
    private final AtomicInteger asked = new AtomicInteger();
    private final Baselines baselines = new Baselines(BaselinesTest::event, this::logit, ledger);

    private static Event event(StreamItem item) {
        return ((Decoded.Ok<Event>) CODEC.event(item.value())).value();
    }

    /** Knows which flights are late, but thinks that half of them are. */
    private double logit(Event event) {
        asked.incrementAndGet();
        return (int) event.numeric()[DISTANCE] % 3 == 0 ? .5 : -.5;
    }

    private void play(FlightStream stream, int items) {
        for (int i = 0; i < items; i++) {
            StreamItem item = stream.next();
            baselines.accept(item);
            if (item.kind() == StreamItem.Kind.EVENT) {
                ledger.sending(item.slot(), 0);
                ledger.sent(item.slot());
                ledger.scored(item.slot(), .5f, 0, 0);
            } else {
                ledger.sendingLabel(item.slot(), item.label() == 1, 1);
            }
        }
    }

    @Test
    void accept_sameEventsForEveryModel_frozenAskedOncePerEvent() {
        play(TinyFlights.stream(), 1_000);

        Standing standing = ledger.standing();
        assertThat(standing.events()).isGreaterThan(400);
        assertThat(asked.get()).isEqualTo((int) ledger.counts().sent());
        assertThat(standing.frozen().logLoss()).isCloseTo(Math.log(1 + Math.exp(-.5)), within(1e-6));
        assertThat(standing.frozen().rocAuc()).isEqualTo(1);
        assertThat(standing.adaptive().logLoss()).isCloseTo(Math.log(2), within(1e-6));
    }

    @Test
    void accept_labelOfAnEarlierRun_isScoredFromItsOwnFields() {
        FlightStream before = TinyFlights.stream();
        long slot = before.next().slot();

        FlightStream resumed = new FlightStream(
                TinyFlights.month(), TinyFlights.SOURCE_DAYS, slot + 2, java.util.stream.LongStream.of(slot));
        play(resumed, 1);

        assertThat(asked.get()).isEqualTo(1);
    }

    @Test
    void accept_interceptFollowsTheLabels() {
        Baselines blind = new Baselines(BaselinesTest::event, event -> 3, ledger);
        FlightStream stream = TinyFlights.stream();
        for (int i = 0; i < 1_000; i++) {
            StreamItem item = stream.next();
            blind.accept(item);
            if (item.kind() == StreamItem.Kind.EVENT) {
                ledger.sending(item.slot(), 0);
                ledger.scored(item.slot(), .5f, 0, 0);
            } else {
                ledger.sendingLabel(item.slot(), item.label() == 1, 1);
            }
        }

        // A third are late: what the best constant loses, and not what the frozen logit of 3 does.
        assertThat(ledger.standing(200).frozenRunningIntercept().logLoss()).isBetween(.60, .66);
        assertThat(ledger.standing(200).frozen().logLoss()).isGreaterThan(1.5);
    }
}
