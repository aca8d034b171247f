package io.headwater.learn.gradient;

import io.headwater.feature.FeatureBatch;
import io.headwater.feature.NumericScaler;
import io.headwater.graph.Initializer;
import io.headwater.graph.OnnxGraph;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * The bins of a piecewise-linear encoding of numeric columns: of bin {@code t} a scaled value {@code x} has the share
 * {@code clip((x - lower[t]) * steepness[t], 0, 1)}. Borders are quantiles of the source examples, so a net sees where in
 * its column a value lies, however skewed the column is.
 *
 * <p>Gorishniy, Rubachev, Babenko, On Embeddings for Numerical Features in Tabular Deep Learning (NeurIPS 2022). Borders
 * are in scaled units: where a column's running mean and scale move, the bins move with them.
 *
 * @param count bins of each column; 0 for no encoding
 * @param lower {@code [columns, count]} lower borders, in scaled units
 * @param steepness {@code [columns, count]} one over the bin's width; 0 for a bin that repeated values leave empty
 */
record NumericBins(int count, float[] lower, float[] steepness) {
    static final NumericBins NONE = new NumericBins(0, new float[0], new float[0]);

    static final String LOWER = "bins.lower";
    static final String STEEPNESS = "bins.steepness";

    private static final float NARROWEST = 1e-6f;

    /**
     * Bins with as many of the first {@code used} rows in each.
     *
     * @param scaler knows the columns of these rows
     */
    static NumericBins of(FeatureBatch rows, int used, NumericScaler scaler, int count) {
        int columns = scaler.columns();
        if (count == 0 || columns == 0) {
            return NONE;
        }
        float[] lower = new float[columns * count];
        float[] steepness = new float[columns * count];
        float[] mean = scaler.mean();
        float[] scale = scaler.scale();
        for (int column = 0; column < columns; column++) {
            float[] values = scaled(rows, used, column, mean[column], scale[column]);
            for (int bin = 0; bin < count && values.length > 0; bin++) {
                float from = quantile(values, (double) bin / count);
                float width = quantile(values, (double) (bin + 1) / count) - from;
                lower[column * count + bin] = from;
                steepness[column * count + bin] = width > NARROWEST ? 1 / width : 0;
            }
        }
        return new NumericBins(count, lower, steepness);
    }

    /** Those that an earlier net was made with. */
    static NumericBins in(OnnxGraph graph, int columns) {
        Initializer lower = graph.initializers().get(LOWER);
        Initializer steepness = graph.initializers().get(STEEPNESS);
        if (lower == null || steepness == null || columns == 0) {
            return NONE;
        }
        return new NumericBins((int) (lower.size() / columns), lower.floats(), steepness.floats());
    }

    /** Sorted; what is missing is left out. */
    private static float[] scaled(FeatureBatch rows, int used, int column, float mean, float scale) {
        FloatBuffer numbers = rows.numeric();
        float[] values = new float[used];
        int count = 0;
        for (int row = 0; row < used; row++) {
            float value = (numbers.get(row * rows.numericWidth() + column) - mean) / scale;
            if (Float.isFinite(value)) {
                values[count++] = Math.max(-TabularNet.MAX_SCALED, Math.min(TabularNet.MAX_SCALED, value));
            }
        }
        float[] present = Arrays.copyOf(values, count);
        Arrays.sort(present);
        return present;
    }

    private static float quantile(float[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    }
}
