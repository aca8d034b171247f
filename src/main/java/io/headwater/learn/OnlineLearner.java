package io.headwater.learn;

import io.headwater.event.OwnerKeys;

/**
 * A model that changes with every labelled row. It meets a row twice: when the event arrives, and when its label does,
 * which may be thousands of rows later. One thread owns it; neither meeting allocates.
 *
 * <p>The same calls in the same order give the same bits. Whatever a row holds (NaN, infinities, values never seen),
 * finite weights stay finite.
 */
public interface OnlineLearner {
    Task task();

    /** How many outputs a row has: 1, or of {@link Task#CLASSES} the classes seen so far, at least 2; it only grows. */
    int outputs();

    /** Floats that {@link #arrive} leaves for {@link #learn}; grows with {@link #outputs}. 0 where nothing is kept. */
    int memoLength();

    /** Scores a row and changes nothing. */
    void score(OnlineRow row, float[] outputs);

    /**
     * Scores a row whose event has just come, and takes in what can be known of it without a label.
     *
     * @param outputs receives {@link #outputs()} values: logits, or of a regression the expected number
     * @param memo receives {@link #memoLength()} values, to be handed back with the label: what this learner thought of
     *     the row before it learned the row's neighbours
     */
    void arrive(OnlineRow row, float[] outputs, float[] memo);

    /**
     * Learns a row whose label has come.
     *
     * @param memo what {@link #arrive} left, at least as long as it was then; fewer classes may have been known then
     * @param label as the {@link #task()} has it; of {@link Task#CLASSES} at most {@link #outputs()}, which adds a class
     * @param weight how many such rows it counts for, above 0
     * @throws IllegalArgumentException if the label is not one of the task; nothing is changed then
     */
    void learn(OnlineRow row, float[] memo, float label, float weight);

    /** Takes in that what was learned may be out of date: the rows that come may be unlike those that were learned. */
    default void alarm() {}

    /**
     * Forgets the rows of some owners that it keeps as they were, a sample of them or those that wait for a block to be
     * full; what it has learned of them stays learned. As {@link Learner#erase}.
     *
     * @return rows erased; one that is kept in two places counts twice
     */
    default int erase(OwnerKeys owners) {
        return 0;
    }

    /** Memory of all that it holds, bytes; bounded for a given number of columns and classes. */
    long stateBytes();
}
