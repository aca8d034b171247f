package io.headwater.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.event.Label;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The real file, which the build has unpacked by the time that integration tests run. */
class FlightsIT {
    private static List<Flight> flights = List.of();

    @BeforeAll
    static void read() throws IOException {
        flights = Flights.read(Flights.file());
    }

    @Test
    void read_everyFlightOnceInTimeOrder() {
        assertThat(flights).hasSize(9_746);
        assertThat(flights.stream().map(Flight::id)).doesNotHaveDuplicates();
        assertThat(flights).isSortedAccordingTo(Comparator.comparingLong(Flight::timeMs));
        assertThat(flights.stream().filter(flight -> flight.label() == null)).hasSize(2_178);
        assertThat(flights.stream().filter(flight -> {
                    Label label = flight.label();
                    return label != null && label.value() == 1;
                }))
                .hasSize(2_022);
    }

    /** Two clocks, read by two zones, agree with the third column: a wrong row of the table could not hide. */
    @Test
    void read_scheduledUtcTimesDifferByTheScheduledElapsedTime() {
        List<String> wrong = flights.stream()
                .filter(flight -> flight.scheduledArrivalMs() - flight.timeMs()
                        != Duration.ofMinutes(flight.elapsedMinutes()).toMillis())
                .map(Flight::id)
                .toList();

        assertThat(wrong).isEmpty();
    }

    @Test
    void read_firstFlightOfTheFile() {
        Flight flight = flights.stream()
                .filter(each -> each.id().equals("AA-1-JFK-LAX-20140101-0900"))
                .findFirst()
                .orElseThrow();

        assertThat(flight)
                .isEqualTo(new Flight(
                        "AA-1-JFK-LAX-20140101-0900",
                        Instant.parse("2014-01-01T14:00:00Z").toEpochMilli(),
                        Instant.parse("2014-01-01T20:25:00Z").toEpochMilli(),
                        "AA",
                        "JFK",
                        "LAX",
                        2475,
                        385,
                        900,
                        1225,
                        "0900-0959",
                        "1200-1259",
                        3,
                        new Label(0, Instant.parse("2014-01-01T20:38:00Z").toEpochMilli())));
    }

    @Test
    void read_missingFileSaysHowToGetIt() {
        assertThatThrownBy(() -> Flights.read(Path.of("nowhere", "flights.json")))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageContaining("nowhere/flights.json")
                .hasMessageContaining("mvn package");
    }
}
