package io.headwater.actors.app.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.codec.Decoded;
import io.headwater.codec.JsonEventCodec;
import io.headwater.codec.RecordFields;
import io.headwater.dataset.FraudPattern;
import io.headwater.dataset.FraudSettings;
import io.headwater.dataset.StreamItem;
import io.headwater.event.Event;
import io.headwater.event.LabeledExample;
import io.headwater.join.VelocityFeatures;
import io.headwater.join.VelocitySettings;
import io.headwater.join.VelocityTopology;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FraudStreamTest {
    private static final LocalDate START = LocalDate.of(2026, 1, 1);
    private static final FraudStream.Days DAYS = new FraudStream.Days(10, 10);
    private static final VelocityFeatures FEATURES = new VelocityFeatures(
            new VelocitySettings(VelocitySettings.DEFAULT.windows(), FraudStream.LABEL_DELAY.plusDays(1), 512));
    private static final FraudSettings SETTINGS =
            new FraudSettings(40, 60, 15, 1, START, FraudPattern.HANDBOOK.scaled(.1, .1), List.of());
    private static final JsonEventCodec CODEC =
            new JsonEventCodec(FEATURES.layout(), new RecordFields("id", "time", "label", "label_time"));
    private static final long DELAY_MS = Duration.ofDays(7).toMillis();

    private static FraudStream stream(long nextSlot, long... owed) {
        return new FraudStream(SETTINGS, DAYS, FEATURES, (slot, card, day) -> {}, nextSlot, LongStream.of(owed));
    }

    private static LabeledExample labeled(byte[] value) {
        return ((Decoded.Ok<LabeledExample>) CODEC.labeled(value)).value();
    }

    @Test
    void next_aPaymentAndSevenDaysLaterItsLabelWithTheSameFeatures() {
        FraudStream stream = stream(0);
        long begin = START.plusDays(27).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
        Map<Long, Event> open = new HashMap<>();
        long before = begin;
        int labels = 0;
        int frauds = 0;
        for (int i = 0; i < 4_000; i++) {
            StreamItem item = stream.next();
            assertThat(item.timeMs()).isGreaterThanOrEqualTo(before);
            assertThat(stream.slotOf(item.id())).isEqualTo(item.slot());
            before = item.timeMs();
            if (item.kind() == StreamItem.Kind.EVENT) {
                Event event = stream.newest();
                assertThat(event.timeMs()).isEqualTo(item.timeMs());
                assertThat(new String(item.value(), UTF_8)).doesNotContain("label");
                open.put(item.slot(), event);
            } else {
                LabeledExample example = labeled(item.value());
                Event event = Objects.requireNonNull(open.remove(item.slot()));
                assertThat(example.event().id()).isEqualTo(event.id());
                assertThat(example.event().numeric()).isEqualTo(event.numeric());
                assertThat(item.timeMs()).isEqualTo(event.timeMs() + DELAY_MS);
                assertThat(example.label().timeMs()).isEqualTo(item.timeMs());
                assertThat(example.label().value()).isEqualTo(item.label());
                assertThat(stream.newest().numeric()).isEqualTo(event.numeric());
                labels++;
                frauds += item.label();
            }
        }
        assertThat(labels).isGreaterThan(1_000);
        assertThat(frauds).isPositive();
        // What is open is of the last seven days.
        long newest = before;
        assertThat(open.values()).allMatch(event -> event.timeMs() > newest - DELAY_MS);
    }

    @Test
    void next_afterAStop_goesOnWithWhatIsOwed() {
        FraudStream whole = stream(0);
        List<StreamItem> before = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            before.add(whole.next());
        }
        Set<Long> labeled = new HashSet<>();
        before.stream().filter(item -> item.kind() == StreamItem.Kind.LABEL).forEach(item -> labeled.add(item.slot()));
        List<Long> sent = before.stream()
                .filter(item -> item.kind() == StreamItem.Kind.EVENT)
                .map(StreamItem::slot)
                .toList();
        long[] owed = sent.stream()
                .filter(slot -> !labeled.contains(slot))
                .mapToLong(Long::longValue)
                .toArray();

        FraudStream resumed = stream(sent.get(sent.size() - 1) + 1, owed);
        for (int i = 0; i < 2_000; i++) {
            StreamItem expected = whole.next();
            StreamItem found = resumed.next();
            assertThat(found.id()).isEqualTo(expected.id());
            assertThat(found.kind()).isEqualTo(expected.kind());
            assertThat(found.value()).isEqualTo(expected.value());
        }
    }

    @Test
    void sourceExamples_areOfTheSourceDaysAndKnownWhenTheStreamBegins() {
        FraudStream stream = stream(0);
        List<byte[]> source = stream.sourceExamples();
        long first = START.plusDays(10).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
        long end = START.plusDays(20).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
        double frauds = 0;
        for (byte[] value : source) {
            LabeledExample example = labeled(value);
            assertThat(example.event().timeMs()).isBetween(first, end - 1);
            assertThat(stream.slotOf(example.event().id())).isEqualTo(-1);
            frauds += example.label().value();
        }
        assertThat(source.size() / (40. * 10)).isCloseTo(1.9, within(.5));
        assertThat(stream.sourceRate()).isCloseTo(frauds / source.size(), within(1e-9));
    }

    @Test
    void slotOf_strangers() {
        FraudStream stream = stream(0);

        assertThat(stream.slotOf("")).isEqualTo(-1);
        assertThat(stream.slotOf("p")).isEqualTo(-1);
        assertThat(stream.slotOf("x5000000")).isEqualTo(-1);
        assertThat(stream.slotOf("p0")).isEqualTo(-1);
    }

    /** What goes through Kafka Streams is what the labelled examples and the frozen model are made from. */
    @Test
    void payments_throughTheTopology_becomeTheStreamsOwnEvents(@TempDir Path state) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        VelocityTopology.Topics topics =
                new VelocityTopology.Topics(Set.of("payments", "labels"), Set.of("past"), "events");
        try (TopologyTestDriver driver = new TopologyTestDriver(VelocityTopology.of(FEATURES, topics), properties)) {
            ByteArraySerializer bytes = new ByteArraySerializer();
            TestInputTopic<byte[], byte[]> past = driver.createInputTopic("past", bytes, bytes);
            TestInputTopic<byte[], byte[]> payments = driver.createInputTopic("payments", bytes, bytes);
            TestInputTopic<byte[], byte[]> labels = driver.createInputTopic("labels", bytes, bytes);
            TestOutputTopic<String, byte[]> events =
                    driver.createOutputTopic("events", new StringDeserializer(), new ByteArrayDeserializer());
            FraudStream stream = stream(0);
            stream.past(past::pipeInput);
            assertThat(events.isEmpty()).isTrue();

            float risk = 0;
            for (int i = 0; i < 3_000; i++) {
                StreamItem item = stream.next();
                (item.kind() == StreamItem.Kind.EVENT ? payments : labels).pipeInput(item.key(), item.value());
                if (item.kind() == StreamItem.Kind.EVENT) {
                    Event event = ((Decoded.Ok<Event>) CODEC.event(events.readValue())).value();
                    assertThat(event.id()).isEqualTo(item.id());
                    assertThat(event.numeric()).isEqualTo(stream.newest().numeric());
                    risk += event.numeric()[event.numeric().length - 1];
                }
            }
            assertThat(risk).isPositive();
        }
    }
}
