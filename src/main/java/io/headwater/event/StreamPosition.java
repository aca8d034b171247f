package io.headwater.event;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far the streams have been taken in: the next offset to read of each partition. It never goes back: a range that
 * begins before it would be applied twice, and {@link #advance} refuses it.
 */
public record StreamPosition(SortedMap<Partition, Long> next) {
    public static final StreamPosition START = new StreamPosition(new TreeMap<>());

    public StreamPosition {
        next = Collections.unmodifiableSortedMap(new TreeMap<>(next));
    }

    /** The next offset to read of {@code partition}, or {@code otherwise} if nothing of it was taken in yet. */
    public long nextOf(Partition partition, long otherwise) {
        return next.getOrDefault(partition, otherwise);
    }

    /**
     * The position after {@code ranges}, which may leave gaps but never overlap what was taken in.
     *
     * @throws IllegalArgumentException if a range begins before the position of its partition
     */
    public StreamPosition advance(List<OffsetRange> ranges) {
        SortedMap<Partition, Long> advanced = new TreeMap<>(next);
        for (OffsetRange range : ranges) {
            Long at = advanced.get(range.partition());
            if (at != null && range.from() < at) {
                throw new IllegalArgumentException(
                        range + " begins before offset " + at + ", which is the next to take");
            }
            advanced.put(range.partition(), range.until());
        }
        return new StreamPosition(advanced);
    }
}
