package io.headwater.dataset;

/** Reads decimal numbers out of a buffer; made once and used for many, by one thread. */
final class NumberParser {
    /*
     * A mantissa below 2^53 times or by a power of ten up to 10^22 is rounded once, so it is the nearest double
     * (Clinger, PLDI 1990). Everything else goes to the platform's parser.
     */
    private static final double[] POWERS = new double[23];
    private static final String[] MISSING = {"NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?"};
    private static final String[] INFINITE = {"inf", "Infinity", "+inf", "+Infinity", "-inf", "-Infinity"};

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    private double value;

    /** What the last successful {@link #parse} read: a number, infinite perhaps; NaN for what stands for a missing one. */
    double value() {
        return value;
    }

    /** Whether these characters, blanks around them aside, are a number or stand for a missing one. */
    boolean parse(char[] chars, int offset, int length) {
        int at = offset;
        int end = offset + length;
        while (at < end && chars[at] <= ' ') {
            at++;
        }
        while (end > at && chars[end - 1] <= ' ') {
            end--;
        }
        return at == end ? missing() : decimal(chars, at, end) || word(chars, at, end);
    }

    private boolean missing() {
        value = Double.NaN;
        return true;
    }

    private boolean decimal(char[] chars, int start, int end) {
        int at = start;
        boolean negative = chars[at] == '-';
        if (negative || chars[at] == '+') {
            at++;
        }
        long mantissa = 0;
        int digits = 0;
        int power = 0;
        boolean point = false;
        for (; at < end; at++) {
            int digit = chars[at] - '0';
            if (digit >= 0 && digit <= 9) {
                digits++;
                if (mantissa < 1L << 53) {
                    mantissa = mantissa * 10 + digit;
                } else {
                    mantissa = Long.MAX_VALUE;
                }
                power -= point ? 1 : 0;
            } else if (chars[at] == '.' && !point) {
                point = true;
            } else {
                break;
            }
        }
        if (digits == 0 || at < end && (at = exponent(chars, at, end)) < 0) {
            return false;
        }
        boolean plain = at == end;
        if (plain && mantissa < 1L << 53 && power > -POWERS.length) {
            value = mantissa / POWERS[-power];
            value = negative ? -value : value;
        } else {
            value = Double.parseDouble(new String(chars, start, end - start));
        }
        return true;
    }

    /** Something else than {@code end} for an exponent that reaches the end, -1 for what is none. */
    private static int exponent(char[] chars, int from, int end) {
        int at = from;
        if (chars[at] != 'e' && chars[at] != 'E') {
            return -1;
        }
        at++;
        if (at < end && (chars[at] == '-' || chars[at] == '+')) {
            at++;
        }
        if (at == end) {
            return -1;
        }
        for (int i = at; i < end; i++) {
            if (chars[i] < '0' || chars[i] > '9') {
                return -1;
            }
        }
        return from;
    }

    private boolean word(char[] chars, int at, int end) {
        for (String missing : MISSING) {
            if (same(missing, chars, at, end)) {
                return missing();
            }
        }
        for (String infinite : INFINITE) {
            if (same(infinite, chars, at, end)) {
                value = chars[at] == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
                return true;
            }
        }
        return false;
    }

    private static boolean same(String word, char[] chars, int at, int end) {
        if (word.length() != end - at) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (word.charAt(i) != chars[at + i]) {
                return false;
            }
        }
        return true;
    }
}
