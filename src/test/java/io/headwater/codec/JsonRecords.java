package io.headwater.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.event.Event;
import io.headwater.event.EventLayout;
import io.headwater.event.LabeledExample;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A JSON codec of four features, and what it makes of a record. */
abstract class JsonRecords {
    static final EventLayout LAYOUT =
            new EventLayout(List.of("amount", "card.limit"), List.of("card.country", "merchant"));

    final JsonEventCodec codec = new JsonEventCodec(LAYOUT, new RecordFields("id", "time", "fraud", "meta.known_at"));

    static String with(String field, String json) {
        return "{\"id\":\"e1\",\"time\":123456,\"" + field + "\":" + json + "}";
    }

    Event ok(String json) {
        Decoded<Event> decoded = codec.event(utf8(json));
        assertThat(decoded).as(json).isInstanceOf(Decoded.Ok.class);
        return ((Decoded.Ok<Event>) decoded).value();
    }

    LabeledExample labeled(String json) {
        Decoded<LabeledExample> decoded = codec.labeled(utf8(json));
        assertThat(decoded).as(json).isInstanceOf(Decoded.Ok.class);
        return ((Decoded.Ok<LabeledExample>) decoded).value();
    }

    Decoded.Refused<Event> refused(String json) {
        return refused(utf8(json));
    }

    Decoded.Refused<Event> refused(byte @Nullable [] json) {
        Decoded<Event> decoded = codec.event(json);
        assertThat(decoded).isInstanceOf(Decoded.Refused.class);
        return (Decoded.Refused<Event>) decoded;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
