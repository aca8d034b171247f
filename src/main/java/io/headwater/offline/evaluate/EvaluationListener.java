package io.headwater.offline.evaluate;

/** Whoever takes the figures of a {@link TestThenTrain}, and may end it. Called on its thread, for each row. */
public interface EvaluationListener {
    /**
     * A row was scored, and nobody has learned its label.
     *
     * @param outputs valid during the call; the first {@code count} count
     * @param label NaN where the row has none
     */
    default void scored(int row, float[] outputs, int count, float label) {}

    /** The row's label has come, and was learned. */
    default void learned(int row, float label) {}

    /** The losses say that the stream has changed; {@code row} is the next to be scored. */
    default void alarmed(int row) {}

    /** Whether to end before the next row; asked once in a while. */
    default boolean isStopping() {
        return false;
    }
}
