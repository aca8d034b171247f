package io.headwater.offline;

import io.headwater.learn.gradient.TrainingWatcher;

/** Whoever watches a {@link Fit}, and may end it. Called on its thread. */
public interface FitWatcher extends TrainingWatcher {
    /** Watches nothing. */
    FitWatcher NONE = new FitWatcher() {};

    /** So many rows of a file are read, which took {@code share} of its bytes. */
    default void reading(long rows, double share) {}

    /** So many of {@code of} rows have gone through the frozen part. */
    default void features(int done, int of) {}

    /** One sentence that the user should know. */
    default void note(String sentence) {}

    /** One sentence that the user should think about. */
    default void warning(String sentence) {
        note(sentence);
    }
}
