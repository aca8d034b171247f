package io.headwater.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.event.Label;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FlightStreamTest {
    private static final long FOUR_WEEKS_MS = Duration.ofDays(28).toMillis();
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Departs at {@code departs} and, unless it was cancelled, lands two hours later. */
    private static Flight flight(int number, String departs, @Nullable Integer late) {
        long time = Instant.parse(departs).toEpochMilli();
        long lands = time + Duration.ofHours(2).toMillis();
        String id = "AA-" + number + "-JFK-LAX-" + departs.substring(0, 10).replace("-", "") + "-0900";
        Label label = late == null ? null : new Label(late, lands);
        return new Flight(
                id, time, lands, "AA", "JFK", "LAX", 2475, 120, 900, 1225, "0900-0959", "1200-1259", 3, label);
    }

    private static final Flight EARLY = flight(1, "2014-01-02T12:00:00Z", 1);
    private static final Flight NIGHT = flight(2, "2014-01-08T08:30:00Z", 0);
    private static final Flight FIRST = flight(3, "2014-01-08T12:00:00Z", 1);
    private static final Flight SECOND = flight(4, "2014-01-08T13:00:00Z", 0);
    private static final Flight CANCELLED = flight(5, "2014-01-08T14:30:00Z", null);
    private static final Flight LAST = flight(6, "2014-02-01T09:30:00Z", 1);
    private static final List<Flight> FLIGHTS = List.of(EARLY, NIGHT, FIRST, SECOND, CANCELLED, LAST);

    private static List<StreamItem> take(FlightStream stream, int items) {
        List<StreamItem> taken = new ArrayList<>();
        for (int i = 0; i < items; i++) {
            taken.add(stream.next());
        }
        return taken;
    }

    @Test
    void next_eventsAtDepartureAndLabelsAtArrivalInTimeOrder() {
        FlightStream stream = new FlightStream(FLIGHTS, 7);

        List<StreamItem> items = take(stream, 7);

        assertThat(items)
                .extracting(item -> item.kind() + " " + item.id())
                .containsExactly(
                        "EVENT " + FIRST.id(),
                        "EVENT " + SECOND.id(),
                        "LABEL " + FIRST.id(),
                        "EVENT " + CANCELLED.id(),
                        "LABEL " + SECOND.id(),
                        "EVENT " + LAST.id(),
                        "LABEL " + LAST.id());
        assertThat(items).extracting(StreamItem::label).containsExactly(-1, -1, 1, -1, 0, -1, 1);
    }

    @Test
    void next_monthRunOut_beginsAgainFourWeeksLaterWithFreshIds() {
        FlightStream stream = new FlightStream(FLIGHTS, 7);
        take(stream, 7);

        StreamItem again = stream.next();

        assertThat(again.id()).isEqualTo(NIGHT.id() + "#2");
        assertThat(again.timeMs()).isEqualTo(NIGHT.timeMs() + FOUR_WEEKS_MS);
        assertThat(stream.passes()).isEqualTo(2);
    }

    @Test
    void next_manyPasses_timeNeverGoesBackAndIdsNeverRepeat() {
        FlightStream stream = new FlightStream(FLIGHTS, 7);
        Set<String> events = new HashSet<>();
        Set<String> labels = new HashSet<>();
        long time = 0;
        long slot = -1;
        for (StreamItem item : take(stream, 1_000)) {
            assertThat(item.timeMs()).isGreaterThanOrEqualTo(time);
            time = item.timeMs();
            boolean event = item.kind() == StreamItem.Kind.EVENT;
            assertThat((event ? events : labels).add(item.id())).isTrue();
            assertThat(events).contains(item.id());
            assertThat(stream.slotOf(item.id())).isEqualTo(item.slot());
            if (event) {
                assertThat(item.slot()).isGreaterThan(slot);
                slot = item.slot();
            }
        }
        assertThat(labels).isNotEmpty();
    }

    @Test
    void next_json() throws IOException {
        List<StreamItem> items = take(new FlightStream(FLIGHTS, 7), 3);

        JsonNode event = JSON.readTree(items.get(0).value());
        JsonNode labeled = JSON.readTree(items.get(2).value());

        assertThat(event).isEqualTo(JSON.readTree("""
                        {"id":"AA-3-JFK-LAX-20140108-0900","time":1389182400000,"Carrier":"AA","Origin":"JFK",
                        "Dest":"LAX","Distance":2475,"CRSElapsedTime":120,"CRSDepTime":900,"CRSArrTime":1225,
                        "DepTimeBlk":"0900-0959","ArrTimeBlk":"1200-1259","DayOfWeek":3}"""));
        assertThat(labeled.get("label").intValue()).isEqualTo(1);
        assertThat(labeled.get("label_time").longValue()).isEqualTo(items.get(2).timeMs());
        event.properties()
                .forEach(field -> assertThat(labeled.get(field.getKey())).isEqualTo(field.getValue()));
        assertThat(items.get(2).key()).asString().isEqualTo(items.get(2).id());
    }

    @Test
    void resume_goesOnWithTheNextEventAndTheLabelsThatAreDue() {
        FlightStream whole = new FlightStream(FLIGHTS, 7);
        List<StreamItem> before = take(whole, 2);
        long[] pending = before.stream().mapToLong(StreamItem::slot).toArray();

        FlightStream resumed = new FlightStream(FLIGHTS, 7, before.get(1).slot() + 1, LongStream.of(pending));

        assertThat(take(resumed, 50))
                .extracting(item -> item.kind() + item.id() + item.timeMs())
                .isEqualTo(take(whole, 50).stream()
                        .map(item -> item.kind() + item.id() + item.timeMs())
                        .toList());
    }

    @Test
    void slotOf_strangers() {
        FlightStream stream = new FlightStream(FLIGHTS, 7);

        assertThat(stream.slotOf("hello")).isEqualTo(-1);
        assertThat(stream.slotOf(FIRST.id() + "#x")).isEqualTo(-1);
        assertThat(stream.slotOf(FIRST.id() + "#1")).isEqualTo(-1);
        assertThat(stream.slotOf("")).isEqualTo(-1);
    }

    @Test
    void sourceExamples_onlyWhatWasKnownAtTheCutOff() throws IOException {
        FlightStream stream = new FlightStream(FLIGHTS, 7);

        // The night flight departs before the cut-off and lands after it.
        assertThat(stream.sourceExamples()).hasSize(1);
        JsonNode example = JSON.readTree(stream.sourceExamples().get(0));
        assertThat(example.get("id").textValue()).isEqualTo(EARLY.id());
        assertThat(example.get("label_time").longValue()).isLessThan(stream.cutOffMs());
        assertThat(stream.sourceRate()).isEqualTo(1);
    }

    @Test
    void new_sourceDaysOutOfRange() {
        assertThatThrownBy(() -> new FlightStream(FLIGHTS, 2)).hasMessageContaining("3..27");
        assertThatThrownBy(() -> new FlightStream(FLIGHTS, 28)).hasMessageContaining("3..27");
        assertThatThrownBy(() -> new FlightStream(List.of(EARLY), 7)).hasMessageContaining("departs");
    }
}
