package io.headwater.serve;

import io.headwater.event.Event;
import io.headwater.feature.Featurizer;

/**
 * Scores events in batches with whatever model is in the slot. One thread owns it. Its buffers are made once and stay
 * through every change of the model; adding a record allocates nothing.
 *
 * <pre>{@code
 * scorer.clear();
 * while (!scorer.isFull() && events.hasNext()) scorer.add(events.next());
 * long version = scorer.score();
 * for (int row = 0; row < scorer.rows(); row++) emit(row, scorer.probability(row), version);
 * }</pre>
 */
public final class Scorer implements AutoCloseable {
    private final Featurizer featurizer;
    private final ModelSlot slot;
    private final ScoreBuffers buffers;
    private int scored;
    private long checkedGeneration;

    /** @param featurizer closed with the scorer */
    public Scorer(Featurizer featurizer, ModelSlot slot) {
        this.featurizer = featurizer;
        this.slot = slot;
        this.buffers = new ScoreBuffers(featurizer.batch());
    }

    /**
     * Takes {@code event} in as the next row.
     *
     * @throws IllegalStateException if the batch is full
     */
    public void add(Event event) {
        featurizer.add(event);
    }

    public boolean isFull() {
        return featurizer.added() == featurizer.batch().capacity();
    }

    public int rows() {
        return featurizer.added();
    }

    /**
     * Scores all rows added since the last {@link #clear} with one model.
     *
     * @return the version that made every one of these scores
     * @throws IllegalStateException if no model is in the slot, or its model takes other rows
     */
    public long score() {
        // What does not change comes first: a swap in the meantime is not waited for.
        featurizer.run();
        ServedModel model = slot.acquire();
        try {
            check(model);
            int rows = rows();
            model.run(buffers, rows);
            scored = rows;
            return model.version();
        } finally {
            model.release();
        }
    }

    private void check(ServedModel model) {
        if (model.generation() != checkedGeneration) {
            if (!model.layout().equals(featurizer.layout())) {
                throw new IllegalStateException(
                        model + " takes " + model.layout() + " but the rows are " + featurizer.layout());
            }
            checkedGeneration = model.generation();
        }
    }

    /**
     * Probability of class 1 of a scored row.
     *
     * @throws IndexOutOfBoundsException if {@code row} has no score yet
     */
    public float probability(int row) {
        if (row >= scored) {
            throw new IndexOutOfBoundsException("row " + row + " of " + scored + " scored rows");
        }
        return buffers.probability(row);
    }

    /** Forgets all rows and their scores; the buffers stay. */
    public void clear() {
        featurizer.clear();
        scored = 0;
    }

    @Override
    public void close() {
        buffers.close();
        featurizer.close();
    }
}
