package io.headwater.actors.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PaceTest {
    @Test
    void dueNs_firstMomentIsNow_restAtTheSpeedUp() {
        Pace pace = new Pace(3_600);

        assertThat(pace.dueNs(10_000_000, 77)).isEqualTo(77);
        assertThat(pace.dueNs(10_000_000 + 3_600_000, 99)).isEqualTo(77 + 1_000_000_000L);
    }

    @Test
    void dueNs_unlimited_isAlwaysNow() {
        Pace pace = new Pace(Double.POSITIVE_INFINITY);

        assertThat(pace.isUnlimited()).isTrue();
        assertThat(pace.dueNs(0, 5)).isEqualTo(5);
        assertThat(pace.dueNs(Long.MAX_VALUE, 7)).isEqualTo(5);
    }

    @Test
    void new_wrongSpeed() {
        assertThatThrownBy(() -> new Pace(0)).hasMessageContaining("above 0");
        assertThatThrownBy(() -> new Pace(Double.NaN)).hasMessageContaining("above 0");
    }
}
