package io.headwater.kafka;

import io.headwater.event.OffsetRange;
import io.headwater.event.Partition;
import java.util.List;

/**
 * Records of one partition that were read one after another.
 *
 * @param from where the reading began: no record lies between it and the first of {@code records}
 * @param records in offset order, at least one
 * @param until where the reading goes on: no record lies between the last of {@code records} and it, but markers of
 *     transactions may. Who went on at the last record instead would miss a marker once retention has taken it, and
 *     could not tell it from a record.
 */
public record PolledBatch<T>(Partition partition, long from, List<PolledRecord<T>> records, long until) {
    public PolledBatch {
        records = List.copyOf(records);
        if (records.isEmpty() || from > records.get(0).offset()) {
            throw new IllegalArgumentException("a batch of " + partition + " from " + from + " begins with "
                    + (records.isEmpty()
                            ? "nothing"
                            : "offset " + records.get(0).offset()));
        }
        if (until <= last(records)) {
            throw new IllegalArgumentException(
                    "a batch of " + partition + " until " + until + " ends with offset " + last(records));
        }
    }

    /** Until just behind its last record. */
    public PolledBatch(Partition partition, long from, List<PolledRecord<T>> records) {
        this(partition, from, records, records.isEmpty() ? from : last(records) + 1);
    }

    public int size() {
        return records.size();
    }

    /** The records {@code fromIndex <= index < untilIndex}, still one after another. */
    public PolledBatch<T> slice(int fromIndex, int untilIndex) {
        long begin = fromIndex == 0 ? from : records.get(fromIndex).offset();
        long end =
                untilIndex == records.size() ? until : records.get(untilIndex).offset();
        return new PolledBatch<>(partition, begin, records.subList(fromIndex, untilIndex), end);
    }

    /** From the first record to where the reading goes on. */
    public OffsetRange range() {
        return new OffsetRange(partition, records.get(0).offset(), until);
    }

    private static long last(List<? extends PolledRecord<?>> records) {
        return records.get(records.size() - 1).offset();
    }
}
