package io.headwater.learn.retain;

import io.headwater.learn.SeededRandom;

/** Keeps the latest rows: a ring. */
final class LatestPlaces implements Places {
    /*
     * A row that is erased leaves a gap that the next row fills, and the oldest still goes first: the order of age is kept
     * beside the slots, since a full ring begins anywhere among them.
     */
    private final Slots byAge;

    LatestPlaces(int capacity) {
        this.byAge = new Slots(capacity);
    }

    @Override
    public int next(int size, boolean positive, SeededRandom random) {
        if (byAge.isFull()) {
            return byAge.get(byAge.turn());
        }
        byAge.add(size);
        return size;
    }

    @Override
    public void erased(int[] moved) {
        byAge.erased(moved);
    }

    @Override
    public void adopt(float[] labels, int size, long seen) {
        byAge.clear();
        for (int slot = 0; slot < size; slot++) {
            byAge.add(slot);
        }
    }

    @Override
    public long[] state() {
        long[] state = new long[byAge.written()];
        byAge.write(state, 0);
        return state;
    }

    @Override
    public void restore(long[] state, int size) {
        boolean[] taken = new boolean[size];
        Slots.expectAll(taken, byAge.read(state, 0, taken), state.length);
    }
}
