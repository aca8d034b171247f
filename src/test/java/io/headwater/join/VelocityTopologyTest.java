package io.headwater.join;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.codec.Decoded;
import io.headwater.codec.JsonEventCodec;
import io.headwater.codec.RecordFields;
import io.headwater.dataset.FraudGenerator;
import io.headwater.dataset.FraudPattern;
import io.headwater.dataset.FraudSettings;
import io.headwater.event.Event;
import io.headwater.event.Label;
import io.headwater.event.LabeledExample;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The topology with a clock of the test's and without a broker. */
class VelocityTopologyTest {
    private static final VelocityFeatures FEATURES = new VelocityFeatures(VelocitySettings.DEFAULT);
    private static final VelocityTopology.Topics TOPICS =
            new VelocityTopology.Topics(Set.of("payments"), Set.of("past"), "events");
    private static final long DELAY_MS = Duration.ofDays(7).toMillis();

    @TempDir
    Path state;

    @SuppressWarnings("NullAway.Init") // by open
    private TopologyTestDriver driver;

    @SuppressWarnings("NullAway.Init") // by open
    private TestInputTopic<String, byte[]> payments;

    @SuppressWarnings("NullAway.Init") // by open
    private TestOutputTopic<String, byte[]> events;

    @BeforeEach
    void open() {
        Properties properties = VelocityStreams.properties(
                Map.of("bootstrap.servers", "none:1"),
                new VelocityStreams.Settings("velocity", TOPICS, "refused", state, Duration.ofMillis(10)));
        // With transactions the driver forgets what is sent before one begins, and so all dead letters.
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        driver = new TopologyTestDriver(VelocityTopology.of(FEATURES, TOPICS), properties, Instant.EPOCH);
        payments = driver.createInputTopic("payments", new StringSerializer(), new ByteArraySerializer());
        events = driver.createOutputTopic("events", new StringDeserializer(), new ByteArrayDeserializer());
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private static byte[] json(String id, long timeMs, String card, String terminal, float amount, String label) {
        return ("{\"id\":\"" + id + "\",\"time\":" + timeMs + ",\"card\":\"" + card + "\",\"terminal\":\"" + terminal
                        + "\",\"amount\":" + amount + label + "}")
                .getBytes(UTF_8);
    }

    private void pay(String id, long timeMs, String card, String terminal, float amount) {
        payments.pipeInput(card, json(id, timeMs, card, terminal, amount, ""), timeMs);
    }

    private void confirm(String id, long timeMs, long nowMs, String card, String terminal, int label) {
        payments.pipeInput(card, json(id, timeMs, card, terminal, 1, ",\"label\":" + label), nowMs);
    }

    private record Waiting(String id, long timeMs, int card, int terminal, boolean fraud) {}

    /** The same numbers from a topic as from a file: the core is one, and nothing between the stages changes them. */
    @Test
    void payments_ofAGeneratedStream_haveTheFeaturesThatTheCoreComputes() {
        FraudGenerator generator = new FraudGenerator(new FraudSettings(
                40, 60, 15, 1, LocalDate.of(2024, 1, 1), FraudPattern.HANDBOOK.scaled(.1, .1), List.of()));
        Velocity velocity = new Velocity(FEATURES, 40, 60);
        float[] expected = new float[FEATURES.width()];
        Queue<Waiting> waiting = new ArrayDeque<>();
        JsonEventCodec codec =
                new JsonEventCodec(FEATURES.layout(), new RecordFields("id", "time", "label", "label_time"));
        double risk = 0;
        for (generator.next(); generator.day() < 60; generator.next()) {
            long now = generator.timeMs();
            for (; !waiting.isEmpty() && waiting.element().timeMs() + DELAY_MS <= now; waiting.remove()) {
                Waiting due = waiting.element();
                velocity.confirmed(due.terminal(), due.timeMs(), due.fraud());
                confirm(
                        due.id(),
                        due.timeMs(),
                        due.timeMs() + DELAY_MS,
                        "c" + due.card(),
                        "t" + due.terminal(),
                        due.fraud() ? 1 : 0);
            }
            String id = "p" + generator.number();
            waiting.add(new Waiting(id, now, generator.card(), generator.terminal(), generator.isFraud()));
            velocity.paid(generator.card(), generator.terminal(), now, generator.amount(), expected);
            pay(id, now, "c" + generator.card(), "t" + generator.terminal(), generator.amount());

            TestRecord<String, byte[]> event = events.readRecord();
            assertThat(event.key()).isEqualTo(id);
            assertThat(event.timestamp()).isEqualTo(now);
            assertThat(codec.event(event.value())).isInstanceOfSatisfying(Decoded.Ok.class, ok -> {
                Event found = (Event) ok.value();
                assertThat(found.id()).isEqualTo(id);
                assertThat(found.timeMs()).isEqualTo(now);
                assertThat(found.numeric()).isEqualTo(expected);
            });
            risk += expected[expected.length - 1];
        }
        assertThat(risk).isPositive();
        assertThat(events.isEmpty()).isTrue();
    }

    @Test
    void record_thatIsNoPayment_isADeadLetterAndTheStreamGoesOn() {
        byte[] broken = "{\"id\":\"p\",\"time\":1,\"card\":\"c\",\"terminal\":\"t\"}".getBytes(UTF_8);
        payments.pipeInput("c", broken, 1);
        payments.pipeInput("c", "no json".getBytes(UTF_8), 1);
        payments.pipeInput("c", json("p", 1, "c", "t", 5, ",\"label\":2"), 1);
        pay("p", 2, "c", "t", 5);

        assertThat(events.readKeyValuesToList()).extracting(pair -> pair.key).containsExactly("p");
        List<TestRecord<String, byte[]>> letters = driver.createOutputTopic(
                        "refused", new StringDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
        assertThat(letters).hasSize(3);
        assertThat(letters.get(0).value()).isEqualTo(broken);
        assertThat(header(letters.get(0), "exception.message"))
                .contains("amount")
                .contains("missing");
        assertThat(header(letters.get(0), "topic")).isEqualTo("payments");
        assertThat(header(letters.get(1), "exception.message")).contains("JSON");
        assertThat(header(letters.get(2), "exception.message"))
                .contains("label")
                .contains("0, 1");
    }

    private static String header(TestRecord<String, byte[]> letter, String name) {
        Header header = letter.headers().lastHeader("__connect.errors." + name);
        assertThat(header).as(name).isNotNull();
        return new String(header.value(), UTF_8);
    }

    @Test
    void key_thatIsNoLongerUsed_isLetGoOf() {
        long day = Duration.ofDays(1).toMillis();
        pay("a", day, "c1", "t1", 5);
        confirm("a", day, 8 * day, "c1", "t1", 1);
        pay("b", 20 * day, "c2", "t2", 5);
        assertThat(driver.<String, byte[]>getKeyValueStore(CardStage.STORE).get("c1"))
                .isNotNull();

        pay("c", 32 * day, "c2", "t2", 5);
        assertThat(driver.<String, byte[]>getKeyValueStore(CardStage.STORE).get("c1"))
                .isNull();
        assertThat(driver.<String, byte[]>getKeyValueStore(CardStage.STORE).get("c2"))
                .isNotNull();
        assertThat(driver.<String, byte[]>getKeyValueStore(TerminalStage.STORE).get("t1"))
                .isNotNull();

        pay("d", 46 * day, "c2", "t2", 5);
        assertThat(driver.<String, byte[]>getKeyValueStore(TerminalStage.STORE).get("t1"))
                .isNull();
    }

    @Test
    void past_countsInFeaturesAndMakesNoEvent() {
        TestInputTopic<String, byte[]> past =
                driver.createInputTopic("past", new StringSerializer(), new ByteArraySerializer());
        past.pipeInput("c", json("a", 1_000, "c", "t", 5, ""), 1_000);
        past.pipeInput("c", json("a", 1_000, "c", "t", 5, ",\"label\":1"), 1_000);
        assertThat(events.isEmpty()).isTrue();

        pay("b", 1_000 + DELAY_MS, "c", "t", 15);
        JsonEventCodec codec =
                new JsonEventCodec(FEATURES.layout(), new RecordFields("id", "time", "label", "label_time"));
        assertThat(codec.event(events.readValue())).isInstanceOfSatisfying(Decoded.Ok.class, ok -> {
            float[] found = ((Event) ok.value()).numeric();
            List<String> names = FEATURES.layout().numeric();
            assertThat(found[names.indexOf("card_mean_amount_30d")]).isEqualTo(10);
            assertThat(found[names.indexOf("terminal_risk_1d")]).isEqualTo(1);
        });
    }

    /** The labelled topic can be a source as it is: its records are labels, and hold their payments' keys. */
    @Test
    void labeledExample_isALabel() {
        float[] features = new float[FEATURES.width()];
        byte[] labeled = new VelocityJson(FEATURES).labeled("a", 1_000, "c", "t", new Label(1, 1_500), features);
        payments.pipeInput("a", labeled, 1_500);
        pay("b", 1_000 + DELAY_MS, "c", "t", 15);

        assertThat(events.readKeyValuesToList()).singleElement().satisfies(event -> {
            assertThat(event.key).isEqualTo("b");
            assertThat(new String(event.value, UTF_8)).contains("\"terminal_risk_1d\":1");
        });
    }

    @Test
    void labeled_isTheEventWithItsLabel() {
        float[] features = new float[FEATURES.width()];
        features[0] = 12.34f;
        features[3] = 2;
        byte[] value = new VelocityJson(FEATURES).labeled("p", 5, "c", "t", new Label(1, 9), features);
        JsonEventCodec codec =
                new JsonEventCodec(FEATURES.layout(), new RecordFields("id", "time", "label", "label_time"));

        assertThat(codec.labeled(value)).isInstanceOfSatisfying(Decoded.Ok.class, ok -> {
            LabeledExample example = (LabeledExample) ok.value();
            assertThat(example.label()).isEqualTo(new Label(1, 9));
            assertThat(example.event().numeric()).isEqualTo(features);
        });
    }
}
