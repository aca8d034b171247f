package io.headwater.serve;

import io.headwater.fault.KillPoint;
import org.jspecify.annotations.Nullable;

/**
 * The place that holds the model which scores now: one reference. A swap publishes the next model and retires the one
 * before; scores in flight finish on the model they began with. Scoring threads take no lock, and since every one
 * reads the same reference, none sees a generation before the one it saw last.
 */
public final class ModelSlot implements AutoCloseable {
    private volatile @Nullable ServedModel current;
    /** Only those who change the slot take it. */
    private final Object changes = new Object();

    private long generations;
    private boolean closed;

    /** An empty slot. */
    public ModelSlot() {}

    /** A slot that owns {@code first} and scores with it. */
    public ModelSlot(ServedModel first) {
        swap(first);
    }

    /**
     * The current model, held open for the caller, who must {@link ServedModel#release} it. Never blocks, and never
     * fails while a model is in the slot.
     *
     * @throws IllegalStateException if no model is in the slot
     */
    public ServedModel acquire() {
        while (true) {
            ServedModel model = current;
            if (model == null) {
                throw new IllegalStateException("no model is in the slot");
            }
            if (model.tryAcquire()) {
                return model;
            }
            // Retired between the read and the count: its successor is published already, so the next read finds it.
        }
    }

    /**
     * Publishes {@code next} for all scores that begin after this call and retires the model before. The slot owns
     * {@code next} from here on; if this throws, the caller still does.
     *
     * @return the generation of {@code next}: 1 for the slot's first model, then one more at each swap
     * @throws IllegalArgumentException if {@code next} takes other rows than the model before
     * @throws IllegalStateException if {@code next} was in a slot already, or this one is closed
     */
    public long swap(ServedModel next) {
        ServedModel previous;
        long generation;
        synchronized (changes) {
            if (closed) {
                throw new IllegalStateException("the slot is closed and takes no " + next);
            }
            previous = current;
            if (previous != null && !previous.layout().equals(next.layout())) {
                throw new IllegalArgumentException(next + " takes " + next.layout() + " but " + previous + " took "
                        + previous.layout() + ", and rows are made for that");
            }
            next.enter(generations + 1);
            generation = ++generations;
            current = next;
        }
        if (previous != null) {
            KillPoint.SWAP.pass();
            previous.retire();
        }
        return generation;
    }

    /** The version that a score beginning now is made by; 0 while the slot is empty. */
    public long version() {
        ServedModel model = current;
        return model == null ? 0 : model.version();
    }

    /** How many models the slot has held until the current one; grows even where a roll back lowers the version. */
    public long generation() {
        ServedModel model = current;
        return model == null ? 0 : model.generation();
    }

    /** Empties the slot for good; the model's native session is closed after its last score in flight. */
    @Override
    public void close() {
        ServedModel last;
        synchronized (changes) {
            closed = true;
            last = current;
            current = null;
        }
        if (last != null) {
            last.retire();
        }
    }
}
