package io.headwater.offline.evaluate;

/** Whoever watches an {@link Evaluation}, and may end it. Called on its thread. */
public interface EvaluationWatcher {
    /** Watches nothing. */
    EvaluationWatcher NONE = new EvaluationWatcher() {};

    /** Whether to end now; what was evaluated so far counts. */
    default boolean isStopping() {
        return false;
    }

    /** So many rows of the file are read, which took {@code share} of its bytes. */
    default void reading(long rows, double share) {}

    /** So many of {@code of} rows are scored. */
    default void rows(int done, int of) {}
}
