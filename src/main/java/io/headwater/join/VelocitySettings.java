package io.headwater.join;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Over which times velocity features look back, and how much of them is kept.
 *
 * @param windows lengths, ascending
 * @param labelDelay how old a payment is before its label counts as known: windows of risk end so long ago
 * @param capacity payments kept apart of one card or terminal; where it has more within the longest window, the oldest
 *     of them are counted together
 */
public record VelocitySettings(List<Duration> windows, Duration labelDelay, int capacity) {
    /** Those of the Fraud Detection Handbook, with room for 512 payments of a card, or a terminal, in 30 days. */
    public static final VelocitySettings DEFAULT = new VelocitySettings(
            List.of(Duration.ofDays(1), Duration.ofDays(7), Duration.ofDays(30)), Duration.ofDays(7), 512);

    private static final int MOST_CAPACITY = 1 << 16;

    public VelocitySettings {
        windows = List.copyOf(windows);
        Duration before = Duration.ZERO;
        for (Duration window : windows) {
            if (window.compareTo(before) <= 0) {
                throw new IllegalArgumentException("windows are positive and ascend, not " + windows);
            }
            before = window;
        }
        if (windows.isEmpty() || labelDelay.isNegative() || capacity < 2 || capacity > MOST_CAPACITY) {
            throw new IllegalArgumentException("velocity needs a window, a delay of 0 or more and a capacity of 2 to "
                    + MOST_CAPACITY + ", not " + windows + ", " + labelDelay + " and " + capacity);
        }
    }

    long[] windowsMs() {
        return windows.stream().mapToLong(Duration::toMillis).toArray();
    }

    /** How long a card's payment is needed. */
    long cardRetentionMs() {
        return windows.get(windows.size() - 1).toMillis();
    }

    /** How long a terminal's labelled payment is needed. */
    long terminalRetentionMs() {
        return cardRetentionMs() + labelDelay.toMillis();
    }

    /** Windows in the form {@code 1d}, or {@code 90m} where they are no whole days. */
    List<String> names() {
        return Arrays.stream(windowsMs()).mapToObj(VelocitySettings::name).toList();
    }

    private static String name(long ms) {
        Duration window = Duration.ofMillis(ms);
        return window.toMillis() % Duration.ofDays(1).toMillis() == 0
                ? window.toDays() + "d"
                : window.toMinutes() + "m";
    }
}
