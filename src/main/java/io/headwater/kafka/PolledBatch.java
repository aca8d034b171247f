package io.headwater.kafka;

import io.headwater.event.OffsetRange;
import io.headwater.event.Partition;
import java.util.List;

/**
 * Records of one partition that were read one after another.
 *
 * @param from where the reading began: no record lies between it and the first of {@code records}
 * @param records in offset order, at least one
 */
public record PolledBatch<T>(Partition partition, long from, List<PolledRecord<T>> records) {
    public PolledBatch {
        records = List.copyOf(records);
        if (records.isEmpty() || from > records.get(0).offset()) {
            throw new IllegalArgumentException("a batch of " + partition + " from " + from + " begins with "
                    + (records.isEmpty()
                            ? "nothing"
                            : "offset " + records.get(0).offset()));
        }
    }

    public int size() {
        return records.size();
    }

    /** The records {@code fromIndex <= index < untilIndex}, still one after another. */
    public PolledBatch<T> slice(int fromIndex, int untilIndex) {
        long begin = fromIndex == 0 ? from : records.get(fromIndex - 1).offset() + 1;
        return new PolledBatch<>(partition, begin, records.subList(fromIndex, untilIndex));
    }

    /** From the first record to just behind the last. */
    public OffsetRange range() {
        return new OffsetRange(
                partition,
                records.get(0).offset(),
                records.get(records.size() - 1).offset() + 1);
    }
}
