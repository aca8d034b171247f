package io.headwater.line;

import io.headwater.codec.DeadLetter;
import java.util.Iterator;
import java.util.List;

/**
 * Where the steps of one model's line are written down: what {@link #append} is given becomes visible all together at
 * {@link #flush}, or none of it. Opening one shuts out whoever wrote the model's lineage before. One thread owns it;
 * after a failure it writes nothing any more and only {@link #close} is left.
 */
public interface LineageLog extends AutoCloseable {
    /**
     * Adds a step and the refused records of its input to what the next {@link #flush} makes visible.
     *
     * @throws TrainerFencedException if another process trains this model now
     */
    void append(LineageRecord record, List<DeadLetter> refused);

    /**
     * Makes everything appended visible at once, and returns when it is kept.
     *
     * @throws TrainerFencedException if another process trains this model now; nothing was written
     */
    void flush();

    /** The visible steps from {@code sequence} on, in order, up to where they end now. */
    Steps readFrom(long sequence);

    /** Drops what was appended and not flushed. */
    @Override
    void close();

    /** Recorded steps, one after the other. */
    interface Steps extends Iterator<LineageRecord>, AutoCloseable {
        @Override
        void close();
    }
}
