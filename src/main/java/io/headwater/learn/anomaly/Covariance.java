package io.headwater.learn.anomaly;

import io.headwater.event.OwnerKeys;
import io.headwater.event.RowKey;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import io.headwater.learn.exact.PackedMatrix;
import java.nio.LongBuffer;
import java.util.Arrays;

/** The squared Mahalanobis distance of standardized rows from their mean, by a covariance that follows the stream. */
final class Covariance {
    /*
     * Mahalanobis (1936). The covariance is drawn toward its diagonal by PRIOR_ROWS rows without correlation, so that
     * it can be inverted from the first row on and columns that are nearly sums of others do not blow up. It is
     * factored again after a third as many rows as columns, which costs as much as the rows themselves, or when the rows
     * have doubled.
     */
    private static final double PRIOR_ROWS = 20;
    private static final int BLOCK = 32;
    private static final int FIRST_FACTOR = 16;

    private final int columns;
    private final double decay;
    private final PackedMatrix products;
    private final PackedMatrix factor;
    private final double[] waiting;
    /** Whose row each of those that wait is. */
    private final long[] keys = new long[BLOCK];

    private final double[] panel;
    private final double[] white;
    private int waitingRows;
    private double weight;
    private double rows;
    private double factoredAfter;

    Covariance(int columns, double halfLifeRows) {
        this.columns = columns;
        this.decay = Math.pow(0.5, 1 / halfLifeRows);
        this.products = new PackedMatrix(columns);
        this.factor = new PackedMatrix(columns);
        this.waiting = new double[BLOCK * columns];
        this.panel = new double[BLOCK * columns];
        this.white = new double[columns];
        for (int i = 0; i < columns; i++) {
            factor.set(i, i, 1);
        }
    }

    /** Divided by the columns: around 1 for a usual row. */
    double distance(float[] row) {
        double[] values = factor.values();
        double sum = 0;
        for (int i = 0, at = 0; i < columns; at += ++i) {
            double rest = row[i];
            for (int j = 0; j < i; j++) {
                rest -= values[at + j] * white[j];
            }
            white[i] = rest / values[at + i];
            sum += white[i] * white[i];
        }
        return sum / columns;
    }

    /** @param key whose row it is */
    void add(float[] row, long key) {
        keys[waitingRows] = key;
        for (int i = 0, at = waitingRows * columns; i < columns; i++, at++) {
            waiting[at] = row[i];
        }
        waitingRows++;
        rows++;
        boolean due = rows - factoredAfter >= Math.max(FIRST_FACTOR, Math.min(factoredAfter, columns / 3.0));
        if (waitingRows == BLOCK || due) {
            takeIn();
        }
        if (due) {
            refactor();
        }
    }

    private void takeIn() {
        // Within a block rows count the same: it is short against the half-life.
        double kept = Math.pow(decay, waitingRows);
        products.scale(kept);
        weight = kept * weight + waitingRows;
        products.addOuterProducts(waiting, waitingRows, 1, 0);
        waitingRows = 0;
    }

    /**
     * Has no row of {@code owners} wait any longer: if there is one, all that wait are taken in now.
     *
     * @return rows of {@code owners} that waited
     */
    int erase(OwnerKeys owners) {
        int erased = 0;
        for (int row = 0; row < waitingRows; row++) {
            erased += owners.contains(keys[row]) ? 1 : 0;
        }
        if (erased > 0) {
            takeIn();
            Arrays.fill(waiting, 0);
            Arrays.fill(keys, RowKey.NONE);
        }
        return erased;
    }

    private void refactor() {
        factoredAfter = rows;
        factor.copyFrom(products);
        double scale = 1 / (weight + PRIOR_ROWS);
        factor.scale(scale);
        for (int i = 0; i < columns; i++) {
            factor.set(i, i, factor.get(i, i) + PRIOR_ROWS * scale);
        }
        if (!factor.factor(panel)) {
            Arrays.fill(factor.values(), 0);
            for (int i = 0; i < columns; i++) {
                factor.set(i, i, 1);
            }
        }
    }

    void fade(double factorOfRows) {
        products.scale(factorOfRows);
        weight *= factorOfRows;
    }

    void write(StateWriter out) {
        out.reals64(products.values()).reals64(factor.values());
        out.integer(waitingRows).reals64(Arrays.copyOf(waiting, waitingRows * columns));
        out.integers64(LongBuffer.wrap(keys), waitingRows);
        out.real64(weight).real64(rows).real64(factoredAfter);
    }

    void read(StateReader in) {
        int size = products.values().length;
        System.arraycopy(in.reals64(size), 0, products.values(), 0, size);
        System.arraycopy(in.reals64(size), 0, factor.values(), 0, size);
        waitingRows = in.integer(0, BLOCK - 1);
        System.arraycopy(in.reals64(waitingRows * columns), 0, waiting, 0, waitingRows * columns);
        System.arraycopy(in.integers64(waitingRows), 0, keys, 0, waitingRows);
        weight = in.real64();
        rows = in.real64();
        factoredAfter = in.real64();
    }

    long bytes() {
        return (long) Double.BYTES * (2L * products.values().length + (2L * BLOCK + 1) * columns + BLOCK + 4);
    }
}
