package io.headwater.actors.app.demo;

import io.headwater.dataset.Flight;
import io.headwater.dataset.FlightStream;
import io.headwater.event.Label;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A made-up month: a flight an hour, every third late, every tenth without a label. */
final class TinyFlights {
    static final int SOURCE_DAYS = 7;

    private TinyFlights() {}

    static List<Flight> month() {
        List<Flight> flights = new ArrayList<>();
        Instant at = Instant.parse("2014-01-01T09:30:00Z");
        for (int i = 0; i < 31 * 24; i++, at = at.plus(Duration.ofHours(1))) {
            long time = at.toEpochMilli();
            long lands = time + Duration.ofMinutes(90).toMillis();
            Label label = i % 10 == 9 ? null : new Label(i % 3 == 0 ? 1 : 0, lands);
            flights.add(new Flight(
                    "AA-" + i + "-JFK-LAX",
                    time,
                    lands,
                    "AA",
                    "JFK",
                    "LAX",
                    i,
                    90,
                    900,
                    1225,
                    "0900-0959",
                    "1200-1259",
                    3,
                    label));
        }
        return flights;
    }

    static FlightStream stream() {
        return new FlightStream(month(), SOURCE_DAYS);
    }
}
