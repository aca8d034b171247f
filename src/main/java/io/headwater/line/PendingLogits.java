package io.headwater.line;

import io.headwater.event.OwnerKeys;
import io.headwater.event.RowKey;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What champion, challenger and frozen model said of an event when it arrived, and the learner's memo of it, waiting for
 * its label. Bounded: beyond its capacity the oldest event is forgotten, and its label is then examined when it comes.
 */
final class PendingLogits {
    /**
     * The three logits of one event, as they were at its arrival.
     *
     * @param owner whose the event is, {@link RowKey#of}
     * @param memo what the learner wants back with the label
     */
    record Examined(long owner, float champion, float challenger, float frozen, float[] memo) {
        private static final int LOGITS = 3;

        void write(ByteBuffer to) {
            to.putLong(owner).putFloat(champion).putFloat(challenger).putFloat(frozen);
            to.asFloatBuffer().put(memo);
        }

        static Examined read(ByteBuffer from, int memoLength) {
            float[] memo = new float[memoLength];
            Examined read = new Examined(from.getLong(), from.getFloat(), from.getFloat(), from.getFloat(), memo);
            from.asFloatBuffer().get(memo);
            return read;
        }
    }

    /** An id longer than this does not wait: capacity bounds events, this bounds their bytes. */
    static final int MAX_ID_LENGTH = 256;

    private static final int MAX_MEMO_LENGTH = 1 << 20;

    private final int capacity;
    private final int memoLength;
    private final Map<String, Examined> waiting = new LinkedHashMap<>();

    PendingLogits(int capacity, int memoLength) {
        this.capacity = capacity;
        this.memoLength = memoLength;
    }

    void put(String id, Examined examined) {
        if (id.length() > MAX_ID_LENGTH) {
            return;
        }
        waiting.put(id, examined);
        if (waiting.size() > capacity) {
            Iterator<String> oldest = waiting.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** Takes an event's logits out; null if it was never examined, or forgotten. */
    @Nullable
    Examined take(String id) {
        return waiting.remove(id);
    }

    /** Forgets the events of some owners; a label of theirs is examined when it comes. Says how many events those were. */
    int erase(OwnerKeys owners) {
        int before = waiting.size();
        waiting.values().removeIf(examined -> owners.contains(examined.owner()));
        return before - waiting.size();
    }

    int size() {
        return waiting.size();
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(memoLength);
        out.writeInt(waiting.size());
        ByteBuffer values = values(memoLength);
        for (Map.Entry<String, Examined> entry : waiting.entrySet()) {
            out.writeUTF(entry.getKey());
            entry.getValue().write(values.clear());
            out.write(values.array());
        }
    }

    private static ByteBuffer values(int memoLength) {
        return ByteBuffer.allocate(Long.BYTES + (Examined.LOGITS + memoLength) * Float.BYTES);
    }

    static PendingLogits read(DataInput in, int capacity, int memoLength) throws IOException {
        PendingLogits pending = new PendingLogits(capacity, memoLength);
        int length = in.readInt();
        int count = in.readInt();
        if (count < 0 || length < 0 || length > MAX_MEMO_LENGTH) {
            throw new IOException(count + " events with memos of " + length + " values that wait for their label");
        }
        ByteBuffer values = values(length);
        for (int i = 0; i < count; i++) {
            String id = in.readUTF();
            in.readFully(values.array());
            // The memos of a learner that is set up otherwise now: their events are examined when their label comes.
            if (length == memoLength) {
                pending.put(id, Examined.read(values.clear(), memoLength));
            }
        }
        return pending;
    }
}
