package io.headwater.learn.gradient;

/** Whoever watches a training, and may end it. Called on the training's thread. */
public interface TrainingWatcher {
    /** Watches nothing. */
    TrainingWatcher NONE = new TrainingWatcher() {};

    /**
     * One pass over the training rows.
     *
     * @param number from 1; 0 is the evaluation before any step
     * @param trainingLoss mean over the pass in nats, of what training makes small; not a number for pass 0
     * @param validation on the held-out rows after the pass
     * @param best whether these are the best weights so far
     * @param openLayers layers that trained, the head not counted
     * @param rowsPerSecond training rows, forward, backward and step, without the evaluation
     */
    record Epoch(
            int number,
            double trainingLoss,
            Validation validation,
            boolean best,
            int openLayers,
            double rowsPerSecond) {}

    /** So many of {@code of} rows of the pass are learned. */
    default void rows(int epoch, int done, int of) {}

    default void epoch(Epoch epoch) {}

    /** Whether to end after the step at hand; the best weights so far are kept. */
    default boolean isStopping() {
        return false;
    }
}
