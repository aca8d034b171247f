package io.headwater.bench.streams;

import java.util.Arrays;

/**
 * What a learner said of each row when it came, and what happened in which order: what of any calibration behind it is
 * found out again without the learner.
 */
final class LogitRecord {
    /** In a course: the losses told the learner that the stream had changed. */
    static final int ALARM = Integer.MIN_VALUE;

    private final float[] logits;
    private final boolean[] positive;
    /** Rows as they came, {@code -1 - row} as their labels were learned. */
    private int[] course;

    private int steps;

    LogitRecord(int rows) {
        this.logits = new float[rows];
        this.positive = new boolean[rows];
        this.course = new int[2 * rows + 16];
    }

    void arrived(int row, float logit) {
        logits[row] = logit;
        add(row);
    }

    void learned(int row, boolean label) {
        positive[row] = label;
        add(-1 - row);
    }

    void alarm() {
        add(ALARM);
    }

    private void add(int step) {
        if (steps == course.length) {
            course = Arrays.copyOf(course, 2 * steps);
        }
        course[steps++] = step;
    }

    /** Of a row whose label was not learned before the stream ended. */
    void label(int row, boolean label) {
        positive[row] = label;
    }

    int rows() {
        return logits.length;
    }

    float logit(int row) {
        return logits[row];
    }

    boolean positive(int row) {
        return positive[row];
    }

    int steps() {
        return steps;
    }

    int step(int at) {
        return course[at];
    }
}
