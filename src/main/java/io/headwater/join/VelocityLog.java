package io.headwater.join;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What is remembered of one key: when its events were and what they were worth, newest last, in bounded memory. Not
 * thread-safe.
 *
 * <p>Counts and means over sliding windows are exact while a key has no more events within its retention than the log
 * has room for. Beyond that neighbouring entries become one, where that is shortest for its age: a count is then too
 * large by at most the events of the one entry that begins before its window, which spans about {@code 2 ln(R) / C} of
 * the window, with R the retention in units of the time between events and C the capacity.
 */
final class VelocityLog {
    /*
     * An entry is (when its newest event was, how many events, the sum of their values); it covers the time after the
     * entry before it. Merging where span / age is least keeps spans proportional to ages, the spacing of exponential
     * histograms (Datar, Gionis, Indyk & Motwani, Maintaining stream statistics over sliding windows, SIAM J. Comput.
     * 2002), without their fixed bucket sizes, which would cost exactness where there is room for it.
     */
    private static final int ENTRY_BYTES = Long.BYTES + Integer.BYTES + Float.BYTES;
    private static final int FIRST_ROOM = 8;

    private final int capacity;
    private long[] times = new long[FIRST_ROOM];
    private int[] counts = new int[FIRST_ROOM];
    private float[] sums = new float[FIRST_ROOM];
    private int begin;
    private int end;
    /** Before all events that are in entries. */
    private long beforeMs;

    /** @param capacity the most entries, at least 2 */
    VelocityLog(int capacity) {
        if (capacity < 2) {
            throw new IllegalArgumentException("a log has room for 2 entries at least, not " + capacity);
        }
        this.capacity = capacity;
    }

    int entries() {
        return end - begin;
    }

    /** Takes in an event; those of a key mostly come in the order of their times, and late ones find their place. */
    void add(long timeMs, float value) {
        makeRoom();
        beforeMs = begin == end ? timeMs - 1 : Math.min(beforeMs, timeMs - 1);
        int at = end;
        for (; at > begin && times[at - 1] > timeMs; at--) {
            times[at] = times[at - 1];
            counts[at] = counts[at - 1];
            sums[at] = sums[at - 1];
        }
        times[at] = timeMs;
        counts[at] = 1;
        sums[at] = value;
        end++;
    }

    /** Lets go of the events up to {@code timeMs}. */
    void forget(long timeMs) {
        for (; begin < end && times[begin] <= timeMs; begin++) {
            beforeMs = times[begin];
        }
        if (begin == end) {
            clear();
        }
    }

    private void makeRoom() {
        if (end - begin == capacity) {
            merge();
        }
        if (end == times.length) {
            if (begin > 0) {
                move(begin, 0, end - begin);
                end -= begin;
                begin = 0;
            } else {
                int room = Math.min(capacity, 2 * times.length);
                times = Arrays.copyOf(times, room);
                counts = Arrays.copyOf(counts, room);
                sums = Arrays.copyOf(sums, room);
            }
        }
    }

    private void move(int from, int to, int n) {
        System.arraycopy(times, from, times, to, n);
        System.arraycopy(counts, from, counts, to, n);
        System.arraycopy(sums, from, sums, to, n);
    }

    private void merge() {
        long now = times[end - 1];
        int best = begin;
        double least = Double.POSITIVE_INFINITY;
        for (int i = begin; i + 1 < end; i++) {
            long start = i == begin ? beforeMs : times[i - 1];
            double ratio = (times[i + 1] - start) / (double) (now - start);
            if (ratio < least) {
                least = ratio;
                best = i;
            }
        }
        counts[best + 1] += counts[best];
        sums[best + 1] += sums[best];
        move(begin, begin + 1, best - begin);
        begin++;
    }

    /**
     * Counts and means over windows that all end at the same time.
     *
     * @param endMs the newest time that counts
     * @param lengthsMs ascending; a window of length w has the events after {@code endMs - w} up to {@code endMs}
     * @param out receives for each window the count and then the mean, 0 of no events, from {@code at} on
     */
    void read(long endMs, long[] lengthsMs, float[] out, int at) {
        int i = end - 1;
        while (i >= begin && times[i] > endMs) {
            i--;
        }
        long count = 0;
        double sum = 0;
        for (int window = 0; window < lengthsMs.length; window++) {
            long startMs = endMs - lengthsMs[window];
            for (; i >= begin && times[i] > startMs; i--) {
                count += counts[i];
                sum += sums[i];
            }
            out[at + 2 * window] = count;
            out[at + 2 * window + 1] = count == 0 ? 0 : (float) (sum / count);
        }
    }

    /** How many bytes {@link #write} writes. */
    int bytes() {
        return Long.BYTES + ENTRY_BYTES * entries();
    }

    /** Writes all that the log holds. */
    void write(ByteBuffer to) {
        to.putLong(beforeMs);
        for (int i = begin; i < end; i++) {
            to.putLong(times[i]).putInt(counts[i]).putFloat(sums[i]);
        }
    }

    /** Becomes what {@link #write} wrote of a log with at most this one's capacity; all that remains is read. */
    void restore(ByteBuffer saved) {
        int found = saved.remaining();
        int n = (found - Long.BYTES) / ENTRY_BYTES;
        if (n > capacity || Long.BYTES + n * ENTRY_BYTES != found) {
            throw new IllegalArgumentException(
                    found + " bytes are no log of up to " + capacity + " entries of " + ENTRY_BYTES + " bytes");
        }
        clear();
        if (times.length < n) {
            times = new long[n];
            counts = new int[n];
            sums = new float[n];
        }
        for (beforeMs = saved.getLong(); end < n; end++) {
            times[end] = saved.getLong();
            counts[end] = saved.getInt();
            sums[end] = saved.getFloat();
        }
    }

    /** Becomes a log of a key that was never met. */
    void clear() {
        begin = 0;
        end = 0;
    }
}
