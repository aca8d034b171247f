package io.headwater.codec;

import io.headwater.event.Score;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Scores in Avro's single-object encoding. It writes the fields straight to Avro's encoder: a generic record per score
 * would be made only to be taken apart.
 */
final class AvroScoreCodec implements ScoreCodec {
    static final Schema SCHEMA = schema();

    private static final int MARKER = 0xC301;
    private static final long FINGERPRINT = SchemaNormalization.parsingFingerprint64(SCHEMA);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    private final BinaryEncoder avro = EncoderFactory.get().directBinaryEncoder(out, null);
    private final BinaryMessageDecoder<GenericRecord> decoder = new BinaryMessageDecoder<>(new GenericData(), SCHEMA);

    @Override
    public byte[] encode(String id, long eventTimeMs, String model, long version, float score) {
        ScoreCodec.check(id, model, score);
        out.reset();
        out.write(MARKER >>> 8);
        out.write(MARKER);
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            out.write((int) (FINGERPRINT >>> shift));
        }
        try {
            avro.writeString(id);
            avro.writeLong(eventTimeMs);
            avro.writeString(model);
            avro.writeLong(version);
            avro.writeFloat(score);
            avro.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    @Override
    public Decoded<Score> decode(byte @Nullable [] value) {
        if (value == null) {
            return new Decoded.Refused<>(
                    "the score has no value; an Avro record is needed", NullPointerException.class);
        }
        try {
            GenericRecord fields = decoder.decode(value);
            return new Decoded.Ok<>(new Score(
                    fields.get("id").toString(),
                    (Long) fields.get("event_time"),
                    fields.get("model").toString(),
                    (Long) fields.get("version"),
                    (Float) fields.get("score")));
        } catch (IOException | AvroRuntimeException e) {
            return new Decoded.Refused<>(
                    "the score is not a single-object record of schemas/Score.avsc: " + Refusal.oneLine(e.toString()),
                    e.getClass());
        } catch (RuntimeException e) {
            return new Decoded.Refused<>("the score cannot be read: " + Refusal.oneLine(e.toString()), e.getClass());
        }
    }

    private static Schema schema() {
        try (InputStream in = AvroScoreCodec.class.getResourceAsStream("/schemas/Score.avsc")) {
            if (in == null) {
                throw new IllegalStateException("schemas/Score.avsc is not in the jar");
            }
            return new Schema.Parser().parse(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
