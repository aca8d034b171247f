package io.headwater.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.event.Event;
import io.headwater.event.EventLayout;
import io.headwater.event.LabeledExample;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonEventCodecTest {
    private static final long NOON = Instant.parse("2014-01-31T12:00:00Z").toEpochMilli();
    private static final EventLayout LAYOUT =
            new EventLayout(List.of("amount", "card.limit"), List.of("card.country", "merchant"));

    private final JsonEventCodec codec =
            new JsonEventCodec(LAYOUT, new RecordFields("id", "time", "fraud", "meta.known_at"));

    @Test
    void event_withEveryField_fillsEverySlot() {
        Event event = ok("""
                {"merchant": "m-1", "ignored": {"amount": [1, {"id": 2}]}, "id": "e1", "amount": 12.5,
                 "card": {"country": "FI", "limit": "1e3", "x": null}, "time": "2014-01-31T14:00:00+02:00"}""");

        assertThat(event.id()).isEqualTo("e1");
        assertThat(event.timeMs()).isEqualTo(NOON);
        assertThat(event.numeric()).containsExactly(12.5f, 1000f);
        assertThat(event.categorical()).containsExactly("FI", "m-1");
    }

    @Test
    void event_withMissingFeatures_hasNaNAndNull() {
        Event event = ok("{\"id\": 7, \"time\": " + NOON + ", \"card\": null, \"merchant\": null}");

        assertThat(event.id()).isEqualTo("7");
        assertThat(event.numeric()).containsExactly(Float.NaN, Float.NaN);
        assertThat(event.categorical()).containsExactly(null, null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"region", "merchant", "card.country"})
    void domain_ofANamedField_isItsText_besideTheFeatures(String field) {
        JsonEventCodec codec =
                new JsonEventCodec(LAYOUT, new RecordFields("id", "time", "fraud", "meta.known_at", field));
        String rest = "\"id\":\"e\",\"time\":5,\"fraud\":1,\"meta\":{\"known_at\":9},\"amount\":3,\"region\":\"north\","
                + "\"merchant\":\"north\",\"card\":{\"country\":\"north\"}";

        Event event = ((Decoded.Ok<Event>) codec.event(utf8("{" + rest + "}"))).value();
        LabeledExample labeled = ((Decoded.Ok<LabeledExample>) codec.labeled(utf8("{" + rest + "}"))).value();
        Event other = ((Decoded.Ok<Event>) codec.event(utf8("{" + rest + "}"))).value();

        assertThat(event.domain()).isEqualTo("north");
        assertThat(event.categorical()).containsExactly("north", "north");
        assertThat(event.numeric()[0]).isEqualTo(3);
        assertThat(labeled.event().domain()).isEqualTo("north");
        assertThat(labeled.label().value()).isEqualTo(1);
        assertThat(labeled.label().timeMs()).isEqualTo(9);
        assertThat(other.domain()).as("one string for all events of a domain").isSameAs(event.domain());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"region\":null", ",\"region\":\"\""})
    void domain_thatIsMissing_isEmpty(String region) {
        JsonEventCodec codec = new JsonEventCodec(LAYOUT, new RecordFields("id", "time", "fraud", null, "region"));

        Decoded<Event> read = codec.event(utf8("{\"id\":\"e\",\"time\":5" + region + "}"));

        assertThat(((Decoded.Ok<Event>) read).value().domain()).isEmpty();
        assertThat(ok("{\"id\":\"e\",\"time\":5" + region + "}").domain()).isEmpty();
    }

    @Test
    void domain_thatIsANumber_isItsText() {
        JsonEventCodec codec = new JsonEventCodec(LAYOUT, new RecordFields("id", "time", "fraud", null, "region"));

        Decoded<Event> read = codec.event(utf8("{\"id\":\"e\",\"time\":5,\"region\":49}"));

        assertThat(((Decoded.Ok<Event>) read).value().domain()).isEqualTo("49");
    }

    @Test
    void domain_thatIsNoNameOfBoundedLength_isRefused() {
        JsonEventCodec codec = new JsonEventCodec(LAYOUT, new RecordFields("id", "time", "fraud", null, "region"));

        assertThat(domainRefusal(codec, "{}")).contains("field 'region' at byte 10 is an object");
        assertThat(domainRefusal(codec, "\"\\ud83d\"")).contains("half surrogate");
        assertThat(domainRefusal(codec, "\"" + "x".repeat(129) + "\""))
                .isEqualTo("field 'region' at byte 10 has 129 characters; at most 128 are allowed");
        assertThatThrownBy(() -> new JsonEventCodec(LAYOUT, new RecordFields("id", "time", "fraud", null, "fraud")))
                .hasMessageContaining("'fraud' is the label and cannot be the domain");
    }

    @ParameterizedTest
    @CsvSource({
        "card.number, '\"c-17\"', c-17",
        "card.number, 17, 17",
        "card.number, '\"17\"', 17",
        "card.number, null, e",
        "card.number, '\"\"', e",
        "elsewhere, 17, e",
        "id, 17, e",
        "merchant, 17, north"
    })
    void owner_isTheFieldsText_orTheIdWhereThereIsNone(String field, String json, String owner) {
        JsonEventCodec codec =
                new JsonEventCodec(LAYOUT, new RecordFields("id", "time", "fraud", "known_at", "region", field));
        byte[] record =
                utf8("{\"id\":\"e\",\"time\":5,\"fraud\":1,\"known_at\":9,\"region\":\"r\",\"merchant\":\"north\","
                        + "\"card\":{\"country\":\"fr\",\"number\":" + json + "}}");

        Event event = ((Decoded.Ok<Event>) codec.event(record)).value();
        LabeledExample labeled = ((Decoded.Ok<LabeledExample>) codec.labeled(record)).value();

        assertThat(event.owner()).isEqualTo(owner);
        assertThat(labeled.event().owner()).isEqualTo(owner);
        assertThat(labeled.label().timeMs()).isEqualTo(9);
        assertThat(event.domain()).isEqualTo("r");
        assertThat(event.categorical()).containsExactly("fr", "north");
    }

    @Test
    void owner_thatIsNoFieldOfTheConfig_isTheId() {
        assertThat(ok("{\"id\":\"e\",\"time\":5,\"owner\":\"o\"}").owner()).isEqualTo("e");
    }

    @Test
    void owner_thatIsNoTextOfBoundedLength_isRefused() {
        JsonEventCodec codec = new JsonEventCodec(LAYOUT, new RecordFields("id", "time", "fraud", null, "", "region"));

        assertThat(domainRefusal(codec, "{}"))
                .isEqualTo(
                        "field 'region' at byte 10 is an object; a string, a number or null is allowed, for it says whose"
                                + " the event is");
        assertThat(domainRefusal(codec, "true")).contains("a string, a number or null is allowed");
        assertThat(domainRefusal(codec, "\"\\ud83d\"")).contains("half surrogate");
        assertThat(domainRefusal(codec, "\"" + "x".repeat(1025) + "\""))
                .isEqualTo("field 'region' at byte 10 has 1025 characters; at most 1024 are allowed");
        assertThatThrownBy(() ->
                        new JsonEventCodec(LAYOUT, new RecordFields("id", "time", "fraud", null, "region", "fraud")))
                .hasMessageContaining("'fraud' is the label and cannot be the owner");
    }

    private static String domainRefusal(JsonEventCodec codec, String json) {
        Decoded<Event> read = codec.event(utf8("{\"region\":" + json + ",\"id\":\"e\",\"time\":5}"));
        return ((Decoded.Refused<Event>) read).reason();
    }

    @ParameterizedTest
    @CsvSource({
        "12,12",
        "-0.5e1,-5",
        "true,1",
        "false,0",
        "'\"-3.25\"',-3.25",
        "'\"+4.\"',4",
        "'\".5E-1\"',0.05",
        "1e-60,0"
    })
    void numeric_inEachForm_isRead(String json, float expected) {
        assertThat(ok(with("amount", json)).numeric()[0]).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"12.50,12.50", "true,true", "'\"\"',''", "'\"a\\u00e4\"',aä"})
    void categorical_inEachForm_isItsText(String json, String expected) {
        assertThat(ok(with("merchant", json)).categorical()[1]).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"abc\"",
                "\"\"",
                "\"NaN\"",
                "\"0x1p3\"",
                "\"1f\"",
                "\" 1\"",
                "\"1e\"",
                "\".\"",
                "[1]",
                "{\"a\":1}",
                "1e39",
                "-1e999",
                "\"4e38\""
            })
    void numeric_notANumberInRange_isRefusedWithFieldFoundAndAllowed(String json) {
        assertThat(refused(with("amount", json)).reason())
                .contains("field 'amount' at byte 34")
                .contains("allowed");
    }

    @Test
    void refusal_saysWhatWasFound() {
        assertThat(refused(with("amount", "\"ab\\nc\"")).reason())
                .isEqualTo("field 'amount' at byte 34 is the string \"ab c\"; a number, a numeric string, true, false"
                        + " or null is allowed");
        assertThat(refused("{\"id\":\"e\",\"time\":1,\"card\":[1]}").reason())
                .isEqualTo("field 'card' at byte 26 is an array; an object or null is allowed");
        assertThat(refused("{\"time\":1}").reason()).isEqualTo("the record has no id: field 'id' is absent or null");
        assertThat(refused("{\"id\":\"e\",\"time\":null}").reason())
                .isEqualTo("the record has no time: field 'time' is absent or null");
        assertThat(refused("{\"id\":\"e\",\"time\":1,\"merchant\":\"" + "x".repeat(1025) + "\"}")
                        .reason())
                .isEqualTo("field 'merchant' at byte 30 has 1025 characters; at most 1024 are allowed");
        assertThat(refused("{\"id\":\"e\",\"time\":1,\"id\":\"f\"}").reason())
                .isEqualTo("field 'id' appears a second time at byte 24; once is allowed");
        assertThat(refused("{\"id\":\"e\",\"time\":1} {}").reason())
                .isEqualTo("the record goes on at byte 20 after its JSON object; one object is allowed");
        assertThat(refused("[]").reason()).isEqualTo("the record is an array; a JSON object is needed");
        assertThat(refused("").reason()).isEqualTo("the record is empty; a JSON object is needed");
        assertThat(refused((byte[]) null).reason()).contains("tombstone");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":\"e\",\"time\":1",
                "{\"id\":\"e\",\"time\":1}x",
                "{'id':1}",
                "{\"amount\":NaN}",
                "{\"amount\":01}",
                "{"
            })
    void malformed_isRefusedWithItsByte(String json) {
        assertThat(refused(json).reason()).startsWith("the record is malformed JSON at byte ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "true", "{}", "[\"e\"]", "\"\\ud83d\"", "\"\\ude80x\""})
    void id_emptyOrOfTheWrongType_isRefused(String json) {
        assertThat(refused("{\"id\":" + json + ",\"time\":1}").reason()).startsWith("field 'id' at byte 6 is ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "1.5",
                "1e18",
                "\"2014-01-31T12:00:00\"",
                "\"yesterday\"",
                "\"1391169600000\"",
                "{}",
                "\"+999999999-01-01T00:00:00Z\""
            })
    void time_inAnotherForm_isRefused(String json) {
        assertThat(refused("{\"id\":\"e\",\"time\":" + json + "}").reason())
                .startsWith("field 'time' at byte 17 is ")
                .contains("2014-01-31T23:59:00Z");
    }

    @Test
    void notUtf8_isRefusedWithItsByte() {
        byte[] latin1 = "{\"id\":\"\u00e4\",\"time\":1}".getBytes(StandardCharsets.ISO_8859_1);
        byte[] utf16 = "{\"id\":\"e\",\"time\":1}".getBytes(StandardCharsets.UTF_16LE);
        byte[] overlong = "{\"id\":\"..\",\"time\":1}".getBytes(StandardCharsets.US_ASCII);
        overlong[7] = (byte) 0xc0;
        overlong[8] = (byte) 0x80;

        assertThat(refused(latin1).reason()).isEqualTo("the record is not UTF-8 at byte 7");
        assertThat(refused(utf16).reason()).isEqualTo("the record is not UTF-8 at byte 1");
        assertThat(refused(overlong).reason()).isEqualTo("the record is not UTF-8 at byte 7");
    }

    @Test
    void tooDeepAndTooLarge_areRefused() {
        String deep = "{\"id\":\"e\",\"time\":1,\"x\":" + "[".repeat(100) + "]".repeat(100) + "}";
        String large = "{\"id\":\"e\",\"time\":1,\"x\":\"" + "y".repeat(JsonEventCodec.MAX_BYTES) + "\"}";

        assertThat(refused(deep).reason()).contains("depth");
        assertThat(refused(large).reason()).contains("at most 1048576 are allowed");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "1.0,1", "-0.0,0", "true,1", "false,0", "'\"1\"',1", "'\"0\"',0"})
    void label_inEachForm_isRead(String json, float expected) {
        LabeledExample example = labeled("{\"fraud\":" + json + ",\"id\":\"e\",\"time\":5}");

        assertThat(example.label().value()).isEqualTo(expected);
        assertThat(example.label().timeMs()).isEqualTo(5);
        assertThat(example.event().id()).isEqualTo("e");
    }

    @Test
    void labelTime_whereGiven_isTheLabelsTime() {
        assertThat(labeled("{\"meta\":{\"known_at\":9},\"fraud\":1,\"id\":\"e\",\"time\":5}")
                        .label()
                        .timeMs())
                .isEqualTo(9);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "0.5", "\"2\"", "\"yes\"", "\"\"", "[]", "null"})
    void label_inAnotherForm_isRefused_butTheEventIsRead(String json) {
        byte[] record = utf8("{\"fraud\":" + json + ",\"id\":\"e\",\"time\":5}");

        assertThat(codec.labeled(record))
                .isInstanceOfSatisfying(
                        Decoded.Refused.class, r -> assertThat(r.reason()).contains("'fraud'"));
        assertThat(codec.event(record)).isInstanceOf(Decoded.Ok.class);
    }

    @Test
    void layout_thatContradictsItself_isRefused() {
        RecordFields fields = new RecordFields("id", "time", "fraud", null);

        assertThatThrownBy(() -> new JsonEventCodec(new EventLayout(List.of("fraud"), List.of()), fields))
                .hasMessageContaining("'fraud' is the label");
        assertThatThrownBy(() -> new JsonEventCodec(new EventLayout(List.of("a", "a.b"), List.of()), fields))
                .hasMessageContaining("'a' cannot be both");
        assertThatThrownBy(() -> new JsonEventCodec(new EventLayout(List.of("a.b", "a"), List.of()), fields))
                .hasMessageContaining("'a' cannot be both");
        assertThatThrownBy(() -> new JsonEventCodec(new EventLayout(List.of("a..b"), List.of()), fields))
                .hasMessageContaining("empty name");
    }

    @Test
    void event_withMoreFieldsThanAWordHasBits_seesEachOnce() {
        List<String> many =
                java.util.stream.IntStream.range(0, 200).mapToObj(i -> "f" + i).toList();
        JsonEventCodec wide =
                new JsonEventCodec(new EventLayout(many, List.of()), new RecordFields("f3", "time", "y", null));
        StringBuilder json = new StringBuilder("{\"time\":1");
        many.forEach(name -> json.append(",\"").append(name).append("\":").append(name.substring(1)));

        assertThat(((Decoded.Ok<Event>) wide.event(utf8(json + "}"))).value())
                .satisfies(event -> assertThat(event.id()).isEqualTo("3"))
                .satisfies(event -> assertThat(event.numeric()[199]).isEqualTo(199f));
        assertThat(wide.event(utf8(json + ",\"f67\":1}"))).isInstanceOf(Decoded.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void anyBytes_areReadOrRefusedInOneSentence_neverThrown(long seed) {
        Random random = new Random(seed);
        byte[] good = utf8("""
                {"merchant":"m-ä","id":"e1","amount":12.5,"card":{"country":"FI","limit":"1e3"},
                 "time":"2014-01-31T14:00:00+02:00","fraud":1,"meta":{"known_at":1391169600000},"more":[1,{"a":null}]}""");
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] value = i % 4 == 0 ? randomBytes(random) : mutated(good, random);
            Decoded<?> decoded = i % 2 == 0 ? codec.event(value) : codec.labeled(value);
            if (decoded instanceof Decoded.Refused<?> refused) {
                assertThat(refused.reason()).isNotBlank().hasSizeLessThan(500).doesNotContainPattern("\\p{Cntrl}");
            } else {
                read++;
            }
        }
        assertThat(codec.labeled(good)).isInstanceOf(Decoded.Ok.class);
        assertThat(read).isBetween(100, 15_000);
    }

    private static byte[] randomBytes(Random random) {
        byte[] bytes = new byte[random.nextInt(64)];
        random.nextBytes(bytes);
        if (bytes.length > 0 && random.nextBoolean()) {
            bytes[0] = '{';
        }
        return bytes;
    }

    private static byte[] mutated(byte[] good, Random random) {
        byte[] bytes = Arrays.copyOf(good, random.nextInt(8) == 0 ? random.nextInt(good.length) : good.length);
        for (int flips = random.nextInt(3); flips >= 0 && bytes.length > 0; flips--) {
            byte with = random.nextBoolean() ? (byte) random.nextInt() : good[random.nextInt(good.length)];
            bytes[random.nextInt(bytes.length)] = with;
        }
        return bytes;
    }

    private static String with(String field, String json) {
        return "{\"id\":\"e1\",\"time\":123456,\"" + field + "\":" + json + "}";
    }

    private Event ok(String json) {
        Decoded<Event> decoded = codec.event(utf8(json));
        assertThat(decoded).as(json).isInstanceOf(Decoded.Ok.class);
        return ((Decoded.Ok<Event>) decoded).value();
    }

    private LabeledExample labeled(String json) {
        Decoded<LabeledExample> decoded = codec.labeled(utf8(json));
        assertThat(decoded).as(json).isInstanceOf(Decoded.Ok.class);
        return ((Decoded.Ok<LabeledExample>) decoded).value();
    }

    private Decoded.Refused<Event> refused(String json) {
        return refused(utf8(json));
    }

    private Decoded.Refused<Event> refused(byte @Nullable [] json) {
        Decoded<Event> decoded = codec.event(json);
        assertThat(decoded).isInstanceOf(Decoded.Refused.class);
        return (Decoded.Refused<Event>) decoded;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
