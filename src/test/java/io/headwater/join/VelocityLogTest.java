package io.headwater.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VelocityLogTest {
    private static final long[] WINDOWS = {100, 700, 3000};

    private record Entry(long timeMs, float value) {}

    private static float[] read(VelocityLog log, long endMs) {
        float[] out = new float[2 * WINDOWS.length];
        log.read(endMs, WINDOWS, out, 0);
        return out;
    }

    private static byte[] bytes(VelocityLog log) {
        ByteBuffer bytes = ByteBuffer.allocate(log.bytes());
        log.write(bytes);
        assertThat(bytes.hasRemaining()).isFalse();
        return bytes.array();
    }

    /** By going through all that ever came. */
    private static float[] exact(List<Entry> entries, long endMs) {
        float[] out = new float[2 * WINDOWS.length];
        for (int window = 0; window < WINDOWS.length; window++) {
            long startMs = endMs - WINDOWS[window];
            double[] values = entries.stream()
                    .filter(entry -> entry.timeMs() > startMs && entry.timeMs() <= endMs)
                    .mapToDouble(Entry::value)
                    .toArray();
            double sum = 0;
            for (double value : values) {
                sum += value;
            }
            out[2 * window] = values.length;
            out[2 * window + 1] = values.length == 0 ? 0 : (float) (sum / values.length);
        }
        return out;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void read_withRoomForAll_isExact(long seed) {
        Random random = new Random(seed);
        VelocityLog log = new VelocityLog(256);
        List<Entry> entries = new ArrayList<>();
        long now = 10_000;
        for (int i = 0; i < 3_000; i++) {
            now += random.nextInt(60);
            // Some come late; some at the same time as another.
            Entry entry = new Entry(random.nextInt(10) == 0 ? now - random.nextInt(200) : now, random.nextInt(100));
            entries.add(entry);
            log.forget(now - WINDOWS[2]);
            log.add(entry.timeMs(), entry.value());
            long end = now - random.nextInt(3) * 10L;
            // What lies before the retention of the newest is gone.
            if (end == now) {
                assertThat(read(log, end)).containsExactly(exact(entries, end), within(1e-3f));
            }
        }
    }

    @Test
    void read_windowHoldsItsEndAndNotItsStart() {
        VelocityLog log = new VelocityLog(8);
        log.add(900, 2);
        log.add(1000, 4);

        assertThat(read(log, 1000)).startsWith(1, 4, 2, 3);
        assertThat(read(log, 999)).startsWith(1, 2, 1, 2);
        assertThat(read(log, 899)).startsWith(0, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 64, 256})
    void read_moreEventsThanRoom_errsByAsMuchAsIsSaid(int capacity) {
        Random random = new Random(capacity);
        VelocityLog log = new VelocityLog(capacity);
        List<Entry> entries = new ArrayList<>();
        long now = 0;
        double bound = 2 * Math.log(WINDOWS[2]) / capacity;
        double[] worst = new double[WINDOWS.length];
        for (int i = 0; i < 12_000; i++) {
            now += random.nextInt(3);
            Entry entry = new Entry(now, 10);
            entries.add(entry);
            log.forget(now - WINDOWS[2]);
            log.add(now, 10);
            assertThat(log.entries()).isLessThanOrEqualTo(capacity);
            if (i > 6_000 && i % 50 == 0) {
                float[] read = read(log, now);
                float[] exact = exact(entries.subList(Math.max(0, i - 4_000), i + 1), now);
                for (int window = 0; window < WINDOWS.length; window++) {
                    double error = (read[2 * window] - exact[2 * window]) / exact[2 * window];
                    assertThat(error).isNotNegative();
                    worst[window] = Math.max(worst[window], error);
                    assertThat(read[2 * window + 1]).isCloseTo(10, within(1e-3f));
                }
            }
        }
        // Events come at random: the events of a span are as many as its length, give or take their noise.
        for (double error : worst) {
            assertThat(error).isLessThan(2 * bound + .05);
        }
        assertThat(worst[1] + worst[2]).isPositive();
    }

    @Test
    void forget_letsGoOfWhatIsNoLongerNeeded() {
        VelocityLog log = new VelocityLog(8);
        for (int i = 0; i < 100; i++) {
            log.forget(i - 3);
            log.add(i, 1);
            assertThat(log.entries()).isLessThanOrEqualTo(3);
        }
        log.forget(99);

        assertThat(log.entries()).isZero();
        assertThat(read(log, 99)).containsOnly(0);
    }

    @Test
    void restore_goesOnAsTheSavedOne() {
        Random random = new Random(1);
        VelocityLog log = new VelocityLog(16);
        VelocityLog restored = new VelocityLog(16);
        for (int i = 0; i < 500; i++) {
            log.add(10L * i, random.nextInt(5));
            restored.restore(ByteBuffer.wrap(bytes(log)));

            assertThat(bytes(restored)).isEqualTo(bytes(log));
            assertThat(read(restored, 10L * i)).isEqualTo(read(log, 10L * i));
        }
        restored.add(5_001, 1);
        log.add(5_001, 1);
        assertThat(bytes(restored)).isEqualTo(bytes(log));
    }

    @Test
    void restore_ofAnotherForm_isRefused() {
        VelocityLog log = new VelocityLog(2);

        assertThatThrownBy(() -> log.restore(ByteBuffer.allocate(17))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> log.restore(ByteBuffer.allocate(8 + 3 * 16)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
