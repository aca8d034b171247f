package io.headwater.learn.online;

/**
 * The columns that members see of a row, one after the other: the numeric columns as they are, for each trend how far
 * they are from their recent mean, how labels went lately, and three random orders of each categorical column.
 *
 * @param numeric columns of the row
 * @param categorical columns of the row
 * @param trends how many recent means a numeric column is compared with
 * @param labels how many recent means of the labels there are
 */
record RowColumns(int numeric, int categorical, int trends, int labels) {
    /** Half-lives, in rows, of the means that columns are compared with. */
    static final double[] TREND_HALF_LIVES = {16, 128};

    /** Half-lives, in labels, of the means of the labels. */
    static final double[] LABEL_HALF_LIVES = {1, 4, 32};

    /** Wider rows have no trends: they would cost more than they tell. */
    static final int MAX_TRENDED = 64;

    /** One order cuts a category off in two questions only if it is at an end; three make that likely. */
    static final int ORDERS = 3;

    static RowColumns of(int numeric, int categorical, boolean trends, boolean labels) {
        boolean trended = trends && numeric <= MAX_TRENDED;
        return new RowColumns(
                numeric,
                categorical,
                trended ? TREND_HALF_LIVES.length : 0,
                trends && labels ? LABEL_HALF_LIVES.length : 0);
    }

    /** Where the deviations from recent means begin; they are as many as {@link #deviations}. */
    int deviationsAt() {
        return numeric;
    }

    int deviations() {
        return numeric * trends;
    }

    int labelsAt() {
        return numeric + deviations();
    }

    /** Columns that linear members read, the first of all. */
    int linear() {
        return labelsAt() + labels;
    }

    int ordersAt() {
        return linear();
    }

    int orders() {
        return categorical * ORDERS;
    }

    int width() {
        return ordersAt() + orders();
    }

    /** The length of an array that a row is put into: the next power of two. */
    int room() {
        return Integer.highestOneBit(Math.max(1, 2 * width() - 1));
    }
}
