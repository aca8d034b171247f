package io.headwater.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.event.Label;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightFileTest {
    private static final String PHOENIX = """
            {"FlightDate":"2014-01-05","Carrier":"US","FlightNum":7,"Origin":"PHX","OriginState":"AZ","Dest":"GUM",\
            "DestState":"TT","Distance":6000,"CRSElapsedTime":840,"CRSDepTime":2330,"CRSArrTime":630,"DayOfWeek":7,\
            "DepTimeBlk":"2300-2359","ArrTimeBlk":"0600-0659","ArrDel15":1,"ArrDelay":75,"DivDelays":[{"a":[1]}]}
            """;

    @TempDir
    Path folder = Path.of("");

    private Path write(String... lines) throws IOException {
        return Files.writeString(folder.resolve("flights.json"), String.join("", lines));
    }

    @Test
    void read_sameFlightTwice_keptOnce() throws IOException {
        List<Flight> flights = Flights.read(write(PHOENIX, PHOENIX, PHOENIX.replace("2330", "2335")));

        assertThat(flights)
                .extracting(Flight::id)
                .containsExactly("US-7-PHX-GUM-20140105-2330", "US-7-PHX-GUM-20140105-2335");
    }

    @Test
    void read_acrossTheDateLine_arrivesAtTheNextTimeItsClockShows() throws IOException {
        Flight flight = Flights.read(write(PHOENIX)).get(0);

        assertThat(Instant.ofEpochMilli(flight.timeMs())).isEqualTo("2014-01-06T06:30:00Z");
        assertThat(Instant.ofEpochMilli(flight.scheduledArrivalMs())).isEqualTo("2014-01-06T20:30:00Z");
        assertThat(flight.label())
                .isEqualTo(new Label(1, Instant.parse("2014-01-06T21:45:00Z").toEpochMilli()));
    }

    @Test
    void read_badLine_saysWhichAndWhat() throws IOException {
        Path file = write(PHOENIX, PHOENIX.replace("2330", "null"));

        assertThatThrownBy(() -> Flights.read(file))
                .hasMessageContaining("line 2")
                .hasMessageContaining("CRSDepTime");
    }

    @Test
    void read_unknownState_saysSo() throws IOException {
        Path file = write(PHOENIX.replace("PHX", "ZZZ").replace("\"AZ\"", "\"QQ\""));

        assertThatThrownBy(() -> Flights.read(file))
                .hasMessageContaining("'ZZZ'")
                .hasMessageContaining("'QQ'");
    }

    @Test
    void read_summerTime_comesFromTheZoneRules() throws IOException {
        String summer = PHOENIX.replace("2014-01-05", "2014-07-05");
        long phoenix = Flights.read(write(summer)).get(0).timeMs();
        long denver =
                Flights.read(write(summer.replace("\"AZ\"", "\"CO\""))).get(0).timeMs();

        assertThat(Instant.ofEpochMilli(phoenix)).isEqualTo("2014-07-06T06:30:00Z");
        assertThat(Instant.ofEpochMilli(denver)).isEqualTo("2014-07-06T05:30:00Z");
    }
}
