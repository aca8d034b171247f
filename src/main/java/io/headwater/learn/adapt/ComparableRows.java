package io.headwater.learn.adapt;

import io.headwater.feature.FeatureBatch;
import io.headwater.feature.FeatureSchema;
import io.headwater.feature.RowLayout;
import io.headwater.feature.RowTensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Encoded rows as {@link ProxyDistance} reads them: numbers in standard deviations of the source's, 0 where missing, and a
 * column of 0 and 1 for each category.
 */
final class ComparableRows implements ProxyDistance.Rows {
    /*
     * Columns of the clock are left out: a window of traffic is a short time, and a classifier would tell it by the hour
     * from a source that is weeks long, though nothing differs.
     */
    private static final float MAX_DEVIATIONS = 8;
    private static final double LEAST_DEVIATION = 1e-6;

    /** Categories of a tensor share this many columns at the most. */
    private static final int MOST_CATEGORIES = 4_096;

    /** One column that is read. */
    private record Column(int tensor, int element) {}

    /** Which columns of a layout are read, and how: in the source's standard deviations. */
    static final class Columns {
        private final List<Column> numbers = new ArrayList<>();
        private final List<Column> categories = new ArrayList<>();
        private final int[] places;
        private final int width;

        Columns(RowLayout layout) {
            for (int t = 0; t < layout.tensors().size(); t++) {
                RowTensor tensor = layout.tensors().get(t);
                for (int i = 0; i < tensor.width(); i++) {
                    boolean clock = !tensor.columns().isEmpty()
                            && FeatureSchema.isOfTheClock(tensor.columns().get(i));
                    if (!clock) {
                        (tensor.isFloat() ? numbers : categories).add(new Column(t, i));
                    }
                }
            }
            this.places = new int[layout.tensors().size()];
            int next = numbers.size();
            int[] first = new int[places.length];
            for (int t = 0; t < places.length; t++) {
                RowTensor tensor = layout.tensors().get(t);
                first[t] = next;
                places[t] = tensor.isFloat() ? 0 : (int) Math.min(MOST_CATEGORIES, tensor.below());
                next += places[t];
            }
            this.firsts = first;
            this.width = next;
        }

        private final int[] firsts;

        /** Values of a row, about: what a pass of the classifier over it costs. */
        int values() {
            return numbers.size() + categories.size() + 1;
        }
    }

    private final Columns columns;
    private final int rows;
    private final float[] numbers;
    private final int[] categories;

    private ComparableRows(Columns columns, FeatureBatch batch, float[] means, float[] deviations) {
        this.columns = columns;
        this.rows = batch.rows();
        int width = columns.numbers.size();
        this.numbers = new float[rows * width];
        this.categories = new int[rows * columns.categories.size()];
        for (int i = 0; i < width; i++) {
            Column column = columns.numbers.get(i);
            FloatBuffer from = batch.floats(column.tensor());
            for (int row = 0; row < rows; row++) {
                float value = from.get(row * batch.width(column.tensor()) + column.element());
                float scaled = (value - means[i]) / deviations[i];
                numbers[row * width + i] =
                        Float.isNaN(scaled) ? 0 : Math.max(-MAX_DEVIATIONS, Math.min(MAX_DEVIATIONS, scaled));
            }
        }
        for (int i = 0; i < columns.categories.size(); i++) {
            Column column = columns.categories.get(i);
            int t = column.tensor();
            for (int row = 0; row < rows; row++) {
                long value = batch.longs(t).get(row * batch.width(t) + column.element());
                categories[row * columns.categories.size() + i] =
                        columns.firsts[t] + (int) Math.floorMod(value, (long) columns.places[t]);
            }
        }
    }

    /** The proxy A-distance of two domains' rows. */
    static double distance(Columns columns, FeatureBatch source, FeatureBatch target, long seed) {
        int width = columns.numbers.size();
        float[] means = new float[width];
        float[] deviations = new float[width];
        for (int i = 0; i < width; i++) {
            Column column = columns.numbers.get(i);
            double count = 0;
            double mean = 0;
            double squares = 0;
            for (int row = 0; row < source.rows(); row++) {
                float value =
                        source.floats(column.tensor()).get(row * source.width(column.tensor()) + column.element());
                if (Float.isFinite(value)) {
                    count++;
                    double delta = value - mean;
                    mean += delta / count;
                    squares += delta * (value - mean);
                }
            }
            means[i] = (float) mean;
            double deviation = count == 0 ? 0 : Math.sqrt(squares / count);
            deviations[i] = (float) Math.max(deviation, LEAST_DEVIATION * Math.max(1, Math.abs(mean)));
        }
        return ProxyDistance.between(
                new ComparableRows(columns, source, means, deviations),
                new ComparableRows(columns, target, means, deviations),
                seed);
    }

    @Override
    public int size() {
        return rows;
    }

    @Override
    public int width() {
        return columns.width;
    }

    @Override
    public double dot(int row, double[] weights) {
        double sum = 0;
        int width = columns.numbers.size();
        for (int i = 0; i < width; i++) {
            sum += numbers[row * width + i] * weights[i];
        }
        int many = columns.categories.size();
        for (int i = 0; i < many; i++) {
            sum += weights[categories[row * many + i]];
        }
        return sum;
    }

    @Override
    public void addTo(double[] to, int row, double factor) {
        int width = columns.numbers.size();
        for (int i = 0; i < width; i++) {
            to[i] += factor * numbers[row * width + i];
        }
        int many = columns.categories.size();
        for (int i = 0; i < many; i++) {
            to[categories[row * many + i]] += factor;
        }
    }

    /** Of the numbers; each category counts 1, though two may share a column. */
    @Override
    public double squaredNorm(int row) {
        int width = columns.numbers.size();
        double sum = columns.categories.size();
        for (int i = 0; i < width; i++) {
            sum += (double) numbers[row * width + i] * numbers[row * width + i];
        }
        return sum;
    }
}
