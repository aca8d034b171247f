package io.headwater.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrafficMonitorTest {
    private static final int NUMERIC = 8;

    private final TrafficMonitor monitor = monitor();
    private final float[] numbers = new float[NUMERIC];
    private final int[] buckets = new int[2];
    private final double[] slow = new double[NUMERIC];

    private static TrafficMonitor monitor(String... leftOut) {
        return new TrafficMonitor(
                FalseAlarmBudget.byDefault(),
                List.of("normal", "skewed", "count", "constant", "missing", "slow", "slower", "amount"),
                List.of("few", "many"),
                Set.of(leftOut));
    }

    /** Eight kinds of number, two of them strongly autocorrelated, and two kinds of category. */
    private void fill(Random random) {
        numbers[0] = (float) random.nextGaussian();
        numbers[1] = (float) Math.exp(2 * random.nextGaussian());
        numbers[2] = random.nextInt(4);
        numbers[3] = 7;
        numbers[4] = random.nextInt(10) < 3 ? Float.NaN : random.nextFloat();
        for (int i = 5; i < 7; i++) {
            double memory = i == 5 ? 0.9 : 0.98;
            slow[i] = memory * slow[i] + Math.sqrt(1 - memory * memory) * random.nextGaussian();
            numbers[i] = (float) slow[i];
        }
        numbers[7] = random.nextInt(100_000) / 100f;
        buckets[0] = random.nextInt(3);
        buckets[1] = 1 + (int) Math.abs(200 * random.nextGaussian());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void unchangingTraffic_soundsFewerAlarmsThanTheBudget(long seed) {
        Random random = new Random(seed);
        int alarms = 0;
        for (int row = 0; row < 300_000; row++) {
            fill(random);
            alarms += monitor.observe(numbers, buckets) ? monitor.alarms().size() : 0;
        }
        assertThat(alarms).as("alarms of 3 that are allowed").isLessThanOrEqualTo(2);
    }

    @Test
    void featureThatShifts_isNamedAndGetsANewReference() {
        Random random = new Random(4);
        for (int row = 0; row < 10_000; row++) {
            fill(random);
            assertThat(monitor.observe(numbers, buckets)).isFalse();
        }
        int alarms = 0;
        for (int row = 0; row < 20_000; row++) {
            fill(random);
            numbers[7] += 300;
            if (monitor.observe(numbers, buckets)) {
                alarms++;
                DriftAlarm alarm = monitor.alarms().get(0);
                assertThat(alarm.subject()).isEqualTo("amount");
                assertThat(alarm.detector()).isEqualTo(Detector.KOLMOGOROV_SMIRNOV);
                assertThat(alarm.row()).isBetween(10_001L, 11_500L);
                assertThat(alarm.statistic()).isGreaterThan(alarm.threshold());
                assertThat(alarm.before() - alarm.after()).isCloseTo(alarm.statistic(), offset(1e-9));
            }
        }
        assertThat(alarms).isEqualTo(1);
    }

    @Test
    void featureThatIsLeftOut_soundsNoAlarm_andOthersDo() {
        Random random = new Random(4);
        TrafficMonitor every = monitor();
        TrafficMonitor some = monitor("constant", "few");
        Set<String> ofEvery = new TreeSet<>();
        Set<String> ofSome = new TreeSet<>();
        for (int row = 0; row < 15_000; row++) {
            fill(random);
            boolean late = row >= 10_000;
            numbers[3] = late ? 8 : 7;
            numbers[7] += late ? 300 : 0;
            buckets[0] = late ? 900 : buckets[0];
            every.observe(numbers, buckets);
            every.alarms().forEach(alarm -> ofEvery.add(alarm.subject()));
            some.observe(numbers, buckets);
            some.alarms().forEach(alarm -> ofSome.add(alarm.subject()));
        }
        assertThat(ofEvery).containsExactly("amount", "constant", "few");
        assertThat(ofSome).containsExactly("amount");
    }

    @Test
    void stateOfAMonitorThatLeavesOut_isThatOfOneThatWatchesEveryFeature() {
        Random random = new Random(12);
        TrafficMonitor some = monitor("constant", "few");
        for (int row = 0; row < 7_000; row++) {
            fill(random);
            numbers[3] = row;
            some.observe(numbers, buckets);
        }

        monitor.restore(some.state());

        assertThat(monitor.state()).isEqualTo(some.state());
    }

    @Test
    void valuesThatGoMissing_areSeen() {
        Random random = new Random(5);
        String found = "";
        for (int row = 0; row < 15_000; row++) {
            fill(random);
            if (row >= 10_000 && random.nextInt(4) == 0) {
                numbers[1] = Float.NaN;
            }
            if (monitor.observe(numbers, buckets)) {
                assertThat(row).isGreaterThan(10_000);
                found += monitor.alarms().get(0).subject();
            }
        }
        assertThat(found).isEqualTo("skewed");
    }

    @Test
    void categoryThatTakesOver_isSeen() {
        Random random = new Random(6);
        String found = "";
        for (int row = 0; row < 15_000; row++) {
            fill(random);
            if (row >= 10_000 && random.nextInt(3) == 0) {
                buckets[1] = 777;
            }
            if (monitor.observe(numbers, buckets)) {
                assertThat(row).isGreaterThan(10_000);
                found += monitor.alarms().get(0).subject();
            }
        }
        assertThat(found).isEqualTo("many");
    }

    @ParameterizedTest
    @ValueSource(ints = {700, 2_048, 9_999, 10_700, 12_000})
    void restored_goesOnBitForBit(int rows) {
        Random random = new Random(7);
        TrafficMonitor other = monitor();
        for (int row = 0; row < 14_000; row++) {
            if (row == rows) {
                other.restore(monitor.state());
            }
            fill(random);
            numbers[0] += row < 10_000 ? 0 : 2;
            boolean alarmed = monitor.observe(numbers, buckets);
            if (row >= rows) {
                assertThat(other.observe(numbers, buckets)).isEqualTo(alarmed);
                assertThat(other.alarms()).isEqualTo(monitor.alarms());
            }
        }
        assertThat(other.state()).isEqualTo(monitor.state());
    }

    @Test
    void erase_takesAnOwnersValuesFromWindowsThatFill_andLeavesTheOthers() {
        Random random = new Random(8);
        for (int row = 0; row < 300; row++) {
            fill(random);
            numbers[0] = row == 120 || row == 299 ? 1234.5f : 1;
            monitor.observe(numbers, buckets, row == 120 || row == 299 ? 77 : 1_000 + row);
        }
        TrafficMonitor other = monitor();
        other.restore(monitor.state());
        double[] before = other.state();

        assertThat(other.erase(key -> key == 78)).isZero();
        assertThat(other.state()).isEqualTo(before);
        assertThat(other.erase(key -> key == 77)).isEqualTo(2);

        double[] after = other.state();
        assertThat(before).contains(1234.5);
        assertThat(after).hasSameSizeAs(before).doesNotContain(1234.5);
        assertThat(other.erase(key -> key == 77)).isZero();
    }

    @Test
    void erasedRows_leaveNoTrace_andSoundNoAlarm() {
        Random random = new Random(11);
        int owned = 0;
        for (int row = 0; row < 2_000; row++) {
            fill(random);
            boolean his = row % 20 == 7 || row > 1_990;
            owned += his ? 1 : 0;
            numbers[7] = his ? 123.456f : numbers[7];
            monitor.observe(numbers, buckets, his ? 5 : 6);
        }
        assertThat(monitor.erase(key -> key == 5)).isEqualTo(owned);
        assertThat(monitor.erase(key -> key == 5)).isZero();
        for (int row = 0; row < 60_000; row++) {
            fill(random);
            assertThat(monitor.observe(numbers, buckets)).as("row " + row).isFalse();
            if (row == 0 || row == 50_000) {
                assertThat(monitor.state()).doesNotContain((double) 123.456f);
            }
        }
    }

    /** The copies that an erasure makes are of rows that have an owner themselves. */
    @Test
    void erasingEverybody_beginsAnew() {
        Random random = new Random(12);
        for (int row = 0; row < 1_000; row++) {
            fill(random);
            monitor.observe(numbers, buckets, 1 + row % 3);
        }
        assertThat(monitor.erase(key -> key == 1)).isPositive();
        assertThat(monitor.erase(key -> key == 2)).isPositive();
        assertThat(monitor.erase(key -> key == 3)).isEqualTo(1_000);
        TrafficMonitor restored = monitor();
        restored.restore(monitor.state());
        for (int row = 0; row < 10_000; row++) {
            fill(random);
            assertThat(restored.observe(numbers, buckets)).isEqualTo(monitor.observe(numbers, buckets));
        }
        assertThat(restored.state()).isEqualTo(monitor.state());
    }

    /** Features begin anew at different times, so that a neighbour's value may be kept of some of them alone. */
    @ParameterizedTest
    @ValueSource(ints = {700, 2_500, 5_000})
    void erasingManyAtOnce_isErasingEach_inWhateverOrder(int rows) {
        Random random = new Random(13);
        for (int row = 0; row < rows; row++) {
            fill(random);
            numbers[0] += row < 2_300 ? 0 : 3;
            monitor.observe(numbers, buckets, row % 9 == 0 ? 0 : 1 + random.nextInt(row > rows - 20 ? 2 : 5));
        }
        TrafficMonitor each = monitor();
        each.restore(monitor.state());
        TrafficMonitor back = monitor();
        back.restore(monitor.state());

        monitor.erase(key -> key == 1 || key == 2 || key == 4);

        for (long one : new long[] {4, 1, 2}) {
            each.erase(key -> key == one);
        }
        for (long one : new long[] {2, 1, 4}) {
            back.erase(key -> key == one);
        }
        assertThat(each.state()).isEqualTo(monitor.state());
        assertThat(back.state()).isEqualTo(monitor.state());
    }

    @Test
    void rowOfAnotherWidth_isRefused() {
        assertThatThrownBy(() -> monitor.observe(new float[3], buckets))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3 numbers");
    }
}
