package io.headwater.event;

import java.util.Arrays;
import java.util.Collection;

/**
 * Some owners of rows, each by its {@link RowKey}: what an erasure asks of each row that is kept, once, however many they
 * are. {@link RowKey#NONE} is never among them.
 */
public final class OwnerKeys {
    private final long[] sorted;

    private OwnerKeys(long[] keys) {
        this.sorted = Arrays.stream(keys)
                .filter(key -> key != RowKey.NONE)
                .sorted()
                .distinct()
                .toArray();
    }

    public static OwnerKeys of(long... keys) {
        return new OwnerKeys(keys);
    }

    /** As lineage records have them. */
    public static OwnerKeys of(Collection<Long> keys) {
        return new OwnerKeys(keys.stream().mapToLong(Long::longValue).toArray());
    }

    /** Whether a row of {@code key} is one of these owners'; never of {@link RowKey#NONE}, which is nobody's. */
    public boolean contains(long key) {
        return Arrays.binarySearch(sorted, key) >= 0;
    }

    @Override
    public String toString() {
        return sorted.length + " owners";
    }
}
