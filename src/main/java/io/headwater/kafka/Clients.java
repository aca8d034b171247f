package io.headwater.kafka;

import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/** Makes the clients that the promises rest on: each of them reads committed records only, and none commits by itself. */
interface Clients {
    /** A consumer outside any group, to be assigned and sought; it fails where an offset does not exist. */
    Consumer<byte[], byte[]> reader(String clientId, int maxPollRecords);

    /**
     * A {@link #reader} of what is in the topic already. It does not wait for more: a fetch that waits at the end of one
     * partition would hold up the next seek.
     */
    Consumer<byte[], byte[]> replayer(String clientId, int maxPollRecords);

    /**
     * A consumer of {@code group} that begins at the earliest record where the group has no offset yet.
     *
     * @param instance the member's lasting name: after a crash the group gives it its partitions back at once, instead
     *     of waiting until the crashed one's session ends
     */
    Consumer<byte[], byte[]> member(String instance, String group, int maxPollRecords);

    /** A producer whose records become visible transaction by transaction; it fences others of the same id. */
    Producer<byte[], byte[]> transactional(String clientId, String transactionalId, Duration timeout);
}
