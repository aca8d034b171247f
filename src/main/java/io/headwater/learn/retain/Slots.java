package io.headwater.learn.retain;

import io.headwater.feature.FeatureBatch;
import java.util.Arrays;

/** A bounded list of slots, oldest first from {@link #oldest} on where it is used as a ring. */
final class Slots {
    private final int[] slots;
    private int size;
    private int oldest;

    Slots(int capacity) {
        this.slots = new int[capacity];
    }

    int size() {
        return size;
    }

    boolean isFull() {
        return size == slots.length;
    }

    int get(int at) {
        return slots[at];
    }

    void set(int at, int slot) {
        slots[at] = slot;
    }

    void add(int slot) {
        slots[size++] = slot;
    }

    /** Takes one out; the last comes into its place. */
    int remove(int at) {
        int slot = slots[at];
        slots[at] = slots[--size];
        return slot;
    }

    /** Where the oldest of a full ring is; the next time it is the one after it. */
    int turn() {
        int at = oldest;
        oldest = (oldest + 1) % slots.length;
        return at;
    }

    /**
     * Follows the buffer where rows are erased. The list keeps its order.
     *
     * @param moved see {@link Places#erased}
     * @return how many that are gone were in this list
     */
    int erased(int[] moved) {
        int[] before = slots.clone();
        int had = size;
        size = 0;
        for (int i = 0; i < had; i++) {
            int place = moved[before[(oldest + i) % had]];
            if (place != FeatureBatch.GONE) {
                slots[size++] = place;
            }
        }
        oldest = 0;
        return had - size;
    }

    void clear() {
        size = 0;
        oldest = 0;
    }

    /** Size, oldest and the slots, in {@code to} from {@code at} on; says where they end. */
    int write(long[] to, int at) {
        to[at] = size;
        to[at + 1] = oldest;
        for (int i = 0; i < size; i++) {
            to[at + 2 + i] = slots[i];
        }
        return at + 2 + size;
    }

    int written() {
        return 2 + size;
    }

    /**
     * Reads what {@link #write} wrote; says where it ends.
     *
     * @param taken marks each slot that is read; none may be there twice
     */
    int read(long[] from, int at, boolean[] taken) {
        if (at + 2 > from.length || from[at] < 0 || from[at] > slots.length || from[at] > from.length - at - 2) {
            throw Places.refused("a list that ends early");
        }
        size = (int) from[at];
        if (from[at + 1] < 0 || from[at + 1] >= slots.length) {
            throw Places.refused("a ring that begins elsewhere");
        }
        oldest = (int) from[at + 1];
        Arrays.fill(slots, 0);
        for (int i = 0; i < size; i++) {
            long slot = from[at + 2 + i];
            if (slot < 0 || slot >= taken.length || taken[(int) slot]) {
                throw Places.refused("slot " + slot + " twice, or of no row");
            }
            taken[(int) slot] = true;
            slots[i] = (int) slot;
        }
        return at + 2 + size;
    }

    /** @throws IllegalArgumentException unless all rows have their place and nothing is left over */
    static void expectAll(boolean[] taken, int end, int length) {
        for (boolean one : taken) {
            if (!one) {
                throw Places.refused("a row that is nowhere");
            }
        }
        if (end != length) {
            throw Places.refused((length - end) + " numbers left over");
        }
    }
}
