package io.headwater.learn.retain;

import io.headwater.learn.SeededRandom;

/** Keeps the latest rows: a ring. */
final class LatestPlaces implements Places {
    private final int capacity;
    private int oldest;

    LatestPlaces(int capacity) {
        this.capacity = capacity;
    }

    @Override
    public int next(int size, boolean positive, SeededRandom random) {
        if (size < capacity) {
            return size;
        }
        int slot = oldest;
        oldest = (oldest + 1) % capacity;
        return slot;
    }

    @Override
    public void adopt(float[] labels, int size, long seen) {
        oldest = 0;
    }

    @Override
    public long[] state() {
        return new long[] {oldest};
    }

    @Override
    public void restore(long[] state, int size) {
        if (state.length != 1 || state[0] < 0 || state[0] >= capacity) {
            throw Places.refused("a ring of " + capacity + " that begins elsewhere");
        }
        oldest = (int) state[0];
    }
}
