package io.headwater.learn;

import org.jspecify.annotations.Nullable;

/**
 * What a learner thought of each row of a batch when the row's event arrived, before it learned the row's neighbours; a
 * carrier that is filled again for each batch.
 */
public final class Memos {
    private final float[][] memos;
    private final boolean[] known;

    /**
     * For batches of at most {@code rows} rows, none of which has a memo yet.
     *
     * @param length floats of a memo: {@link Learner#memoLength}
     */
    public Memos(int rows, int length) {
        this.memos = new float[rows][length];
        this.known = new boolean[rows];
    }

    public boolean has(int row) {
        return known[row];
    }

    /** A row's memo, to be read where it {@link #has} one; what is written into it does not make it have one. */
    public float[] of(int row) {
        return memos[row];
    }

    /** A row's memo, to be written: the row has one from now on. */
    public float[] write(int row) {
        known[row] = true;
        return memos[row];
    }

    /** Copies a memo in, or with null says that the row has none. */
    public void put(int row, float @Nullable [] memo) {
        known[row] = memo != null;
        if (memo != null) {
            System.arraycopy(memo, 0, memos[row], 0, memos[row].length);
        }
    }
}
