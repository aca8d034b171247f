package io.headwater.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.event.Event;
import io.headwater.event.LabeledExample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The texts of an event that are no features: its domain, and whose it is. */
final class JsonDomainAndOwnerTest extends JsonRecords {
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

        assertThat(refusal(codec, "{}")).contains("field 'region' at byte 10 is an object");
        assertThat(refusal(codec, "\"\\ud83d\"")).contains("half surrogate");
        assertThat(refusal(codec, "\"" + "x".repeat(129) + "\""))
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

        assertThat(refusal(codec, "{}"))
                .isEqualTo(
                        "field 'region' at byte 10 is an object; a string, a number or null is allowed, for it says whose"
                                + " the event is");
        assertThat(refusal(codec, "true")).contains("a string, a number or null is allowed");
        assertThat(refusal(codec, "\"\\ud83d\"")).contains("half surrogate");
        assertThat(refusal(codec, "\"" + "x".repeat(1025) + "\""))
                .isEqualTo("field 'region' at byte 10 has 1025 characters; at most 1024 are allowed");
        assertThatThrownBy(() ->
                        new JsonEventCodec(LAYOUT, new RecordFields("id", "time", "fraud", null, "region", "fraud")))
                .hasMessageContaining("'fraud' is the label and cannot be the owner");
    }

    private static String refusal(JsonEventCodec codec, String json) {
        Decoded<Event> read = codec.event(utf8("{\"region\":" + json + ",\"id\":\"e\",\"time\":5}"));
        return ((Decoded.Refused<Event>) read).reason();
    }
}
