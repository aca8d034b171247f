package io.headwater.learn.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.event.EventLayout;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.FeatureSchema;
import io.headwater.feature.NumericScaler;
import io.headwater.graph.GraphSplitter;
import io.headwater.learn.SeededRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NumericBinsTest {
    private static final FeatureSchema SCHEMA =
            new FeatureSchema(new EventLayout(List.of("even", "lumpy"), List.of()), false, false, 8);

    /** 0 to 99 in the first column; in the second three quarters zeros, then 1 to 25. */
    private static FeatureBatch rows() {
        FeatureBatch rows = new FeatureBatch(SCHEMA.rows(), 100);
        rows.assume(100);
        for (int i = 0; i < 100; i++) {
            rows.numeric().put(2 * i, i).put(2 * i + 1, Math.max(0, i - 74));
        }
        return rows;
    }

    /** What the net sees of one row: both scaled numbers, then their shares of four bins each. */
    private static float[] encoded(float even, float lumpy) {
        NumericScaler scaler = new NumericScaler(2, Double.POSITIVE_INFINITY);
        scaler.observe(rows());
        NumericBins bins = NumericBins.of(rows(), 100, scaler, 4);
        TabularNet net = TabularNet.fresh(
                SCHEMA, TabularNet.Size.DEFAULT, 1, scaler.mean(), scaler.scale(), bins, new SeededRandom(1));
        String features = net.anatomy().cut(TabularNet.FEATURES).tensors().get(0);
        try (Prefix prefix = new Prefix(
                GraphSplitter.split(net.graph(), net.anatomy().cut(TabularNet.FEATURES)),
                SCHEMA.rows(),
                net.anatomy(),
                1)) {
            prefix.staging().assume(1);
            prefix.staging().numeric().put(0, even).put(1, lumpy);
            prefix.run(scaler.mean(), scaler.scale());
            float[] row = new float[10];
            prefix.tensor(features).floats().get(0, row);
            return row;
        }
    }

    private static float[] shares(float even, float lumpy) {
        float[] row = encoded(even, lumpy);
        return java.util.Arrays.copyOfRange(row, 2, row.length);
    }

    @Test
    void value_fillsTheBinsBelowItAndAShareOfItsOwn() {
        assertThat(shares(30, 0)).containsExactly(new float[] {1, 0.2f, 0, 0, 0, 0, 0, 0}, within(1e-4f));
    }

    @Test
    void valuesBeyondTheSource_fillAllOrNone() {
        assertThat(shares(-1000, 1000)).containsExactly(new float[] {0, 0, 0, 0, 0, 0, 1, 1}, within(1e-4f));
    }

    @Test
    void binsThatRepeatedValuesLeaveEmpty_sayNothing() {
        // The second column's borders are 0, 0, 0, 1 and 25
        assertThat(shares(0, 13.5f)).containsExactly(new float[] {0, 0, 0, 0, 0, 0, 1, 0.5208f}, within(1e-3f));
    }

    @Test
    void missingValue_isTheMean() {
        assertThat(encoded(Float.NaN, 0)).containsExactly(encoded(49.5f, 0), within(1e-4f));
    }

    @Test
    void netThatContinues_keepsTheBins() {
        NumericScaler scaler = new NumericScaler(2, Double.POSITIVE_INFINITY);
        scaler.observe(rows());
        NumericBins bins = NumericBins.of(rows(), 100, scaler, 4);
        TabularNet net = TabularNet.fresh(
                SCHEMA, TabularNet.Size.DEFAULT, 1, scaler.mean(), scaler.scale(), bins, new SeededRandom(1));

        TabularSource continued = TabularSource.continuing(SCHEMA, 1, net.graph(), true, 100, new SeededRandom(2));

        assertThat(NumericBins.in(continued.backbone("all").split().whole(), 2).lower())
                .containsExactly(bins.lower());
        assertThat(continued
                        .backbone("all")
                        .split()
                        .whole()
                        .initializer("hidden.0.weight")
                        .floats())
                .containsExactly(net.graph().initializer("hidden.0.weight").floats());
    }
}
