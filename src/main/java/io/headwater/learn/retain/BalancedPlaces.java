package io.headwater.learn.retain;

import io.headwater.learn.SeededRandom;
import java.util.Arrays;

/** Keeps as many rows of one class as of the other, as far as there are any, and of each a uniform sample. */
final class BalancedPlaces implements Places {
    /*
     * Chrysakis & Moens, Online Continual Learning from Imbalanced Data (ICML 2020): a row of the smaller class takes
     * the place of a random one of the larger; one of the larger class enters its own by reservoir sampling.
     *
     * What is replayed then has other class shares than the stream, and a model that is fitted to it says too much.
     * King & Zeng, Logistic Regression in Rare Events Data (Political Analysis 2001): the logit is off by the
     * logarithm of the odds kept over the odds in the stream, which is added to it while a replayed row is learned.
     *
     * A row that is erased leaves a gap that is its class's to fill, by the next row of it; or the smaller class's. If any
     * row could fill it, erasing rows of the rare class would fill the buffer with the common one.
     */
    /** Numbers in the state before the slots: of each class the rows seen, and the gaps. */
    private static final int COUNTS = 4;

    private final int capacity;
    private final Slots[] classes;
    private final long[] seen = new long[2];
    private final long[] gaps = new long[2];
    private float shift;

    BalancedPlaces(int capacity) {
        this.capacity = capacity;
        this.classes = new Slots[] {new Slots(capacity), new Slots(capacity)};
    }

    @Override
    public int next(int size, boolean positive, SeededRandom random) {
        int mine = positive ? 1 : 0;
        Slots own = classes[mine];
        Slots other = classes[1 - mine];
        seen[mine]++;
        boolean room = size + gaps[0] + gaps[1] < capacity;
        int slot;
        if (room || size < capacity && (gaps[mine] > 0 || own.size() <= other.size())) {
            slot = size;
            own.add(slot);
            if (!room) {
                gaps[gaps[mine] > 0 ? mine : 1 - mine]--;
            }
        } else if (own.size() < other.size()) {
            slot = other.remove(random.nextInt(other.size()));
            own.add(slot);
        } else {
            long drawn = random.nextLong(seen[mine]);
            slot = drawn < own.size() ? own.get((int) drawn) : NONE;
        }
        shift = owed();
        return slot;
    }

    @Override
    public void erased(int[] moved) {
        for (int one = 0; one < classes.length; one++) {
            gaps[one] += classes[one].erased(moved);
        }
        shift = owed();
    }

    /** Strict: replayed rows are to be learned to the same bits everywhere. */
    private float owed() {
        int negatives = classes[0].size();
        int positives = classes[1].size();
        if (negatives == 0 || positives == 0) {
            return 0;
        }
        double kept = StrictMath.log(positives / (double) negatives);
        return (float) (kept - StrictMath.log(seen[1] / (double) seen[0]));
    }

    @Override
    public float shift() {
        return shift;
    }

    @Override
    public void adopt(float[] labels, int size, long rowsSeen) {
        classes[0].clear();
        classes[1].clear();
        for (int slot = 0; slot < size; slot++) {
            classes[labels[slot] == 1 ? 1 : 0].add(slot);
        }
        // Taken for a uniform sample, which the rows of a reservoir are.
        double each = size == 0 ? 1 : Math.max(1, rowsSeen / (double) size);
        seen[0] = Math.round(classes[0].size() * each);
        seen[1] = Math.round(classes[1].size() * each);
        Arrays.fill(gaps, 0);
        shift = owed();
    }

    @Override
    public long[] state() {
        long[] state = new long[COUNTS + classes[0].written() + classes[1].written()];
        System.arraycopy(seen, 0, state, 0, 2);
        System.arraycopy(gaps, 0, state, 2, 2);
        classes[1].write(state, classes[0].write(state, COUNTS));
        return state;
    }

    @Override
    public void restore(long[] state, int size) {
        boolean[] taken = new boolean[size];
        if (state.length < COUNTS) {
            throw Places.refused("no counts of the classes");
        }
        System.arraycopy(state, 0, seen, 0, 2);
        System.arraycopy(state, 2, gaps, 0, 2);
        int end = classes[1].read(state, classes[0].read(state, COUNTS, taken), taken);
        Slots.expectAll(taken, end, state.length);
        if (gaps[0] < 0 || gaps[1] < 0 || gaps[0] > capacity || gaps[1] > capacity - size - gaps[0]) {
            throw Places.refused(gaps[0] + " and " + gaps[1] + " gaps beside " + size + " rows of " + capacity);
        }
        if (seen[0] < classes[0].size() || seen[1] < classes[1].size()) {
            throw Places.refused("more rows than were seen");
        }
        shift = owed();
    }
}
