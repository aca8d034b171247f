package io.headwater.kafka;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Topics in the making. A broker says that a topic is made before it knows the topic itself; whoever asks in between is
 * told that there is none.
 *
 * @param endNs when it gives up, as {@link System#nanoTime} counts
 */
record NewTopics(Admin admin, long endNs) {
    private static final long PAUSE_MS = 20;

    /** Makes a topic of so many partitions unless it is there, and returns when they answer. */
    void make(NewTopic topic) throws ExecutionException, TimeoutException, InterruptedException {
        try {
            admin.createTopics(List.of(topic)).all().get(leftNs(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return;
            }
            throw e;
        }
        Map<TopicPartition, OffsetSpec> ends = IntStream.range(0, topic.numPartitions())
                .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        while (!answers(ends)) {
            // There is no signal to wait for: only asking again tells.
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
    }

    private boolean answers(Map<TopicPartition, OffsetSpec> ends)
            throws ExecutionException, TimeoutException, InterruptedException {
        try {
            admin.listOffsets(ends).all().get(leftNs(), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RetriableException && System.nanoTime() < endNs) {
                return false;
            }
            throw e;
        }
    }

    private long leftNs() {
        return Math.max(1, endNs - System.nanoTime());
    }
}
