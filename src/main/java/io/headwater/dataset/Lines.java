package io.headwater.dataset;

import java.io.IOException;
import java.io.Reader;
import java.util.Arrays;

/** The lines of a text, one at a time in one buffer; a line that is too long is not read to its end. */
final class Lines {
    private static final int CHUNK = 1 << 14;

    private final Reader in;
    private final int longest;
    private final char[] chunk = new char[CHUNK];
    private char[] line = new char[CHUNK];
    private int at;
    private int end;
    private int length;
    private long number;

    Lines(Reader in, int longest) {
        this.in = in;
        this.longest = longest;
    }

    /** Goes to the next line; false if there is none, or if it is longer than allowed: see {@link #isTooLong}. */
    boolean next() throws IOException {
        length = 0;
        boolean any = false;
        while (at < end || fill()) {
            any = true;
            int from = at;
            while (at < end && chunk[at] != '\n') {
                at++;
            }
            append(from, at - from);
            if (isTooLong()) {
                number++;
                return false;
            }
            if (at < end) {
                at++;
                break;
            }
        }
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        number += any ? 1 : 0;
        return any;
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, in.read(chunk, 0, CHUNK));
        return end > 0;
    }

    private void append(int from, int count) {
        if (length + count > line.length) {
            line = Arrays.copyOf(line, Math.max(length + count, ColumnBuilder.larger(line.length)));
        }
        System.arraycopy(chunk, from, line, length, count);
        length += count;
    }

    boolean isTooLong() {
        return length > longest;
    }

    /** The current line's characters, the first {@link #length()} of this buffer. */
    char[] chars() {
        return line;
    }

    int length() {
        return length;
    }

    /** The current line's number, from 1. */
    long number() {
        return number;
    }
}
