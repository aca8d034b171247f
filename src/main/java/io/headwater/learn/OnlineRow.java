package io.headwater.learn;

import io.headwater.feature.FeatureBatch;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/**
 * One row of a stream as online learners read it; a carrier that is filled again for each row, so that none is made for
 * an event.
 *
 * @param numeric {@code [numeric columns]}; NaN means missing
 * @param categorical {@code [categorical columns]} hash buckets; 0 means missing
 */
public record OnlineRow(float[] numeric, int[] categorical) {
    public OnlineRow(int numeric, int categorical) {
        this(new float[numeric], new int[categorical]);
    }

    /** Becomes row {@code row} of a batch whose widths are this row's. */
    public void read(FeatureBatch batch, int row) {
        FloatBuffer numbers = batch.numeric();
        numbers.get(row * numeric.length, numeric);
        LongBuffer buckets = batch.categorical();
        for (int i = 0, at = row * categorical.length; i < categorical.length; i++, at++) {
            categorical[i] = (int) buckets.get(at);
        }
    }
}
