package io.headwater.feature;

import io.headwater.event.EventLayout;
import io.headwater.feature.RowTensor.Element;
import java.util.ArrayList;
import java.util.List;

/**
 * How an event becomes the two input tensors of a model: {@code numeric} float {@code [rows, numericWidth]} and
 * {@code categorical} int64 {@code [rows, categoricalWidth]}. Scaling and embeddings are inside the model's graph;
 * this schema is all that has to be known outside it, and travels in the manifest.
 *
 * @param layout the event's fields, by slot
 * @param timeOfDay adds two numeric columns, sine and cosine of the time of day (UTC)
 * @param weekday adds one categorical column, the day of the week (UTC)
 * @param buckets how many hash buckets all categorical columns share; bucket 0 means missing
 */
public record FeatureSchema(EventLayout layout, boolean timeOfDay, boolean weekday, int buckets) {
    /** The derived categorical column: its values are "0" (Monday) to "6". */
    static final String WEEKDAY = "weekday";

    private static final List<String> TIME_OF_DAY = List.of("time_of_day_sin", "time_of_day_cos");

    public FeatureSchema {
        if (buckets < 2 || buckets > 1 << 24) {
            throw new IllegalArgumentException("buckets must be in 2..16777216, not " + buckets);
        }
        if (weekday && layout.categorical().contains(WEEKDAY)) {
            throw new IllegalArgumentException("field '" + WEEKDAY + "' has the name of the derived column: rename it"
                    + " or switch the derived weekday off");
        }
    }

    /** Columns of the numeric tensor. */
    public int numericWidth() {
        return layout.numeric().size() + (timeOfDay ? 2 : 0);
    }

    /** Columns of the categorical tensor. */
    public int categoricalWidth() {
        return layout.categorical().size() + (weekday ? 1 : 0);
    }

    /** The rows that events become. */
    public RowLayout rows() {
        List<RowTensor> tensors = new ArrayList<>();
        if (numericWidth() > 0) {
            List<String> columns = numericColumns();
            tensors.add(new RowTensor(
                    ModelSignature.NUMERIC, Element.FLOAT, List.of(columns.size()), columns, Long.MAX_VALUE));
        }
        if (categoricalWidth() > 0) {
            List<String> columns = categoricalColumns();
            tensors.add(new RowTensor(
                    ModelSignature.CATEGORICAL, Element.INT64, List.of(columns.size()), columns, buckets));
        }
        return new RowLayout(tensors, buckets + " hash buckets");
    }

    /** Names of the numeric columns, in order. */
    public List<String> numericColumns() {
        List<String> columns = new ArrayList<>(layout.numeric());
        if (timeOfDay) {
            columns.addAll(TIME_OF_DAY);
        }
        return List.copyOf(columns);
    }

    /** True for a column that is derived from when an event was, not from what it says. */
    public static boolean isOfTheClock(String column) {
        return column.equals(WEEKDAY) || TIME_OF_DAY.contains(column);
    }

    /** Names of the categorical columns, in order. */
    public List<String> categoricalColumns() {
        List<String> columns = new ArrayList<>(layout.categorical());
        if (weekday) {
            columns.add(WEEKDAY);
        }
        return List.copyOf(columns);
    }
}
