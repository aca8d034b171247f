package io.headwater.actors.app.demo;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Sends the payments and labels of before the stream to a topic of their own, once. */
final class FraudPast {
    private FraudPast() {}

    /**
     * Sends what the topic does not hold yet: nothing in a kept folder, the rest where an earlier run was cut short.
     *
     * @param topic of one partition; its records are in the order in which they are made, so its end says which is next
     * @throws IOException if the broker does not take them
     */
    static void send(Map<String, String> client, String topic, FraudStream stream)
            throws IOException, InterruptedException {
        long held = end(client, topic);
        AtomicLong number = new AtomicLong();
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        try (Producer<byte[], byte[]> producer = Replay.producer(client)) {
            stream.past(value -> {
                if (number.getAndIncrement() >= held) {
                    producer.send(new ProducerRecord<>(topic, value), (metadata, error) -> {
                        if (error != null) {
                            failure.compareAndSet(null, error);
                        }
                    });
                }
            });
        }
        if (failure.get() != null) {
            throw new IOException("the past cannot be sent to " + topic, failure.get());
        }
    }

    private static long end(Map<String, String> client, String topic) throws IOException, InterruptedException {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (Admin admin = Admin.create(Map.copyOf(client))) {
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
        } catch (ExecutionException e) {
            throw new IOException("the end of topic " + topic + " cannot be read: " + e.getCause(), e);
        }
    }
}
