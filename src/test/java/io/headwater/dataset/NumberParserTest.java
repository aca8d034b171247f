package io.headwater.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NumberParserTest {
    private final NumberParser parser = new NumberParser();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "1",
                "+1",
                "1.",
                ".5",
                "-12.75",
                "007",
                "1e5",
                "1E-5",
                "1.5e+10",
                "9007199254740993",
                "0.1",
                "123456789012345678901234567890",
                "1e400",
                "4.9e-324",
                "0.30000000000000004",
                "0.000000000000000000000000000001",
                "99999999999999999999.5"
            })
    void parse_number_isThePlatformsValue(String text) {
        assertThat(parses(text)).isTrue();
        assertThat(parser.value()).isEqualTo(Double.parseDouble(text));
    }

    @Test
    void parse_anyDecimal_isThePlatformsValue() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            double value = i % 2 == 0
                    ? Double.longBitsToDouble(random.nextLong())
                    : random.nextInt(2_000_000) / Math.pow(10, random.nextInt(9));
            if (Double.isFinite(value)) {
                assertThat(parses(Double.toString(value))).isTrue();
                assertThat(parser.value()).isEqualTo(value);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "abc",
                "-",
                "+",
                ".",
                "1.2.3",
                "1e",
                "1e+",
                "e5",
                "1e5x",
                "0x10",
                "1f",
                "1d",
                "1 2",
                "1,5",
                "--1",
                "na",
                "2020-01-01"
            })
    void parse_else_isNoNumber(String text) {
        assertThat(parses(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?", " ? "})
    void parse_missing_isNaN(String text) {
        assertThat(parses(text)).isTrue();
        assertThat(parser.value()).isNaN();
    }

    @Test
    void parse_infinity_isInfinite() {
        assertThat(parses("-inf")).isTrue();
        assertThat(parser.value()).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    private boolean parses(String text) {
        char[] chars = ("12" + text + "34").toCharArray();
        return parser.parse(chars, 2, text.length());
    }
}
