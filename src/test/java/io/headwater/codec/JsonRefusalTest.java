package io.headwater.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no record of the config, and the one sentence about it. */
final class JsonRefusalTest extends JsonRecords {
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
    @ValueSource(strings = {"2", "0.5", "\"2\"", "\"yes\"", "\"\"", "[]", "null"})
    void label_inAnotherForm_isRefused_butTheEventIsRead(String json) {
        byte[] record = utf8("{\"fraud\":" + json + ",\"id\":\"e\",\"time\":5}");

        assertThat(codec.labeled(record))
                .isInstanceOfSatisfying(
                        Decoded.Refused.class, r -> assertThat(r.reason()).contains("'fraud'"));
        assertThat(codec.event(record)).isInstanceOf(Decoded.Ok.class);
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
}
