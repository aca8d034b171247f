package io.headwater.learn.online;

import io.headwater.event.OwnerKeys;
import io.headwater.event.RowKey;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.StateReader;
import java.util.Arrays;

/**
 * Labelled rows, each with its key, as many of a rare class as of a common one, the late ones likelier than the early:
 * what questions are drawn from. A threshold lies between a row of one class and a row of another, so that it falls where classes differ and
 * not where most rows are.
 */
final class ClassSample {
    /*
     * Thresholds from all rows alike nearly never fall among the values of a class that has one row in a hundred: on
     * generated card payments the ferns' average precision rose from .28 to .61 by this sample alone.
     */
    private static final int ROWS = 512;

    private static final int MAX_CLASS_ROWS = 256;
    private static final int MIN_CLASS_ROWS = 2;
    private static final int MAX_FLOATS = 1 << 20;
    private static final int FIRST_ROWS = 16;

    /** A row that comes replaces one of its class with at least this probability. */
    private static final double MIN_SHARE = 1 / 32.0;

    /** Pairs of rows by which two questions are compared. */
    private static final int COMPARED = 24;

    private final int width;
    private float[][] rows = new float[2][0];
    private long[][] keys = new long[2][0];
    private int[] sizes = new int[2];
    private long[] seen = new long[2];
    private int one;
    private int other;

    ClassSample(int width) {
        this.width = width;
    }

    /** Rows kept of the class {@code label}: fewer of those that came late, so that all together stay bounded. */
    private int capacity(int label) {
        int wanted = Math.min(MAX_CLASS_ROWS, ROWS / Math.max(1, label));
        return Math.max(MIN_CLASS_ROWS, Math.min(wanted, MAX_FLOATS / Math.max(1, 2 * width)));
    }

    /** @param key whose row it is */
    void observe(float[] row, int label, long key, SeededRandom random) {
        if (label >= rows.length) {
            rows = Arrays.copyOf(rows, label + 1);
            rows[label] = new float[0];
            keys = Arrays.copyOf(keys, label + 1);
            keys[label] = new long[0];
            sizes = Arrays.copyOf(sizes, label + 1);
            seen = Arrays.copyOf(seen, label + 1);
        }
        int capacity = capacity(label);
        seen[label]++;
        if (sizes[label] < capacity) {
            grow(label, capacity);
            put(row, label, key, sizes[label]++);
        } else if (random.nextDouble() < Math.max(MIN_SHARE, capacity / (double) seen[label])) {
            put(row, label, key, random.nextInt(capacity));
        }
    }

    private void grow(int label, int capacity) {
        if (keys[label].length == sizes[label]) {
            int grown = Math.min(capacity, Math.max(FIRST_ROWS, 2 * keys[label].length));
            rows[label] = Arrays.copyOf(rows[label], grown * width);
            keys[label] = Arrays.copyOf(keys[label], grown);
        }
    }

    private void put(float[] row, int label, long key, int place) {
        System.arraycopy(row, 0, rows[label], place * width, width);
        keys[label][place] = key;
    }

    /** Takes the rows of some owners out, for the next ones of their classes to fill the gaps; says how many there were. */
    int erase(OwnerKeys owners) {
        int erased = 0;
        for (int label = 0; label < rows.length; label++) {
            int before = sizes[label];
            int kept = 0;
            for (int place = 0; place < before; place++) {
                if (!owners.contains(keys[label][place])) {
                    System.arraycopy(rows[label], place * width, rows[label], kept * width, width);
                    keys[label][kept++] = keys[label][place];
                }
            }
            sizes[label] = kept;
            Arrays.fill(rows[label], kept * width, before * width, 0);
            Arrays.fill(keys[label], kept, before, RowKey.NONE);
            erased += before - kept;
        }
        return erased;
    }

    /** Chooses two classes that have rows, for the calls that follow; where there is only one, that one twice. */
    void choosePair(SeededRandom random) {
        one = random.nextInt(rows.length);
        while (sizes[one] == 0) {
            one = (one + 1) % rows.length;
        }
        other = (one + 1 + random.nextInt(rows.length - 1)) % rows.length;
        while (sizes[other] == 0) {
            other = (other + 1) % rows.length;
        }
    }

    boolean isEmpty() {
        for (int size : sizes) {
            if (size > 0) {
                return false;
            }
        }
        return true;
    }

    private float value(int label, int column, SeededRandom random) {
        return rows[label][random.nextInt(sizes[label]) * width + column];
    }

    /** A value between those of a row of one class and a row of the other; NaN if one of them has none. */
    float threshold(int column, SeededRandom random) {
        float from = value(one, column, random);
        float to = value(other, column, random);
        return from + (float) random.nextDouble() * (to - from);
    }

    /** How differently the two classes answer, in rows of {@value #COMPARED}. */
    int separation(int column, float threshold, SeededRandom random) {
        int difference = 0;
        for (int i = 0; i < COMPARED; i++) {
            difference += value(one, column, random) > threshold ? 1 : 0;
            difference -= value(other, column, random) > threshold ? 1 : 0;
        }
        return Math.abs(difference);
    }

    void write(StateSink out) {
        out.integer(rows.length);
        for (int label = 0; label < rows.length; label++) {
            out.integer(sizes[label]).integer64(seen[label]).reals(rows[label]).integers64(keys[label]);
        }
    }

    void restore(StateReader in) {
        int classes = in.integer(2, MixtureLearner.MAX_CLASSES);
        rows = new float[classes][];
        keys = new long[classes][];
        sizes = new int[classes];
        seen = new long[classes];
        for (int label = 0; label < classes; label++) {
            sizes[label] = in.integer(0, capacity(label));
            seen[label] = in.integer64();
            rows[label] = in.reals();
            int room = rows[label].length / width;
            if (room < sizes[label] || room * width != rows[label].length) {
                throw new IllegalArgumentException("a sample of " + sizes[label] + " rows has " + rows[label].length
                        + " values, of " + width + " each");
            }
            keys[label] = in.integers64(room);
        }
    }

    long bytes() {
        long values = 0;
        for (float[] part : rows) {
            values += part.length;
        }
        return values * Float.BYTES + values / width * Long.BYTES;
    }
}
