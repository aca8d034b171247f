package io.headwater.learn;

/** Checks of settings: a value that is not allowed is refused with its name, what was found and what is allowed. */
public final class Allowed {
    private Allowed() {}

    /** @throws IllegalArgumentException if {@code value} is NaN or outside {@code min..max} */
    public static void within(String name, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw refused(name, value, min + " to " + max);
        }
    }

    /** @throws IllegalArgumentException if {@code value} is outside {@code min..max} */
    public static void within(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw refused(name, value, min + " to " + max);
        }
    }

    /** @throws IllegalArgumentException if {@code value} is NaN, at most {@code least} or above {@code max} */
    public static void above(String name, double value, double least, double max) {
        if (!(value > least && value <= max)) {
            throw refused(name, value, "above " + least + " to " + max);
        }
    }

    /** @throws IllegalArgumentException if {@code value} is NaN, below {@code min} or not below {@code end} */
    public static void below(String name, double value, double min, double end) {
        if (!(value >= min && value < end)) {
            throw refused(name, value, min + " to below " + end);
        }
    }

    private static IllegalArgumentException refused(String name, Object value, String allowed) {
        return new IllegalArgumentException(name + " is " + value + "; " + allowed + " is allowed");
    }
}
