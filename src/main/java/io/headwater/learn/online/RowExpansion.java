package io.headwater.learn.online;

import io.headwater.feature.NumericScaler;
import io.headwater.learn.OnlineRow;
import io.headwater.learn.StateReader;

/**
 * Makes of a row the {@link RowColumns} that members see, and keeps what that takes: recent means of columns and labels,
 * and each column's mean and deviation. It keeps no row.
 */
final class RowExpansion {
    /*
     * Deviations from a recent mean: on a stream a value often matters by how far it is from what it was lately, and
     * the mean costs no label. The mean of recent labels is the temporally augmented classifier of Zliobaite et al.,
     * Evaluation methods and decision theory for classification of streaming data with temporal dependence (Machine
     * Learning 98, 2015). Both are numbers of the learner's state, so an exported model holds them as weights.
     */

    /** In rows, after which what was seen of a column counts half in its mean and deviation. */
    private static final double SCALE_HALF_LIFE = 20_000;

    /** A column's own mean and deviation are trusted from here on. */
    private static final int KNOWN_ROWS = 30;

    /** Further out, a value enters a recent mean as this many deviations: one hostile record must not last. */
    private static final float MAX_DEVIATIONS = 8;

    /**
     * Scaled values count by their logarithm beyond it: what is rare is often what matters, and is told apart far out. On
     * generated card payments average precision rose from .62 to .70 when these were no longer all the same.
     */
    static final float PLAIN_SCALED = 10;

    /** Beyond it, all values are the same: some 50 once their logarithm is taken. */
    static final float MAX_SCALED = 550;

    /** Rows between two looks at the scales, which cost a root and a division each. */
    private static final int SCALE_EVERY = 16;

    /** Multipliers of the three orders, and the prime that they run over: (bucket * multiplier) mod prime. */
    static final long[] ORDER_MULTIPLIERS = {40_503, 28_657, 17_711};

    static final long ORDER_PRIME = 65_521;

    private final RowColumns columns;
    private final RecentMeans trends;
    private final RecentMeans labels;
    private final NumericScaler scaler;
    private final float[] mean;
    private final float[] scale;
    private final float[] inverse;
    private long rows;
    private boolean labelled;

    RowExpansion(RowColumns columns) {
        this.columns = columns;
        this.trends = new RecentMeans(RowColumns.TREND_HALF_LIVES, columns.trends(), columns.numeric());
        this.labels = new RecentMeans(RowColumns.LABEL_HALF_LIVES, columns.labels(), 1);
        this.scaler = new NumericScaler(columns.linear(), SCALE_HALF_LIFE);
        this.mean = scaler.mean();
        this.scale = scaler.scale();
        this.inverse = new float[scale.length];
        invert();
    }

    private void invert() {
        for (int i = 0; i < scale.length; i++) {
            inverse[i] = 1 / scale[i];
        }
    }

    RowColumns columns() {
        return columns;
    }

    /** Rows that have been observed. */
    long rows() {
        return rows;
    }

    /** Writes all columns of a row as the recent means stand now. */
    void expand(OnlineRow row, float[] to) {
        float[] numeric = row.numeric();
        int width = columns.numeric();
        System.arraycopy(numeric, 0, to, 0, width);
        float[] means = trends.means();
        for (int i = 0, at = 0; i < columns.trends(); i++) {
            for (int column = 0; column < width; column++, at++) {
                to[width + at] = numeric[column] - means[at];
            }
        }
        System.arraycopy(labels.means(), 0, to, columns.labelsAt(), columns.labels());
        orders(row, to);
    }

    /** Writes the columns of a row as they were when it came, from what {@link #remember} kept. */
    void recall(OnlineRow row, float[] memo, int from, float[] to) {
        System.arraycopy(row.numeric(), 0, to, 0, columns.numeric());
        System.arraycopy(memo, from, to, columns.numeric(), memory());
        orders(row, to);
    }

    /** Floats that {@link #remember} keeps. */
    int memory() {
        return columns.deviations() + columns.labels();
    }

    void remember(float[] expanded, float[] memo, int into) {
        System.arraycopy(expanded, columns.numeric(), memo, into, memory());
    }

    private void orders(OnlineRow row, float[] to) {
        int at = columns.ordersAt();
        for (int bucket : row.categorical()) {
            for (long multiplier : ORDER_MULTIPLIERS) {
                to[at++] = bucket == 0 ? -1 : bucket * multiplier % ORDER_PRIME;
            }
        }
    }

    /** Scales the columns of linear members and the net: 0 where missing, in deviations, far ones brought nearer. */
    void scaled(float[] expanded, float[] to) {
        for (int i = 0; i < mean.length; i++) {
            float value = (expanded[i] - mean[i]) * inverse[i];
            float plain = Math.max(-PLAIN_SCALED, Math.min(PLAIN_SCALED, value));
            // A missing value, NaN, is not itself.
            to[i] = value == plain ? value : Float.isNaN(value) ? 0 : plain * (1 + beyond(value));
        }
    }

    private static float beyond(float value) {
        return (float) Math.log(Math.min(MAX_SCALED, Math.abs(value)) / PLAIN_SCALED);
    }

    /** Takes in a row that has come, after it was expanded. */
    void observe(float[] expanded) {
        scaler.observe(expanded);
        rows++;
        if (rows <= 2 * SCALE_EVERY || rows % SCALE_EVERY == 0) {
            refresh();
        }
        if (columns.trends() > 0) {
            for (int column = 0; column < columns.numeric(); column++) {
                observeTrend(column, expanded[column]);
            }
        }
    }

    private void refresh() {
        scaler.meanTo(mean);
        scaler.scaleTo(scale);
        invert();
    }

    private void observeTrend(int column, float value) {
        if (!(Math.abs(value) <= Float.MAX_VALUE)) {
            return;
        }
        if (rows == 1) {
            trends.begin(column, value);
        } else {
            float reach = MAX_DEVIATIONS * scale[column];
            boolean known = rows > KNOWN_ROWS;
            float counted = known ? Math.max(mean[column] - reach, Math.min(mean[column] + reach, value)) : value;
            trends.observe(column, counted);
        }
    }

    /** Takes in a label that has come. */
    void label(float label) {
        if (columns.labels() > 0) {
            if (labelled) {
                labels.observe(0, label);
            } else {
                labels.begin(0, label);
            }
        }
        labelled = true;
    }

    float[] trendMeans() {
        return trends.means();
    }

    float[] labelMeans() {
        return labels.means();
    }

    float[] mean() {
        return mean;
    }

    float[] scale() {
        return scale;
    }

    void write(StateSink out) {
        out.integer64(rows).integer(labelled ? 1 : 0);
        trends.write(out);
        labels.write(out);
        out.reals64(scaler.state()).reals(mean).reals(scale);
    }

    void restore(StateReader in) {
        rows = in.integer64();
        labelled = in.integer(0, 1) == 1;
        trends.restore(in);
        labels.restore(in);
        scaler.restore(in.reals64(3 * columns.linear(), 4 * columns.linear()));
        System.arraycopy(in.reals(mean.length), 0, mean, 0, mean.length);
        System.arraycopy(in.reals(scale.length), 0, scale, 0, scale.length);
        invert();
    }

    long bytes() {
        return trends.bytes()
                + labels.bytes()
                + (long) columns.linear() * (3 * Double.BYTES + 3 * Float.BYTES + Integer.BYTES);
    }
}
