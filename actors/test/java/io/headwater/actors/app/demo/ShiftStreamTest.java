package io.headwater.actors.app.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.dataset.StreamItem;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShiftStreamTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DAYS = 16;

    private static ShiftStream stream(long seed) {
        return new ShiftStream(seed, ShiftStream.Watch.NOBODY, 0, any -> true);
    }

    private static List<StreamItem> days(ShiftStream stream, int days) {
        long endMs = stream.beginMs() + Duration.ofDays(days).toMillis();
        List<StreamItem> items = new ArrayList<>();
        for (StreamItem item = stream.next(); item.timeMs() < endMs; item = stream.next()) {
            items.add(item);
        }
        return items;
    }

    private static JsonNode read(byte[] value) {
        try {
            return JSON.readTree(value);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isTarget(StreamItem item) {
        return read(item.value()).path("region").asText().equals("abroad");
    }

    private static String text(StreamItem item) {
        return item.kind() + " " + item.slot() + " " + item.timeMs() + " " + new String(item.value(), UTF_8);
    }

    @Test
    void next_sameSeedSameStream_otherSeedAnother() {
        List<String> once =
                days(stream(101), 2).stream().map(ShiftStreamTest::text).toList();

        assertThat(days(stream(101), 2).stream().map(ShiftStreamTest::text)).isEqualTo(once);
        assertThat(days(stream(102), 2).stream().map(ShiftStreamTest::text)).doesNotContainAnyElementsOf(once);
    }

    @Test
    void next_labelsHaveTheRowOfTheirPayment_homeAfterAWeekAndTheTargetAfterTwo() {
        ShiftStream stream = stream(101);
        Map<Long, StreamItem> open = new HashMap<>();
        long beforeMs = stream.beginMs();
        long firstTargetLabelMs = -1;
        for (StreamItem item : days(stream, DAYS)) {
            assertThat(item.timeMs()).isGreaterThanOrEqualTo(beforeMs);
            assertThat(stream.slotOf(item.id())).isEqualTo(item.slot());
            beforeMs = item.timeMs();
            if (item.kind() == StreamItem.Kind.EVENT) {
                assertThat(item.slot()).isGreaterThanOrEqualTo(stream.firstEvent());
                open.put(item.slot(), item);
                continue;
            }
            JsonNode labeled = read(item.value());
            boolean target = isTarget(item);
            firstTargetLabelMs = target && firstTargetLabelMs < 0 ? item.timeMs() : firstTargetLabelMs;
            assertThat(labeled.path("label_time").asLong()).isEqualTo(item.timeMs());
            assertThat(item.timeMs() - labeled.path("time").asLong())
                    .isEqualTo(Duration.ofDays(target ? 14 : 7).toMillis());
            if (item.slot() < stream.firstEvent()) {
                assertThat(target).isFalse();
            } else {
                JsonNode event =
                        read(Objects.requireNonNull(open.remove(item.slot())).value());
                assertThat(event.has("label")).isFalse();
                event.fieldNames()
                        .forEachRemaining(
                                field -> assertThat(labeled.get(field)).isEqualTo(event.get(field)));
            }
        }
        assertThat(firstTargetLabelMs)
                .isEqualTo(stream.firstTargetLabelMs())
                .isGreaterThanOrEqualTo(stream.beginMs() + Duration.ofDays(14).toMillis());
    }

    /** Payments of a region, and the mean and deviation of a field over them. */
    private record Column(int events, double mean, double deviation) {
        static Column of(List<StreamItem> items, boolean target, String field) {
            double[] values = items.stream()
                    .filter(item -> item.kind() == StreamItem.Kind.EVENT && isTarget(item) == target)
                    .mapToDouble(item -> read(item.value()).path(field).asDouble())
                    .toArray();
            double mean = Arrays.stream(values).average().orElse(Double.NaN);
            double square = Arrays.stream(values)
                    .map(value -> (value - mean) * (value - mean))
                    .average()
                    .orElse(Double.NaN);
            return new Column(values.length, mean, Math.sqrt(square));
        }
    }

    @Test
    void next_regionsDifferInWhoPaysAndWhen_notInFraud() {
        List<StreamItem> items = days(stream(101), DAYS);
        Column home = Column.of(items, false, "card_mean_amount_30d");
        Column target = Column.of(items, true, "card_mean_amount_30d");

        // 500 customers pay twice a day, and 450 three times.
        assertThat(home.events / (double) DAYS).isCloseTo(970, within(100.));
        assertThat(target.events / (double) DAYS).isCloseTo(1_310, within(130.));
        assertThat(home.mean).isCloseTo(target.mean, within(8.));
        assertThat(target.deviation).isGreaterThan(1.8 * home.deviation);
        String ratio = "amount_to_card_mean_30d";
        assertThat(Column.of(items, false, ratio).mean).isCloseTo(Column.of(items, true, ratio).mean, within(.05));
        assertThat(Column.of(items, false, "night").mean).isLessThan(.3);
        assertThat(Column.of(items, true, "night").mean).isGreaterThan(.4);
        // Six cards in five hundred are stolen a day, for two weeks, and a third of their payments is the thief's.
        List<StreamItem> labels = items.stream()
                .filter(item -> item.kind() == StreamItem.Kind.LABEL)
                .toList();
        assertThat(labels.stream().mapToInt(StreamItem::label).average().orElse(0))
                .isCloseTo(.052, within(.012));
    }

    @Test
    void next_afterAStop_goesOnWithWhatIsOwed() {
        ShiftStream whole = stream(101);
        List<StreamItem> before = days(whole, 9);
        Set<Long> labeled = new HashSet<>();
        long nextSlot = 0;
        for (StreamItem item : before) {
            if (item.kind() == StreamItem.Kind.LABEL) {
                labeled.add(item.slot());
            } else {
                nextSlot = item.slot() + 1;
            }
        }
        Map<Long, Integer> days = new HashMap<>();
        ShiftStream later = new ShiftStream(
                101, (slot, paid, day) -> days.put(slot, day), nextSlot, slot -> !labeled.contains(slot));

        List<String> rest = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            rest.add(text(later.next()));
        }

        // The item that ended the nine days is lost to the first list.
        List<String> expected = new ArrayList<>();
        ShiftStream again = stream(101);
        for (int i = 0; i < before.size(); i++) {
            again.next();
        }
        for (int i = 0; i < 3_000; i++) {
            expected.add(text(again.next()));
        }
        assertThat(rest).isEqualTo(expected);
        assertThat(days).containsEntry(whole.firstEvent(), 0).containsEntry(nextSlot - 1, 8);
    }

    @Test
    void sourceExamples_ofHomeAloneAndBeforeAnyLabelOfTheStream() {
        ShiftStream stream = stream(101);
        long endMs = stream.beginMs() - Duration.ofDays(7).toMillis();

        List<JsonNode> source =
                stream.sourceExamples().stream().map(ShiftStreamTest::read).toList();

        assertThat(source).hasSizeGreaterThan(12_000);
        assertThat(source)
                .allMatch(example -> example.path("region").asText().equals("home")
                        && example.path("time").asLong() < endMs
                        && stream.slotOf(example.path("id").asText()) < 0);
        assertThat(source.stream()
                        .mapToInt(example -> example.path("label").asInt())
                        .average()
                        .orElse(0))
                .isEqualTo(stream.sourceRate());
    }
}
