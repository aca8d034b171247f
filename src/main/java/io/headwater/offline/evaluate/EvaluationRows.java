package io.headwater.offline.evaluate;

import io.headwater.learn.OnlineRow;

/** A recorded stream: rows in the order of their events, each of which can be read any number of times. */
public interface EvaluationRows {
    int rows();

    /** Numbers that a row has. */
    int numericWidth();

    /** Categories that a row has. */
    int categoricalWidth();

    /** Fills {@code into}, whose widths are these rows'. */
    void read(int row, OnlineRow into);

    /** The row's label as {@link io.headwater.learn.Task} has it; NaN where none ever comes. */
    float label(int row);

    /** As how many rows the learner is to learn it, above 0. */
    default float weight(int row) {
        return 1;
    }
}
