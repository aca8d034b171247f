package io.headwater.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.event.Event;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.FeatureEncoder;
import org.jspecify.annotations.Nullable;

/** Rows of a {@link SyntheticStream} that a learner has not seen, and hostile ones. */
final class ProbeRows {
    private ProbeRows() {}

    static FeatureBatch probe(int rows) {
        return new SyntheticStream(99, 0.3, 0).batch(rows, new float[rows]);
    }

    static void assertFinite(float[] values) {
        for (float value : values) {
            assertThat(value).isFinite();
        }
    }

    /** Rows of NaN, infinities and huge values in place of the first ones; categories never seen. */
    static FeatureBatch hostile(FeatureBatch rows) {
        float[] values = {
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            1e38f,
            -1e38f,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            Float.MIN_VALUE
        };
        FeatureBatch batch = new FeatureBatch(SyntheticStream.SCHEMA.rows(), rows.rows());
        FeatureEncoder encoder = new FeatureEncoder(SyntheticStream.SCHEMA);
        for (float value : values) {
            @Nullable String[] categorical = {"never seen " + value, null};
            encoder.encode(new Event("h", Long.MAX_VALUE, new float[] {value, value, -value}, categorical), batch);
        }
        for (int row = batch.rows(); row < rows.rows(); row++) {
            batch.copyRow(rows, row);
        }
        return batch;
    }
}
