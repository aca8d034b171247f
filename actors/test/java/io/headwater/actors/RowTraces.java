package io.headwater.actors;

import io.headwater.event.Event;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;

/**
 * Finds rows of two numbers in bytes: the two as floats one behind the other, or one of them as a double. Eight bytes
 * each, so that none is found by chance.
 */
final class RowTraces {
    private static final int FILTER = 1 << 16;

    private final long[] patterns;
    private final boolean[] filter = new boolean[FILTER];

    /** @param rows of {@link #row} */
    RowTraces(Collection<Long> rows) {
        patterns = new long[3 * rows.size()];
        int next = 0;
        for (long row : rows) {
            patterns[next++] = row;
            patterns[next++] = Double.doubleToRawLongBits(Float.intBitsToFloat((int) (row >>> 32)));
            patterns[next++] = Double.doubleToRawLongBits(Float.intBitsToFloat((int) row));
        }
        Arrays.sort(patterns);
        for (long pattern : patterns) {
            filter[place(pattern)] = true;
        }
    }

    /** The two numbers of an event. */
    static long row(Event event) {
        long x = Float.floatToRawIntBits(event.numeric()[0]);
        long y = Float.floatToRawIntBits(event.numeric()[1]);
        return x << 32 | y & 0xffffffffL;
    }

    /** Whether one of the rows is anywhere in {@code bytes}. */
    boolean isIn(byte[] bytes) {
        return patterns.length > 0 && anyIn(bytes);
    }

    private boolean anyIn(byte[] bytes) {
        long window = 0;
        for (int i = 0; i < bytes.length; i++) {
            window = window << 8 | bytes[i] & 0xff;
            if (i >= 7 && filter[place(window)] && Arrays.binarySearch(patterns, window) >= 0) {
                return true;
            }
        }
        return false;
    }

    private static int place(long pattern) {
        return (int) ((pattern * 0x9e3779b97f4a7c15L) >>> 48);
    }

    /** Whether a key of {@link io.headwater.event.RowKey} is anywhere in {@code bytes}. */
    static boolean hasKey(byte[] bytes, long key) {
        byte[] wanted = ByteBuffer.allocate(Long.BYTES).putLong(key).array();
        for (int from = 0; from <= bytes.length - wanted.length; from++) {
            if (bytes[from] == wanted[0]
                    && Arrays.equals(bytes, from, from + wanted.length, wanted, 0, wanted.length)) {
                return true;
            }
        }
        return false;
    }
}
