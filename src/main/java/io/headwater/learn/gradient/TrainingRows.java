package io.headwater.learn.gradient;

import io.headwater.feature.FeatureBatch;
import io.headwater.feature.RowLayout;

/** Labelled rows that a training goes through many times. */
public interface TrainingRows {
    /** What the rows are: the frontier's tensors. */
    RowLayout layout();

    int size();

    /** The class of a row, from 0. */
    int label(int row);

    /**
     * Appends rows to {@code batch}.
     *
     * @param order row numbers, of which {@code from} until {@code from + count} are meant
     * @param varied whether what the rows are made of may be augmented; never for held-out rows
     */
    void copyTo(FeatureBatch batch, int[] order, int from, int count, boolean varied);

    /** Copies one row, by its number, to the end of a batch. */
    @FunctionalInterface
    interface Copy {
        void to(FeatureBatch batch, int row);
    }

    /** Rows that are there already. */
    static TrainingRows of(FeatureBatch rows, int[] labels) {
        if (labels.length != rows.rows()) {
            throw new IllegalArgumentException(labels.length + " labels for " + rows.rows() + " rows");
        }
        return of(rows.layout(), labels, (batch, row) -> batch.copyRow(rows, row));
    }

    /** Rows that lie elsewhere, one for each label, and are never augmented. */
    static TrainingRows of(RowLayout layout, int[] labels, Copy copy) {
        return new TrainingRows() {
            @Override
            public RowLayout layout() {
                return layout;
            }

            @Override
            public int size() {
                return labels.length;
            }

            @Override
            public int label(int row) {
                return labels[row];
            }

            @Override
            public void copyTo(FeatureBatch batch, int[] order, int from, int count, boolean varied) {
                for (int i = from; i < from + count; i++) {
                    copy.to(batch, order[i]);
                }
            }
        };
    }
}
