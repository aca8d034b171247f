package io.headwater.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PageHinkleyTest {
    private static final double VARIANCE = 0.01;

    private final PageHinkley test = new PageHinkley(FalseAlarmBudget.byDefault());
    private final Random random = new Random(1);

    private double normal(double mean) {
        return Math.max(0, Math.min(1, mean + Math.sqrt(VARIANCE) * random.nextGaussian()));
    }

    /** How many values pass until an alarm, up to {@code most}. */
    private int rowsToAlarm(double mean, int most) {
        for (int row = 1; row <= most; row++) {
            if (test.add(normal(mean), VARIANCE)) {
                return row;
            }
        }
        return most + 1;
    }

    @Test
    void falseAlarms_areAboutAsRareAsTheBudgetSays() {
        PageHinkley loose = new PageHinkley(new FalseAlarmBudget(10_000));
        int alarms = 0;
        for (int row = 0; row < 2_000_000; row++) {
            alarms += loose.add(normal(0.5), VARIANCE) ? 1 : 0;
        }
        assertThat(alarms).as("of 200 that are allowed").isBetween(20, 200);
    }

    @Test
    void rise_isFoundWithItsSize() {
        assertThat(rowsToAlarm(0.4, 10_000)).isEqualTo(10_001);
        assertThat(rowsToAlarm(0.5, 1_000)).isLessThan(400);
        assertThat(test.before()).isCloseTo(0.4, offset(0.01));
        assertThat(test.after()).isBetween(0.43, 0.53);
    }

    @Test
    void fall_isNoAlarm() {
        rowsToAlarm(0.6, 10_000);
        assertThat(rowsToAlarm(0.3, 10_000)).isEqualTo(10_001);
    }
}
