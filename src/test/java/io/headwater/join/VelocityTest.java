package io.headwater.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class VelocityTest {
    private static final VelocityFeatures FEATURES = new VelocityFeatures(VelocitySettings.DEFAULT);
    private static final Duration DELAY = Duration.ofDays(7);

    private final Velocity velocity = new Velocity(FEATURES, 3, 3);
    private final float[] out = new float[15];

    private float[] paid(int card, int terminal, String time, float amount) {
        velocity.paid(card, terminal, ms(time), amount, out);
        return out;
    }

    private static long ms(String time) {
        return Instant.parse(time).toEpochMilli();
    }

    private float feature(String name) {
        return out[FEATURES.layout().numeric().indexOf(name)];
    }

    @Test
    void layout_asTheHandbookHasIt() {
        assertThat(FEATURES.layout().numeric())
                .containsExactly(
                        "amount",
                        "weekend",
                        "night",
                        "card_count_1d",
                        "card_mean_amount_1d",
                        "card_count_7d",
                        "card_mean_amount_7d",
                        "card_count_30d",
                        "card_mean_amount_30d",
                        "terminal_count_1d",
                        "terminal_risk_1d",
                        "terminal_count_7d",
                        "terminal_risk_7d",
                        "terminal_count_30d",
                        "terminal_risk_30d");
    }

    @Test
    void paid_flagsOfItsTime() {
        paid(0, 0, "2018-04-07T06:59:59Z", 1); // Saturday
        assertThat(feature("weekend")).isEqualTo(1);
        assertThat(feature("night")).isEqualTo(1);

        paid(0, 0, "2018-04-09T07:00:00Z", 1); // Monday
        assertThat(feature("weekend")).isZero();
        assertThat(feature("night")).isZero();

        paid(0, 0, "1969-12-28T23:00:00Z", 1); // Sunday, before the epoch
        assertThat(feature("weekend")).isEqualTo(1);
    }

    @Test
    void paid_cardCountsItself_andNoOtherCard() {
        paid(0, 0, "2018-04-01T12:00:00Z", 10);
        paid(1, 0, "2018-04-01T12:00:00Z", 99);
        paid(0, 1, "2018-04-02T11:59:59Z", 20);

        assertThat(feature("amount")).isEqualTo(20);
        assertThat(feature("card_count_1d")).isEqualTo(2);
        assertThat(feature("card_mean_amount_1d")).isEqualTo(15);

        paid(0, 1, "2018-04-02T12:00:00Z", 30);
        assertThat(feature("card_count_1d")).isEqualTo(2);
        assertThat(feature("card_mean_amount_1d")).isEqualTo(25);
        assertThat(feature("card_count_7d")).isEqualTo(3);
    }

    @Test
    void paid_terminalsRisk_isOfPaymentsOlderThanTheDelay() {
        long first = ms("2018-04-01T12:00:00Z");
        long second = first + 3_600_000;
        // The labels come before they count.
        velocity.confirmed(2, first, true);
        velocity.confirmed(2, second, false);

        paid(0, 2, Instant.ofEpochMilli(first).plus(DELAY).minusMillis(1).toString(), 5);
        assertThat(feature("terminal_count_30d")).isZero();
        assertThat(feature("terminal_risk_30d")).isZero();

        paid(0, 2, Instant.ofEpochMilli(first).plus(DELAY).toString(), 5);
        assertThat(feature("terminal_count_1d")).isEqualTo(1);
        assertThat(feature("terminal_risk_1d")).isEqualTo(1);

        paid(0, 2, Instant.ofEpochMilli(second).plus(DELAY).toString(), 5);
        assertThat(feature("terminal_count_7d")).isEqualTo(2);
        assertThat(feature("terminal_risk_7d")).isEqualTo(.5f);

        paid(
                0,
                2,
                Instant.ofEpochMilli(first).plus(DELAY).plus(Duration.ofDays(1)).toString(),
                5);
        assertThat(feature("terminal_count_1d")).isEqualTo(1);
        assertThat(feature("terminal_risk_1d")).isZero();

        paid(0, 1, Instant.ofEpochMilli(second).plus(DELAY).toString(), 5);
        assertThat(feature("terminal_count_30d")).isZero();
    }

    @Test
    void paid_longestWindow_survivesThirtySevenDaysOfLabels() {
        long first = ms("2018-04-01T12:00:00Z");
        velocity.confirmed(2, first, true);
        for (int day = 1; day <= 30; day++) {
            velocity.confirmed(2, first + Duration.ofDays(day).toMillis(), false);
        }

        paid(
                0,
                2,
                Instant.ofEpochMilli(first)
                        .plus(Duration.ofDays(37))
                        .minusMillis(1)
                        .toString(),
                5);
        assertThat(feature("terminal_count_30d")).isEqualTo(30);
        assertThat(feature("terminal_risk_30d")).isEqualTo(1 / 30f);
    }

    @Test
    void settings_refused() {
        assertThatThrownBy(
                        () -> new VelocitySettings(List.of(Duration.ofDays(7), Duration.ofDays(1)), Duration.ZERO, 10))
                .hasMessageContaining("ascend");
        assertThatThrownBy(() -> new VelocitySettings(List.of(), Duration.ZERO, 10))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
