package io.headwater.actors.app.demo;

import io.headwater.dataset.Flight;
import io.headwater.dataset.FlightStream;
import io.headwater.dataset.Flights;
import io.headwater.event.EventLayout;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** US flights of January 2014: is a flight 15 minutes late on arrival? */
public final class FlightsScenario implements Scenario {
    /** Seconds of the stream in a second. */
    public static final double SPEED = 20_000;

    private static final int SOURCE_DAYS = 3;

    private final List<Flight> flights;
    private final int sourceDays;

    FlightsScenario(List<Flight> flights, int sourceDays) {
        this.flights = flights;
        this.sourceDays = sourceDays;
    }

    /** @throws IOException if the recording cannot be read */
    public static FlightsScenario recorded() throws IOException {
        return new FlightsScenario(Flights.read(Flights.file()), SOURCE_DAYS);
    }

    @Override
    public String model() {
        return "flights";
    }

    @Override
    public EventLayout layout() {
        return Flights.LAYOUT;
    }

    @Override
    public Map<String, Object> settings() {
        return Map.of(
                "features.numeric", Flights.LAYOUT.numeric(), "features.categorical", Flights.LAYOUT.categorical());
    }

    @Override
    public FlightStream stream() {
        return new FlightStream(flights, sourceDays);
    }

    @Override
    public FlightStream stream(long nextSlot, LongStream owed) {
        return new FlightStream(flights, sourceDays, nextSlot, owed);
    }
}
