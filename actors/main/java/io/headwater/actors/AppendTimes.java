package io.headwater.actors;

import java.util.Arrays;

/** When the labels were appended that no served version has learned yet; beyond its capacity the newest are left out. */
final class AppendTimes {
    private final long[] times;
    private int size;

    AppendTimes(int capacity) {
        this.times = new long[capacity];
    }

    void addAll(long[] appendedMs) {
        int fitting = Math.min(appendedMs.length, times.length - size);
        System.arraycopy(appendedMs, 0, times, size, fitting);
        size += fitting;
    }

    /** All times so far; from here on they count as served. */
    long[] take() {
        long[] taken = Arrays.copyOf(times, size);
        size = 0;
        return taken;
    }

    void clear() {
        size = 0;
    }
}
