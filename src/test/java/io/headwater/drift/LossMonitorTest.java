package io.headwater.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LossMonitorTest {
    private static final int ROWS = 100_000;

    private final LossMonitor monitor = new LossMonitor(FalseAlarmBudget.byDefault());

    private int alarms(int rows, IntToDoubleFunction losses) {
        int alarms = 0;
        for (int row = 0; row < rows; row++) {
            alarms += monitor.observe(losses.applyAsDouble(row)) ? 1 : 0;
        }
        return alarms;
    }

    private static IntToDoubleFunction errors(long seed, IntToDoubleFunction rate) {
        Random random = new Random(seed);
        return row -> random.nextDouble() < rate.applyAsDouble(row) ? 1 : 0;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.01, 0.1, 0.4})
    void stationaryErrors_soundFewerAlarmsThanTheBudget(double rate) {
        int alarms = 0;
        for (int seed = 0; seed < 10; seed++) {
            LossMonitor each = new LossMonitor(FalseAlarmBudget.byDefault());
            IntToDoubleFunction losses = errors(seed, row -> rate);
            for (int row = 0; row < ROWS; row++) {
                alarms += each.observe(losses.applyAsDouble(row)) ? 1 : 0;
            }
        }
        assertThat(alarms).as("alarms in 10 budgets' worth of rows").isLessThanOrEqualTo(5);
    }

    /** Sums over neighbours vary ten times as much as those of independent losses; the budget holds all the same. */
    @Test
    void autocorrelatedHeavyTailedLosses_staysWithinTheBudget() {
        Random random = new Random(3);
        double[] state = new double[1];
        assertThat(alarms(5 * ROWS, row -> {
                    state[0] = 0.98 * state[0] + 0.2 * random.nextGaussian();
                    return Math.exp(state[0]);
                }))
                .isLessThanOrEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void errorsThatDouble_raiseOneAlarmSoon(long seed) {
        IntToDoubleFunction losses = errors(seed, row -> row < 20_000 ? 0.1 : 0.2);

        assertThat(alarms(20_000, losses)).isZero();
        assertThat(alarms(1_500, row -> losses.applyAsDouble(row + 20_000))).isEqualTo(1);

        DriftAlarm alarm = Objects.requireNonNull(monitor.alarm());
        assertThat(alarm.row()).isBetween(20_001L, 21_500L);
        assertThat(alarm.before()).isCloseTo(0.1, withinPercentage(10));
        assertThat(alarm.after()).isBetween(0.13, 0.35);
        assertThat(alarm.statistic()).isGreaterThan(alarm.threshold());
        assertThat(alarm.subject()).isEqualTo("loss");
    }

    @Test
    void lossThatFalls_isNoAlarm_andRisesFromTheNewLevelAreSeen() {
        assertThat(alarms(20_000, errors(1, row -> row < 10_000 ? 0.4 : 0.1))).isZero();
        assertThat(alarms(2_000, errors(2, row -> 0.2))).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-9, 1, 1e12})
    void anyUnit_raisesTheSameAlarms(double unit) {
        IntToDoubleFunction losses = errors(7, row -> row < 5_000 ? 0.1 : 0.5);
        assertThat(alarms(5_300, row -> unit * losses.applyAsDouble(row))).isEqualTo(1);
        DriftAlarm alarm = Objects.requireNonNull(monitor.alarm());
        assertThat(alarm.before()).isCloseTo(0.1 * unit, withinPercentage(15));
        assertThat(alarm.detector()).isEqualTo(Detector.ADWIN);
        assertThat(alarm.statistic()).isCloseTo(alarm.after() - alarm.before(), withinPercentage(1e-6));
    }

    @Test
    void strangeLosses_breakNothing() {
        Random random = new Random(1);
        assertThat(alarms(20_000, row -> switch (random.nextInt(100)) {
                    case 0 -> Double.NaN;
                    case 1 -> Double.POSITIVE_INFINITY;
                    case 2 -> Double.MAX_VALUE;
                    default -> random.nextDouble();
                }))
                .isZero();
        assertThat(alarms(500, row -> 1 + random.nextDouble())).isEqualTo(1);
    }

    @Test
    void constantLoss_neverAlarms_andItsFirstRiseDoes() {
        assertThat(alarms(ROWS, row -> 0)).isZero();
        assertThat(alarms(400, row -> 1)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 300, 700, 5_000, 21_017})
    void restored_goesOnBitForBit(int rows) {
        IntToDoubleFunction losses = errors(11, row -> row < 21_000 ? 0.1 : 0.2);
        alarms(rows, losses);
        LossMonitor other = new LossMonitor(FalseAlarmBudget.byDefault());
        other.restore(monitor.state());
        for (int row = rows; row < 30_000; row++) {
            double loss = losses.applyAsDouble(row);
            assertThat(other.observe(loss)).isEqualTo(monitor.observe(loss));
        }
        assertThat(other.state()).isEqualTo(monitor.state());
        assertThat(other.alarm()).isNotNull().isEqualTo(monitor.alarm());
    }

    @Test
    void restore_ofADamagedState_saysSo() {
        double[] state = monitor.state();
        assertThatThrownBy(() -> monitor.restore(Arrays.copyOf(state, state.length - 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ends after");
        assertThatThrownBy(() -> monitor.restore(Arrays.copyOf(state, state.length + 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("are needed");
    }
}
