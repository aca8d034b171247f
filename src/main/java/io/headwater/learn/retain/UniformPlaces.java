package io.headwater.learn.retain;

import io.headwater.feature.FeatureBatch;
import io.headwater.learn.SeededRandom;

/** Keeps a uniform sample of all rows. */
final class UniformPlaces implements Places {
    /*
     * Vitter, Random Sampling with a Reservoir (ACM TOMS 1985), algorithm R: after n rows each of them is kept with
     * probability capacity / n. A row that is erased leaves a gap, which takes its slot's part in the draw: only a row
     * that draws the gap fills it. So each of the rows that were not erased is still kept with that probability, where
     * filling the gap at once would favour the rows that come after an erasure; deletions and later insertions are
     * paired at random by Gemulla, Lehner & Haas, A dip in the reservoir (VLDB 2006), to the same end.
     */
    private final int capacity;
    private long seen;
    private long gaps;

    UniformPlaces(int capacity) {
        this.capacity = capacity;
    }

    @Override
    public int next(int size, boolean positive, SeededRandom random) {
        seen++;
        if (size + gaps < capacity) {
            return size;
        }
        long drawn = random.nextLong(seen);
        if (drawn >= capacity) {
            return NONE;
        }
        if (drawn < size) {
            return (int) drawn;
        }
        gaps--;
        return size;
    }

    @Override
    public void erased(int[] moved) {
        for (int place : moved) {
            gaps += place == FeatureBatch.GONE ? 1 : 0;
        }
    }

    @Override
    public void adopt(float[] labels, int size, long rowsSeen) {
        seen = Math.max(size, rowsSeen);
        gaps = 0;
    }

    @Override
    public long[] state() {
        return new long[] {seen, gaps};
    }

    @Override
    public void restore(long[] state, int size) {
        if (state.length != 2 || state[1] < 0 || state[1] > capacity - size || state[0] < size + state[1]) {
            throw Places.refused(size + " rows that are no sample of those seen");
        }
        seen = state[0];
        gaps = state[1];
    }
}
