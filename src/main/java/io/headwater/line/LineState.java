package io.headwater.line;

import io.headwater.event.StreamPosition;

/**
 * What the line knows besides the learner's weights and its windows.
 *
 * @param sequence the last step taken; 0 before the first
 * @param position next offset to take of each partition
 * @param champion the version that serves
 * @param examplesLearned labelled examples learned since the source model
 * @param trafficExamined unlabelled events examined since the source model
 * @param settings SHA-256 (hex) of the settings that the next step is taken with; empty where nobody gave them one
 */
public record LineState(
        long sequence,
        StreamPosition position,
        long champion,
        long examplesLearned,
        long trafficExamined,
        String settings) {
    /** The version that the source model is: the frozen one that every other is measured against. */
    public static final long FROZEN_VERSION = 1;

    static final LineState START = new LineState(0, StreamPosition.START, FROZEN_VERSION, 0, 0, "");

    LineState under(String otherSettings) {
        return new LineState(sequence, position, champion, examplesLearned, trafficExamined, otherSettings);
    }

    LineState served(long version) {
        return new LineState(sequence, position, version, examplesLearned, trafficExamined, settings);
    }

    /** One step further. */
    LineState stepped(StreamPosition to, int learned, int examined) {
        return new LineState(
                sequence + 1, to, champion, examplesLearned + learned, trafficExamined + examined, settings);
    }
}
