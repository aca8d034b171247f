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
import org.apache.kafka.common.errors.AuthorizationException;
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

    /**
     * Makes a topic and returns when its partitions answer; one that is there is left as it is, also by who may not make
     * any.
     */
    void make(NewTopic topic) throws ExecutionException, TimeoutException, InterruptedException {
        try {
            admin.createTopics(List.of(topic)).all().get(leftNs(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException
                    || e.getCause() instanceof AuthorizationException && partitions(topic.name()) > 0) {
                return;
            }
            throw e;
        }
        int partitions = partitions(topic.name());
        while (partitions == 0 || !answers(topic.name(), partitions)) {
            // There is no signal to wait for: only asking again tells.
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
            partitions = partitions(topic.name());
        }
    }

    /** How many a topic has; 0 while the broker does not know it. */
    private int partitions(String topic) throws ExecutionException, TimeoutException, InterruptedException {
        try {
            return admin
                    .describeTopics(List.of(topic))
                    .allTopicNames()
                    .get(leftNs(), TimeUnit.NANOSECONDS)
                    .values()
                    .stream()
                    .mapToInt(described -> described.partitions().size())
                    .sum();
        } catch (ExecutionException e) {
            return notYet(e);
        }
    }

    private boolean answers(String topic, int partitions)
            throws ExecutionException, TimeoutException, InterruptedException {
        Map<TopicPartition, OffsetSpec> ends = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        try {
            admin.listOffsets(ends).all().get(leftNs(), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException e) {
            return notYet(e) > 0;
        }
    }

    /** 0 where it may be otherwise in a moment. */
    private int notYet(ExecutionException e) throws ExecutionException {
        if (e.getCause() instanceof RetriableException && System.nanoTime() < endNs) {
            return 0;
        }
        throw e;
    }

    private long leftNs() {
        return Math.max(1, endNs - System.nanoTime());
    }
}
