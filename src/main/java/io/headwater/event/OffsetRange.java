package io.headwater.event;

/**
 * The records {@code from <= offset < until} of one partition. Offsets inside it may be missing (transaction markers,
 * compaction) and records inside it may have been refused.
 */
public record OffsetRange(Partition partition, long from, long until) {
    public OffsetRange {
        if (from < 0 || until <= from) {
            throw new IllegalArgumentException("offsets " + from + " until " + until + " of " + partition);
        }
    }

    @Override
    public String toString() {
        return partition + "[" + from + "," + until + ")";
    }
}
