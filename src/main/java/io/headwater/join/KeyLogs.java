package io.headwater.join;

import java.nio.ByteBuffer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** The logs of all keys of one partition in a state store. The log that {@link #open} gives is one and the same. */
final class KeyLogs {
    /** A value is the timestamp of the record that changed it last, then the log. */
    private static final int HEAD_BYTES = Long.BYTES;

    private final KeyValueStore<String, byte[]> store;
    private final VelocityLog log;

    KeyLogs(KeyValueStore<String, byte[]> store, int capacity) {
        this.store = store;
        this.log = new VelocityLog(capacity);
    }

    /** The log of a key, empty if it was never met; until the next key is opened. */
    VelocityLog open(String key) {
        byte[] saved = store.get(key);
        if (saved == null) {
            log.clear();
        } else {
            log.restore(ByteBuffer.wrap(saved, HEAD_BYTES, saved.length - HEAD_BYTES));
        }
        return log;
    }

    /**
     * Keeps the log that was opened.
     *
     * @param recordMs timestamp of the record that changed it
     */
    void save(String key, long recordMs) {
        ByteBuffer value = ByteBuffer.allocate(HEAD_BYTES + log.bytes()).putLong(recordMs);
        log.write(value);
        store.put(key, value.array());
    }

    /** Lets go of the keys that no record has changed since {@code recordMs}. */
    void sweep(long recordMs) {
        try (KeyValueIterator<String, byte[]> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                if (ByteBuffer.wrap(entry.value).getLong() < recordMs) {
                    store.delete(entry.key);
                }
            }
        }
    }
}
