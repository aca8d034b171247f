package io.headwater.codec;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.headwater.event.Score;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Scores as JSON objects with the schema's field names; {@code event_time} is epoch milliseconds. */
final class JsonScoreCodec implements ScoreCodec {
    private static final ObjectReader READER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build()
            .readerFor(Fields.class);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    private final JsonGenerator json;

    JsonScoreCodec() {
        try {
            // One generator writes object after object; the separator between them belongs to no record.
            json = new JsonFactory().setRootValueSeparator("").createGenerator(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public byte[] encode(String id, long eventTimeMs, String model, long version, float score) {
        ScoreCodec.check(id, model, score);
        out.reset();
        try {
            json.writeStartObject();
            json.writeStringField("id", id);
            json.writeNumberField("event_time", eventTimeMs);
            json.writeStringField("model", model);
            json.writeNumberField("version", version);
            json.writeNumberField("score", score);
            json.writeEndObject();
            json.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    @Override
    public Decoded<Score> decode(byte @Nullable [] value) {
        if (value == null) {
            return new Decoded.Refused<>("the score has no value; a JSON object is needed", NullPointerException.class);
        }
        try {
            Fields fields = READER.readValue(value);
            return new Decoded.Ok<>(
                    new Score(fields.id, fields.eventTimeMs, fields.model, fields.version, fields.score));
        } catch (JsonProcessingException e) {
            return new Decoded.Refused<>(
                    "the score is not as schemas/Score.avsc says: " + Refusal.oneLine(e.getOriginalMessage()),
                    e.getClass());
        } catch (IOException | RuntimeException e) {
            return new Decoded.Refused<>("the score cannot be read: " + Refusal.oneLine(e.toString()), e.getClass());
        }
    }

    private record Fields(
            @JsonProperty("id") String id,
            @JsonProperty("event_time") long eventTimeMs,
            @JsonProperty("model") String model,
            @JsonProperty("version") long version,
            @JsonProperty("score") float score) {}
}
