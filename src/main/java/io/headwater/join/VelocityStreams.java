package io.headwater.join;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.UsePartitionTimeOnInvalidTimestamp;
import org.jspecify.annotations.Nullable;

/** The velocity topology while it runs, exactly once: what it read, its state and its events are one transaction. */
public final class VelocityStreams implements AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration LOOK = Duration.ofMillis(50);

    private final KafkaStreams streams;
    private final Map<String, Object> client;
    private final String application;
    private final CountDownLatch running = new CountDownLatch(1);
    private volatile @Nullable Throwable failure;

    /**
     * How it is run.
     *
     * @param application names the consumer group, the changelogs and the topic between the stages
     * @param topics what it reads and writes; they must exist
     * @param deadLetters topic of the records that are no payments; likewise
     * @param state folder of the stores; what is lost there is read again from the changelogs
     * @param commitInterval an event is visible at the latest two of these after its payment came
     */
    public record Settings(
            String application,
            VelocityTopology.Topics topics,
            String deadLetters,
            Path state,
            Duration commitInterval) {}

    private VelocityStreams(KafkaStreams streams, Map<String, Object> client, String application) {
        this.streams = streams;
        this.client = client;
        this.application = application;
    }

    /** @param client bootstrap servers and whatever else the cluster needs */
    public static VelocityStreams start(Map<String, String> client, VelocityFeatures features, Settings settings) {
        Properties properties = properties(client, settings);
        KafkaStreams streams = new KafkaStreams(VelocityTopology.of(features, settings.topics()), properties);
        VelocityStreams started = new VelocityStreams(streams, Map.copyOf(client), settings.application());
        streams.setUncaughtExceptionHandler(error -> {
            started.failure = error;
            started.running.countDown();
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.RUNNING) {
                started.running.countDown();
            }
        });
        streams.start();
        return started;
    }

    static Properties properties(Map<String, String> client, Settings settings) {
        Properties properties = new Properties();
        properties.putAll(client);
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.application());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                settings.commitInterval().toMillis());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, settings.state().toString());
        properties.put(
                StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, UsePartitionTimeOnInvalidTimestamp.class);
        properties.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, RefusedPayments.class);
        properties.put(RefusedPayments.TOPIC, settings.deadLetters());
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        // After a crash the same member comes back at once, instead of when its session ends.
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), settings.application());
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 1);
        // The first batch of a transaction waits at the broker until that knows of the transaction; a second one under
        // way would overtake it and be refused for its sequence.
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION), 1);
        properties.put("auto.include.jmx.reporter", "false");
        return properties;
    }

    /** Waits until payments are taken; false if that did not happen in time, or never will: see {@link #failure}. */
    public boolean awaitRunning(Duration most) throws InterruptedException {
        return running.await(most.toMillis(), TimeUnit.MILLISECONDS) && failure == null;
    }

    /**
     * Waits until all that its topics held when it was asked is in its state; false if that did not happen in time, or
     * never will.
     */
    public boolean awaitCaughtUp(Duration most) throws InterruptedException {
        long endNs = System.nanoTime() + most.toNanos();
        try (Admin admin = Admin.create(client)) {
            // Twice: the second look sees what the first stage has written for the second.
            for (int look = 0; look < 2; look++) {
                Map<TopicPartition, Long> ends = ends(admin);
                while (!reached(admin, ends)) {
                    if (failure != null || System.nanoTime() > endNs) {
                        return false;
                    }
                    TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
                }
            }
            return true;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the progress of " + application + " cannot be read: " + e.getCause(), e);
        }
    }

    private Map<TopicPartition, Long> ends(Admin admin) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        streams.metadataForLocalThreads().stream()
                .flatMap(thread -> thread.activeTasks().stream())
                .flatMap(task -> task.topicPartitions().stream())
                .forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        ListOffsetsOptions committed = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
        admin.listOffsets(latest, committed).all().get().forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    private boolean reached(Admin admin, Map<TopicPartition, Long> ends)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(application)
                .partitionsToOffsetAndMetadata()
                .get();
        return ends.entrySet().stream().allMatch(end -> {
            OffsetAndMetadata at = committed.get(end.getKey());
            return (at == null ? 0 : at.offset()) >= end.getValue();
        });
    }

    /** Why it ended by itself, null if it did not. */
    public @Nullable Throwable failure() {
        return failure;
    }

    /** Ends after the records in hand. */
    @Override
    public void close() {
        streams.close(CLOSE_TIMEOUT);
    }
}
