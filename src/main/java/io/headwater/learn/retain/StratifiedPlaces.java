package io.headwater.learn.retain;

import io.headwater.learn.SeededRandom;

/** Keeps as many rows of each age, where each age is twice as long as the one after it. */
final class StratifiedPlaces implements Places {
    /*
     * Eight strata of equal size. The first is a ring of the latest rows. What falls out of one enters the next with
     * probability 1/2, so that stratum k holds every 2^k-th row of a span 2^k times as long; the last is a reservoir of
     * all that ever reach it. As in the tilted time windows of Giannella et al., Mining Frequent Patterns in Data
     * Streams at Multiple Time Granularities (2003): today weighs as much as yesterday and as all years before, and the
     * oldest never dies out. While there is room nothing is dropped.
     *
     * A row that is erased leaves a gap in its stratum, which is room: what falls out of the strata before it moves up
     * with the next row, and the gap is filled.
     */
    private static final int STRATA = 8;
    private static final int NEW = -2;

    private final int capacity;
    private final Slots[] strata;
    private long reachedLast;

    StratifiedPlaces(int capacity) {
        this.capacity = capacity;
        this.strata = new Slots[Math.min(STRATA, capacity)];
        int each = capacity / strata.length;
        for (int i = 0; i < strata.length; i++) {
            strata[i] = new Slots(i < strata.length - 1 ? each : capacity - each * (strata.length - 1));
        }
    }

    @Override
    public int next(int size, boolean positive, SeededRandom random) {
        int at = strata[0].size();
        int carried = NEW;
        for (int i = 0; i < strata.length && carried != NONE; i++) {
            Slots stratum = strata[i];
            boolean last = i == strata.length - 1;
            reachedLast += last ? 1 : 0;
            if (!stratum.isFull()) {
                stratum.add(carried);
                carried = NONE;
                continue;
            }
            long drawn = last ? random.nextLong(reachedLast) : stratum.turn();
            if (drawn < stratum.size()) {
                int out = stratum.get((int) drawn);
                stratum.set((int) drawn, carried);
                at = i == 0 ? (int) drawn : at;
                carried = out;
            }
            if (!last && size == capacity && random.nextInt(2) == 0) {
                break;
            }
        }
        if (carried == NEW) {
            return NONE;
        }
        int slot = carried == NONE ? size : carried;
        strata[0].set(at, slot);
        return slot;
    }

    @Override
    public void erased(int[] moved) {
        for (Slots stratum : strata) {
            stratum.erased(moved);
        }
    }

    @Override
    public void adopt(float[] labels, int size, long seen) {
        int slot = 0;
        for (Slots stratum : strata) {
            stratum.clear();
            while (slot < size && !stratum.isFull()) {
                stratum.add(slot++);
            }
        }
        reachedLast = strata[strata.length - 1].size();
    }

    @Override
    public long[] state() {
        int length = 1;
        for (Slots stratum : strata) {
            length += stratum.written();
        }
        long[] state = new long[length];
        state[0] = reachedLast;
        int at = 1;
        for (Slots stratum : strata) {
            at = stratum.write(state, at);
        }
        return state;
    }

    @Override
    public void restore(long[] state, int size) {
        boolean[] taken = new boolean[size];
        int at = 1;
        for (Slots stratum : strata) {
            at = stratum.read(state, at, taken);
        }
        Slots.expectAll(taken, at, state.length);
        reachedLast = state[0];
        if (reachedLast < strata[strata.length - 1].size()) {
            throw Places.refused("more rows than reached the last stratum");
        }
    }
}
