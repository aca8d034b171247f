package io.headwater.offline.evaluate;

import io.headwater.learn.Task;

/** Takes the figures of one evaluation, row by row, without making anything for a row. */
public sealed interface Measures extends EvaluationListener permits ClassMeasures, NumberMeasures {
    /** Of the rows so far. */
    Figures figures();

    /**
     * @param rows of the stream, at most
     * @param classes that its labels have; 0 for a regression
     * @param window rows that each point of the curve is over
     */
    static Measures of(Task task, int rows, int classes, int window) {
        if (window < 1) {
            throw new IllegalArgumentException("a window has at least 1 row, not " + window);
        }
        return task.isRegression() ? new NumberMeasures(rows, window) : new ClassMeasures(task, rows, classes, window);
    }
}
