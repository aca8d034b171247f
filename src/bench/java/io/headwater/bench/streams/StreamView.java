package io.headwater.bench.streams;

import io.headwater.bench.streams.StreamRows.Categories;
import io.headwater.feature.CategoryHasher;
import io.headwater.learn.OnlineRow;
import io.headwater.offline.evaluate.EvaluationRows;
import java.util.Arrays;
import java.util.List;

/**
 * A stream as one kind of learner reads it: numbers as they are, and for a category its hash bucket, as the product has
 * it by default, or the place of its value, which nothing shares.
 */
final class StreamView implements EvaluationRows {
    /** As a live model has by default. */
    static final int BUCKETS = 1024;

    private final StreamRows rows;
    private final int[][] codes;

    private StreamView(StreamRows rows, int[][] codes) {
        this.rows = rows;
        this.codes = codes;
    }

    static StreamView hashed(StreamRows rows) {
        int[][] codes = new int[rows.categories().size()][];
        for (int column = 0; column < codes.length; column++) {
            Categories categories = rows.categories().get(column);
            CategoryHasher hasher = new CategoryHasher(categories.name(), BUCKETS);
            List<String> values = categories.values();
            codes[column] = new int[values.size() + 1];
            Arrays.setAll(codes[column], place -> place == 0 ? 0 : (int) hasher.bucket(values.get(place - 1)));
        }
        return new StreamView(rows, codes);
    }

    static StreamView numbered(StreamRows rows) {
        int[][] codes = new int[rows.categories().size()][];
        for (int column = 0; column < codes.length; column++) {
            codes[column] = new int[rows.categories().get(column).values().size() + 1];
            Arrays.setAll(codes[column], place -> place);
        }
        return new StreamView(rows, codes);
    }

    @Override
    public int rows() {
        return rows.rows();
    }

    @Override
    public int numericWidth() {
        return rows.numericNames().size();
    }

    @Override
    public int categoricalWidth() {
        return codes.length;
    }

    @Override
    public void read(int row, OnlineRow into) {
        rows.numbers(row, into.numeric());
        for (int column = 0; column < codes.length; column++) {
            into.categorical()[column] = codes[column][rows.place(row, column)];
        }
    }

    @Override
    public float label(int row) {
        return rows.label(row);
    }
}
