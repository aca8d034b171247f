package io.headwater.actors;

import io.headwater.event.RowKey;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a simulated model keeps of its source for learning: one row of each owner, behind his key. */
final class SourceRows {
    private static final int ROW = 2 * Long.BYTES;

    static final byte[] BYTES = make();

    private SourceRows() {}

    private static byte[] make() {
        ByteBuffer rows = ByteBuffer.allocate(ROW * SimStreams.OWNERS);
        for (int owner = 0; owner < SimStreams.OWNERS; owner++) {
            rows.putLong(RowKey.of(SimStreams.owner(owner)));
            rows.putFloat(1.7654321f + owner).putFloat(2.1234567f + owner);
        }
        return rows.array();
    }

    /** By the owner's key, each row as {@link RowTraces#row} has it. */
    static Map<Long, Long> all() {
        Map<Long, Long> rows = new HashMap<>();
        for (ByteBuffer left = ByteBuffer.wrap(BYTES); left.hasRemaining(); ) {
            rows.put(left.getLong(), left.getLong());
        }
        return rows;
    }

    /** As {@link Erasing.Keepers#sourceRowsWithout}. */
    static Optional<byte[]> without(byte[] rows, List<Long> keys) {
        ByteBuffer others = ByteBuffer.allocate(rows.length);
        for (ByteBuffer left = ByteBuffer.wrap(rows); left.hasRemaining(); ) {
            long key = left.getLong();
            long row = left.getLong();
            if (!keys.contains(key)) {
                others.putLong(key).putLong(row);
            }
        }
        byte[] bytes = new byte[others.position()];
        others.flip().get(bytes);
        return bytes.length < rows.length ? Optional.of(bytes) : Optional.empty();
    }
}
