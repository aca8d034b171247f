package io.headwater.learn.retain;

import io.headwater.learn.SeededRandom;

/** Keeps a uniform sample of all rows. */
final class UniformPlaces implements Places {
    /*
     * Vitter, Random Sampling with a Reservoir (ACM TOMS 1985), algorithm R: after n rows each of them is kept with
     * probability capacity / n.
     */
    private final int capacity;
    private long seen;

    UniformPlaces(int capacity) {
        this.capacity = capacity;
    }

    @Override
    public int next(int size, boolean positive, SeededRandom random) {
        seen++;
        if (size < capacity) {
            return size;
        }
        long drawn = random.nextLong(seen);
        return drawn < capacity ? (int) drawn : NONE;
    }

    @Override
    public void adopt(float[] labels, int size, long rowsSeen) {
        seen = Math.max(size, rowsSeen);
    }

    @Override
    public long[] state() {
        return new long[] {seen};
    }

    @Override
    public void restore(long[] state, int size) {
        if (state.length != 1 || state[0] < size) {
            throw Places.refused(size + " rows that are no sample of those seen");
        }
        seen = state[0];
    }
}
