package io.headwater.dataset;

import java.util.Iterator;
import java.util.List;

/**
 * A recording as an endless stream of events and labels in time order, after a part that a source model is developed on.
 * When it has run out it begins again with fresh ids. One thread owns it.
 */
public interface RecordedStream extends Iterator<StreamItem> {
    /** Always true: the stream has no end. */
    @Override
    default boolean hasNext() {
        return true;
    }

    /** The next record; a label that is due at the time of an event comes before it. */
    @Override
    StreamItem next();

    /** The slot of the event with this id, or -1 if it is no event of this stream. Any thread may ask. */
    long slotOf(String id);

    /** The slot of the first event; labels of smaller slots, whose events were before the stream, may come too. */
    default long firstEvent() {
        return 0;
    }

    /** How many times the recording has been gone through, the current pass included. */
    long passes();

    /** What was known when the stream begins: labelled examples as the labelled topic would hold them, in time order. */
    List<byte[]> sourceExamples();

    /** The share of class 1 among the source examples. */
    double sourceRate();
}
