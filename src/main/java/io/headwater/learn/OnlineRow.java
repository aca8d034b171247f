package io.headwater.learn;

import io.headwater.event.RowKey;
import io.headwater.feature.FeatureBatch;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/**
 * One row of a stream as online learners read it; a carrier that is filled again for each row, so that none is made for
 * an event.
 */
public final class OnlineRow {
    private final float[] numeric;
    private final int[] categorical;
    private long key = RowKey.NONE;

    /** Of those values, which the caller fills again. */
    public OnlineRow(float[] numeric, int[] categorical) {
        this.numeric = numeric;
        this.categorical = categorical;
    }

    public OnlineRow(int numeric, int categorical) {
        this(new float[numeric], new int[categorical]);
    }

    /** {@code [numeric columns]}; NaN means missing. */
    public float[] numeric() {
        return numeric;
    }

    /** {@code [categorical columns]} hash buckets; 0 means missing. */
    public int[] categorical() {
        return categorical;
    }

    /** Whose row it is: see {@link RowKey}. */
    public long key() {
        return key;
    }

    /** Says whose row it is, of one that is filled by its arrays. */
    public void setKey(long key) {
        this.key = key;
    }

    /** Becomes row {@code row} of a batch whose widths are this row's. */
    public void read(FeatureBatch batch, int row) {
        FloatBuffer numbers = batch.numeric();
        numbers.get(row * numeric.length, numeric);
        LongBuffer buckets = batch.categorical();
        for (int i = 0, at = row * categorical.length; i < categorical.length; i++, at++) {
            categorical[i] = (int) buckets.get(at);
        }
        key = batch.key(row);
    }
}
