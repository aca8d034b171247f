package io.headwater.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.event.Event;
import io.headwater.event.EventLayout;
import io.headwater.event.LabeledExample;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a JSON record says, field by field. */
final class JsonEventCodecTest extends JsonRecords {
    private static final long NOON = Instant.parse("2014-01-31T12:00:00Z").toEpochMilli();

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
}
