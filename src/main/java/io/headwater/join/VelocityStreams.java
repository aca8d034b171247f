package io.headwater.join;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.UsePartitionTimeOnInvalidTimestamp;
import org.jspecify.annotations.Nullable;

/** The velocity topology while it runs, exactly once: what it read, its state and its events are one transaction. */
public final class VelocityStreams implements AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final KafkaStreams streams;
    private final CountDownLatch running = new CountDownLatch(1);
    private volatile @Nullable Throwable failure;

    /**
     * How it is run.
     *
     * @param application names the consumer group, the changelogs and the topic between the stages
     * @param sources topics of payments and labels; they must exist
     * @param events topic of the events; likewise
     * @param deadLetters topic of the records that are no payments; likewise
     * @param state folder of the stores; what is lost there is read again from the changelogs
     * @param commitInterval an event is visible at the latest two of these after its payment came
     */
    public record Settings(
            String application,
            List<String> sources,
            String events,
            String deadLetters,
            Path state,
            Duration commitInterval) {
        public Settings {
            sources = List.copyOf(sources);
        }
    }

    private VelocityStreams(KafkaStreams streams) {
        this.streams = streams;
    }

    /** @param client bootstrap servers and whatever else the cluster needs */
    public static VelocityStreams start(Map<String, String> client, VelocityFeatures features, Settings settings) {
        Properties properties = properties(client, settings);
        KafkaStreams streams =
                new KafkaStreams(VelocityTopology.of(features, settings.sources(), settings.events()), properties);
        VelocityStreams started = new VelocityStreams(streams);
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
        properties.put("auto.include.jmx.reporter", "false");
        return properties;
    }

    /** Waits until payments are taken; false if that did not happen in time, or never will: see {@link #failure}. */
    public boolean awaitRunning(Duration most) throws InterruptedException {
        return running.await(most.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS) && failure == null;
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
