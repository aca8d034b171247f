package io.headwater.dataset;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One column of a {@link Table}. */
sealed interface Column {
    /** How many of a column's values are whole numbers is known only at its end, so it grows through these kinds. */
    enum Kind {
        NUMBERS,
        /** Numbers among which are whole ones that a float would change. */
        WIDE_NUMBERS,
        TEXTS
    }

    int rows();

    /** NaN where the value is missing or the column holds texts. */
    double number(int row);

    @Nullable
    String text(int row);

    /** Numbers, NaN where missing. */
    record Floats(float[] values) implements Column {
        @Override
        public int rows() {
            return values.length;
        }

        @Override
        public double number(int row) {
            return values[row];
        }

        @Override
        public @Nullable String text(int row) {
            float value = values[row];
            return Float.isNaN(value)
                    ? null
                    : value == (long) value ? Long.toString((long) value) : Float.toString(value);
        }
    }

    /** Numbers that need 53 bits, NaN where missing. */
    record Doubles(double[] values) implements Column {
        @Override
        public int rows() {
            return values.length;
        }

        @Override
        public double number(int row) {
            return values[row];
        }

        @Override
        public @Nullable String text(int row) {
            double value = values[row];
            return Double.isNaN(value)
                    ? null
                    : value == (long) value ? Long.toString((long) value) : Double.toString(value);
        }
    }

    /** Texts of which many are equal: each row has the number of its text, -1 where missing. */
    record Coded(int[] codes, String[] words) implements Column {
        @Override
        public int rows() {
            return codes.length;
        }

        @Override
        public double number(int row) {
            return Double.NaN;
        }

        @Override
        public @Nullable String text(int row) {
            int code = codes[row];
            return code < 0 ? null : words[code];
        }
    }

    /** Texts one after the other in UTF-8; {@code ends[row]} is where a row's text ends, its complement where missing. */
    record Pooled(int[] ends, byte[] bytes) implements Column {
        @Override
        public int rows() {
            return ends.length;
        }

        @Override
        public double number(int row) {
            return Double.NaN;
        }

        @Override
        public @Nullable String text(int row) {
            int end = ends[row];
            if (end < 0) {
                return null;
            }
            int before = row == 0 ? 0 : ends[row - 1];
            int start = before < 0 ? ~before : before;
            return new String(bytes, start, end - start, StandardCharsets.UTF_8);
        }
    }

    /** Whether the column holds numbers. */
    default boolean isNumeric() {
        return this instanceof Floats || this instanceof Doubles;
    }
}
