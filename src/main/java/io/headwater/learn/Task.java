package io.headwater.learn;

/** What the labels of a stream are, and so what a learner's outputs mean. */
public enum Task {
    /** Labels 0 and 1; one output, the logit of class 1. */
    BINARY,
    /** Labels 0, 1, 2 and so on, in the order in which classes first come; a logit for each class seen, at least two. */
    CLASSES,
    /** Labels are numbers; one output, the expected number, by squared loss. */
    SQUARED,
    /** Labels are numbers; one output, by Huber's loss, which outliers pull at with bounded force. */
    HUBER;

    public boolean isRegression() {
        return this == SQUARED || this == HUBER;
    }
}
