package io.headwater.drift;

import java.util.Arrays;

/** A state as one array of numbers, written and read from front to back. */
final class StateNumbers {
    private double[] values;
    private int at;

    /** Empty, to be written. */
    StateNumbers() {
        this.values = new double[64];
    }

    /** To be read. */
    StateNumbers(double[] values) {
        this.values = values;
    }

    StateNumbers put(double value) {
        if (at == values.length) {
            values = Arrays.copyOf(values, 2 * at);
        }
        values[at++] = value;
        return this;
    }

    StateNumbers put(double[] part) {
        for (double value : part) {
            put(value);
        }
        return this;
    }

    StateNumbers put(int[] part) {
        for (int value : part) {
            put(value);
        }
        return this;
    }

    double[] toArray() {
        return Arrays.copyOf(values, at);
    }

    double next() {
        if (at == values.length) {
            throw new IllegalArgumentException("the detector's state ends after " + at + " numbers");
        }
        return values[at++];
    }

    /** @throws IllegalArgumentException if the number is no whole one in {@code min..max} */
    int nextInt(int min, int max) {
        double value = next();
        if (!(value >= min && value <= max) || value != Math.rint(value)) {
            throw new IllegalArgumentException(
                    "a count in the detector's state is " + value + " where " + min + " to " + max + " is allowed");
        }
        return (int) value;
    }

    void next(double[] part) {
        for (int i = 0; i < part.length; i++) {
            part[i] = next();
        }
    }

    void next(int[] part, int max) {
        for (int i = 0; i < part.length; i++) {
            part[i] = nextInt(0, max);
        }
    }

    void end() {
        if (at != values.length) {
            throw new IllegalArgumentException(
                    "the detector's state has " + values.length + " numbers where " + at + " are needed");
        }
    }
}
