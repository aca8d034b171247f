package io.headwater.learn.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class RateScheduleTest {
    @Test
    void warmUp_risesLinearly_andNeverStartsAtZero() {
        RateSchedule schedule = new RateSchedule(4, new Decay.Constant());

        assertThat(schedule.factor(0)).isEqualTo(0.25);
        assertThat(schedule.factor(2)).isEqualTo(0.75);
        assertThat(schedule.factor(3)).isEqualTo(1);
        assertThat(schedule.factor(1_000_000)).isEqualTo(1);
        assertThat(RateSchedule.CONSTANT.factor(0)).isEqualTo(1);
    }

    @Test
    void cosine_fallsToItsFloor_andStaysThere() {
        RateSchedule schedule = new RateSchedule(10, new Decay.Cosine(100, 0.2));

        assertThat(schedule.factor(10)).isEqualTo(1);
        assertThat(schedule.factor(10 + 25)).isCloseTo(0.2 + 0.8 * (1 + Math.sqrt(0.5)) / 2, within(1e-12));
        assertThat(schedule.factor(10 + 50)).isCloseTo(0.6, within(1e-12));
        assertThat(schedule.factor(110)).isCloseTo(0.2, within(1e-12));
        assertThat(schedule.factor(99_999)).isCloseTo(0.2, within(1e-12));
    }

    @Test
    void stairs_fallAtOnce() {
        RateSchedule schedule = new RateSchedule(2, new Decay.Stairs(3, 0.5));

        assertThat(schedule.factor(1)).isEqualTo(1);
        assertThat(schedule.factor(4)).isEqualTo(1);
        assertThat(schedule.factor(5)).isEqualTo(0.5);
        assertThat(schedule.factor(7)).isEqualTo(0.5);
        assertThat(schedule.factor(8)).isEqualTo(0.25);
    }

    @Test
    void inEpochs_becomesSteps() {
        RateSchedule.InEpochs epochs = new RateSchedule.InEpochs(0.5, new Decay.Cosine(2, 0));

        assertThat(epochs.inSteps(10)).isEqualTo(new RateSchedule(5, new Decay.Cosine(20, 0)));
        assertThat(epochs.stretched(2).inSteps(10)).isEqualTo(new RateSchedule(10, new Decay.Cosine(40, 0)));
        assertThat(new RateSchedule.InEpochs(0, new Decay.Stairs(3, 0.1)).inSteps(7))
                .isEqualTo(new RateSchedule(0, new Decay.Stairs(21, 0.1)));
    }

    @Test
    void settings_outOfRange_areRefusedInASentence() {
        assertThatThrownBy(() -> new RateSchedule(-1, new Decay.Constant()))
                .hasMessage("warm-up steps is -1; 0 to 1000000000000 is allowed");
        assertThatThrownBy(() -> new Decay.Cosine(0, 0))
                .hasMessage("length of the cosine decay is 0.0; above 0.0 to 1.0E12 is allowed");
        assertThatThrownBy(() -> new Decay.Cosine(5, 1.5))
                .hasMessage("floor of the cosine decay is 1.5; 0.0 to 1.0 is allowed");
        assertThatThrownBy(() -> new Decay.Stairs(Double.NaN, 0.5)).hasMessageContaining("length of a step of the");
        assertThatThrownBy(() -> new Decay.Stairs(5, 0)).hasMessageContaining("factor of the step decay is 0.0");
        assertThatThrownBy(() -> new RateSchedule.InEpochs(-0.1, new Decay.Constant()))
                .hasMessageContaining("warm-up epochs is -0.1");
        assertThatThrownBy(() -> RateSchedule.CONSTANT.factor(-1)).hasMessageContaining("step is -1");
    }
}
