package io.headwater.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.event.Score;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScoreCodecTest {
    private static final Score SCORE = new Score("flight-ä\uD83D\uDE80\"1\"", 1_391_212_799_000L, "flights", 17, 0.25f);

    @ParameterizedTest
    @EnumSource(ScoreCodec.Format.class)
    void decode_ofEncode_isTheSameScore(ScoreCodec.Format format) {
        ScoreCodec codec = format.codec();
        Score edge = new Score("x", Long.MIN_VALUE, "", Long.MAX_VALUE, Float.MIN_VALUE);

        assertThat(codec.decode(codec.encode(SCORE))).isEqualTo(new Decoded.Ok<>(SCORE));
        assertThat(codec.decode(codec.encode(edge))).isEqualTo(new Decoded.Ok<>(edge));
        assertThat(format.codec().decode(codec.encode(SCORE))).isEqualTo(new Decoded.Ok<>(SCORE));
    }

    @Test
    void avro_isWhatAvrosOwnMessageEncoderWrites() throws Exception {
        GenericRecord fields = new GenericRecordBuilder(AvroScoreCodec.SCHEMA)
                .set("id", SCORE.id())
                .set("event_time", SCORE.eventTimeMs())
                .set("model", SCORE.model())
                .set("version", SCORE.version())
                .set("score", SCORE.score())
                .build();
        byte[] expected = new byte[1024];
        var buffer = new BinaryMessageEncoder<GenericRecord>(new GenericData(), AvroScoreCodec.SCHEMA).encode(fields);
        expected = Arrays.copyOfRange(buffer.array(), buffer.position(), buffer.limit());

        ScoreCodec codec = ScoreCodec.Format.AVRO.codec();
        codec.encode(new Score("an earlier and longer one", 1, "model", 1, 1f));

        assertThat(codec.encode(SCORE)).isEqualTo(expected).startsWith(0xC3, 0x01);
    }

    @Test
    void json_hasTheSchemasFields() throws Exception {
        ScoreCodec codec = ScoreCodec.Format.JSON.codec();
        codec.encode(SCORE);
        JsonNode json = new ObjectMapper().readTree(codec.encode(SCORE));

        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly(AvroScoreCodec.SCHEMA.getFields().stream()
                        .map(field -> field.name())
                        .toArray(String[]::new));
        assertThat(json.get("event_time").longValue()).isEqualTo(SCORE.eventTimeMs());
    }

    @ParameterizedTest
    @EnumSource(ScoreCodec.Format.class)
    void encode_ofNotFinite_throwsAndLeavesTheCodecUsable(ScoreCodec.Format format) {
        ScoreCodec codec = format.codec();

        assertThatThrownBy(() -> codec.encode("e1", 1, "m", 1, Float.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> codec.encode("half \uD83D", 1, "m", 1, 0.5f))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(codec.decode(codec.encode(SCORE))).isEqualTo(new Decoded.Ok<>(SCORE));
    }

    @ParameterizedTest
    @EnumSource(ScoreCodec.Format.class)
    void decode_ofAnythingElse_isRefusedAndNeverThrows(ScoreCodec.Format format) {
        ScoreCodec codec = format.codec();
        byte[] good = codec.encode(SCORE);
        Random random = new Random(7);

        assertThat(codec.decode(null)).isInstanceOf(Decoded.Refused.class);
        assertThat(codec.decode(new byte[0])).isInstanceOf(Decoded.Refused.class);
        assertThat(codec.decode("{\"id\":\"a\"}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(Decoded.Refused.class);
        for (int i = 0; i < 2000; i++) {
            byte[] bad = Arrays.copyOf(good, random.nextInt(good.length));
            if (bad.length > 0) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            }
            assertThat(codec.decode(bad)).isInstanceOf(Decoded.Refused.class);
        }
    }
}
