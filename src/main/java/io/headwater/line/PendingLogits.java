package io.headwater.line;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What champion, challenger and frozen model said of an event when it arrived, waiting for its label. Bounded: beyond
 * its capacity the oldest event is forgotten, and its label is then examined when it comes.
 */
final class PendingLogits {
    /** The three logits of one event, as they were at its arrival. */
    record Examined(float champion, float challenger, float frozen) {}

    /** An id longer than this does not wait: capacity bounds events, this bounds their bytes. */
    static final int MAX_ID_LENGTH = 256;

    private final int capacity;
    private final Map<String, Examined> waiting = new LinkedHashMap<>();

    PendingLogits(int capacity) {
        this.capacity = capacity;
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

    int size() {
        return waiting.size();
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(waiting.size());
        for (Map.Entry<String, Examined> entry : waiting.entrySet()) {
            out.writeUTF(entry.getKey());
            out.writeFloat(entry.getValue().champion());
            out.writeFloat(entry.getValue().challenger());
            out.writeFloat(entry.getValue().frozen());
        }
    }

    static PendingLogits read(DataInput in, int capacity) throws IOException {
        PendingLogits pending = new PendingLogits(capacity);
        int count = in.readInt();
        if (count < 0) {
            throw new IOException(count + " events that wait for their label");
        }
        for (int i = 0; i < count; i++) {
            pending.put(in.readUTF(), new Examined(in.readFloat(), in.readFloat(), in.readFloat()));
        }
        return pending;
    }
}
