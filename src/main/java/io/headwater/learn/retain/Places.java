package io.headwater.learn.retain;

import io.headwater.learn.SeededRandom;

/** Decides which row of a full replay buffer gives way to a new one. */
sealed interface Places permits UniformPlaces, LatestPlaces, BalancedPlaces, StratifiedPlaces {
    /** The new row is not kept. */
    int NONE = -1;

    /**
     * Where the next row goes: {@code size} to append it, the slot of a row that gives way, or {@link #NONE}.
     *
     * @param size rows that are kept
     * @param positive the new row's class
     */
    int next(int size, boolean positive, SeededRandom random);

    /**
     * Follows the buffer where rows are erased.
     *
     * @param moved where the row of each slot is now; {@link io.headwater.feature.FeatureBatch#GONE} of one that is erased
     */
    void erased(int[] moved);

    /** Takes over the first {@code size} rows of a buffer that was filled otherwise, or had another capacity. */
    void adopt(float[] labels, int size, long seen);

    /** What of a row's log odds is owed to the choice of rows: kept odds over odds in the stream, as a logarithm. */
    default float shift() {
        return 0;
    }

    /** All that decides which places come next. */
    long[] state();

    /** @throws IllegalArgumentException if this is not the {@link #state} of a buffer with so many rows */
    void restore(long[] state, int size);

    static Places of(ReplayBuffer.Keep keep, int capacity) {
        return switch (keep) {
            case UNIFORM -> new UniformPlaces(capacity);
            case LATEST -> new LatestPlaces(capacity);
            case CLASS_BALANCED -> new BalancedPlaces(capacity);
            case AGE_STRATIFIED -> new StratifiedPlaces(capacity);
        };
    }

    /** @throws IllegalArgumentException always */
    static IllegalArgumentException refused(String why) {
        return new IllegalArgumentException("the places of a replay buffer: " + why);
    }
}
