package io.headwater.offline.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisTest {
    @ParameterizedTest
    @CsvSource({
        "0.71, 0.94, '0.70,0.75,0.80,0.85,0.90,0.95'",
        "0, 45312, '0,10,000,20,000,30,000,40,000,50,000'",
        "-3, 7, '-4,-2,0,2,4,6,8'",
        "0.5, 0.5, '0.44,0.46,0.48,0.50,0.52,0.54,0.56'",
        "0, 0, '-0.0000000010,-0.0000000005,0.0000000000,0.0000000005,0.0000000010'",
    })
    void range_goesFromRoundNumberToRoundNumber(double least, double most, String ticks) {
        Axis axis = Axis.around(least, most, 5);

        assertThat(String.join(",", axis.ticks().stream().map(axis::text).toList()))
                .isEqualTo(ticks);
        assertThat(axis.share(axis.low())).isZero();
        assertThat(axis.share(axis.high())).isEqualTo(1);
        assertThat(axis.low()).isLessThanOrEqualTo(least);
        assertThat(axis.high()).isGreaterThanOrEqualTo(most);
    }
}
