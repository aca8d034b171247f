package io.headwater.learn.online;

import io.headwater.learn.SeededRandom;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;

/** A sample of the rows that came, the late ones likelier than the early: what questions are drawn from. */
final class RowReservoir {
    /** A row that comes replaces one with at least this probability, so that half the sample is newer than 11,000 rows. */
    private static final double MIN_SHARE = 1 / 32.0;

    private static final int MAX_ROWS = 512;
    private static final int MAX_FLOATS = 1 << 20;

    private final int width;
    private final float[] rows;
    private int size;
    private long seen;

    RowReservoir(int width) {
        this.width = width;
        int capacity = Math.max(32, Math.min(MAX_ROWS, MAX_FLOATS / Math.max(1, width)));
        this.rows = new float[capacity * width];
    }

    private int capacity() {
        return rows.length / width;
    }

    void observe(float[] row, SeededRandom random) {
        seen++;
        if (size < capacity()) {
            System.arraycopy(row, 0, rows, size++ * width, width);
        } else if (random.nextDouble() < Math.max(MIN_SHARE, capacity() / (double) seen)) {
            System.arraycopy(row, 0, rows, random.nextInt(size) * width, width);
        }
    }

    /** The value of a column in some row; 0 while there is none. */
    float draw(int column, SeededRandom random) {
        return size == 0 ? 0 : rows[random.nextInt(size) * width + column];
    }

    void write(StateWriter out) {
        out.integer(size).integer64(seen).reals(rows);
    }

    void restore(StateReader in) {
        size = in.integer(0, capacity());
        seen = in.integer64();
        System.arraycopy(in.reals(rows.length), 0, rows, 0, rows.length);
    }

    long bytes() {
        return (long) rows.length * Float.BYTES;
    }
}
