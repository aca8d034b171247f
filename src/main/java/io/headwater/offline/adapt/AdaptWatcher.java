package io.headwater.offline.adapt;

/** Whoever watches an adaptation, and may end it. Called on its thread. */
public interface AdaptWatcher {
    /** Watches nothing. */
    AdaptWatcher NONE = new AdaptWatcher() {};

    /** So many rows of the file at hand are read, a {@code share} of its bytes. */
    default void reading(long rows, double share) {}

    /** A stage begins that tells nothing of how far it is. */
    default void begins(String stage) {}

    /** So many of the steps of a training are taken. */
    default void steps(String training, long done, long of, double loss) {}

    /** Whether to end after what is at hand. */
    default boolean isStopping() {
        return false;
    }
}
