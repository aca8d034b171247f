package io.headwater.learn.online;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import io.headwater.learn.Task;
import org.junit.jupiter.api.Test;

final class LabelRatesTest {
    @Test
    void observe_aVeryRareClass_isWorthNoMoreThanItTells() {
        LabelRates rates = new LabelRates(Task.BINARY);
        int rows = 1_000_000;
        double worth = 0;
        for (int row = 1; row <= rows; row++) {
            worth += rates.observe(row % 20_000 == 0 ? 1 : 0);
        }
        // 4 p (1 - p) a row, and some 20 until the rate is known.
        assertThat(worth).isBetween(150.0, 250.0);
    }

    @Test
    void restore_ofRatesInFloat_goesOnFromThem() {
        StateWriter old = new StateWriter("rates", 4);
        old.integer(7).reals(new float[] {0.25f, 0.75f});
        LabelRates rates = new LabelRates(Task.BINARY);

        rates.restore(new StateReader(old.toBytes(), "rates", 4, 5));

        StateWriter now = new StateWriter("rates", 5);
        rates.write(new StateSink.Bytes(now));
        StateReader read = new StateReader(now.toBytes(), "rates", 5);
        assertThat(read.integer()).isEqualTo(7);
        assertThat(read.reals64(2)).containsExactly(0.25, 0.75);
        LabelRates again = new LabelRates(Task.BINARY);
        again.restore(new StateReader(now.toBytes(), "rates", 4, 5));
        assertThat(again.observe(1)).isEqualTo(rates.observe(1));
    }
}
