package io.headwater.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Makes every Kafka client from the user's own properties (security, addresses, tuning). Properties that the promises
 * rest on go over the user's: isolation level, offset commits, idempotence, transactional ids.
 */
public final class KafkaClients implements Clients {
    /** Settings of a topic that keeps everything for ever: lineage. */
    public static final Map<String, String> KEEP_FOREVER =
            Map.of("cleanup.policy", "delete", "retention.ms", "-1", "retention.bytes", "-1");

    /**
     * Settings of a dead-letter topic: a refused record is stored with its error headers, so the topic has to take more
     * bytes a record than the topic it came from.
     */
    public static final Map<String, String> DEAD_LETTERS = Map.of("max.message.bytes", Integer.toString(16 << 20));

    private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(30);
    private static final int MAX_REQUEST_BYTES = 32 << 20;

    private final Map<String, String> properties;

    /** @param properties the user's, with {@code bootstrap.servers} among them */
    public KafkaClients(Map<String, String> properties) {
        this.properties = Map.copyOf(properties);
    }

    public KafkaClients(String bootstrapServers, Map<String, String> properties) {
        this(with(properties, Map.of("bootstrap.servers", bootstrapServers)));
    }

    @Override
    public KafkaConsumer<byte[], byte[]> reader(String clientId, int maxPollRecords) {
        Map<String, String> all = defaults(clientId);
        all.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, "30000");
        all.putAll(properties);
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.toString(maxPollRecords));
        all.remove(ConsumerConfig.GROUP_ID_CONFIG);
        return consumer(all);
    }

    @Override
    public KafkaConsumer<byte[], byte[]> replayer(String clientId, int maxPollRecords) {
        Map<String, String> hasty = new HashMap<>(properties);
        hasty.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "10");
        return new KafkaClients(hasty).reader(clientId, maxPollRecords);
    }

    @Override
    public KafkaConsumer<byte[], byte[]> member(String instance, String group, int maxPollRecords) {
        Map<String, String> all = defaults(instance);
        all.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "10000");
        // A seek back after an abort waits for the fetch that is under way.
        all.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "100");
        all.putAll(properties);
        all.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        all.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instance);
        all.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        all.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.toString(maxPollRecords));
        return consumer(all);
    }

    @Override
    public KafkaProducer<byte[], byte[]> transactional(String clientId, String transactionalId, Duration timeout) {
        Map<String, String> all = defaults(clientId);
        all.put(ProducerConfig.LINGER_MS_CONFIG, "1");
        // The first batch of a transaction waits at the broker until that knows of the transaction; a second one under
        // way
        // would overtake it, be refused for its sequence, and cost a retry's back-off.
        all.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");
        all.put(ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(128 << 10));
        all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "15000");
        // A dead letter has to fit whatever a consumer could read, before compression.
        all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(MAX_REQUEST_BYTES));
        all.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Integer.toString(2 * MAX_REQUEST_BYTES));
        all.putAll(properties);
        all.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        all.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Long.toString(timeout.toMillis()));
        all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        return new KafkaProducer<>(Map.copyOf(all), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Makes a topic, and returns when its partitions answer; one that exists is left as it is.
     *
     * @param partitions 0 leaves it to the broker's default
     * @param replication copies of each partition; 0 leaves it to the broker's default
     * @param settings the topic's own settings
     * @throws IllegalStateException if it cannot be made, with the reason
     */
    public void createTopic(String name, int partitions, int replication, Map<String, String> settings) {
        Optional<Short> copies = replication == 0 ? Optional.empty() : Optional.of((short) replication);
        Optional<Integer> parts = partitions == 0 ? Optional.empty() : Optional.of(partitions);
        try {
            makeTopic(new NewTopic(name, parts, copies).configs(settings));
        } catch (ExecutionException e) {
            throw new IllegalStateException("topic " + name + " cannot be made: " + e.getCause(), e);
        } catch (KafkaException e) {
            String reason = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
            throw new IllegalStateException("the settings of Kafka's clients cannot be used: " + reason, e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "no Kafka broker at " + properties.get("bootstrap.servers") + " answered for topic " + name
                            + " within " + ADMIN_TIMEOUT.toSeconds() + " s; is one there?",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while topic " + name + " was made", e);
        }
    }

    private void makeTopic(NewTopic topic) throws ExecutionException, TimeoutException, InterruptedException {
        Admin admin = Admin.create(Map.copyOf(defaultsUnderUser("headwater-admin")));
        try {
            new NewTopics(admin, System.nanoTime() + ADMIN_TIMEOUT.toNanos()).make(topic);
        } finally {
            // To close it without a limit would wait for what no broker answered, for a minute more.
            admin.close(Duration.ZERO);
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, String> all) {
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        return new KafkaConsumer<>(Map.copyOf(all), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Map<String, String> defaultsUnderUser(String clientId) {
        Map<String, String> all = defaults(clientId);
        all.putAll(properties);
        return all;
    }

    private static Map<String, String> defaults(String clientId) {
        Map<String, String> all = new HashMap<>();
        all.put("client.id", clientId);
        // Metrics are pulled by Micrometer from our own meters; the JMX ones would name each client twice.
        all.put("auto.include.jmx.reporter", "false");
        all.put("metric.reporters", "");
        return all;
    }

    private static Map<String, String> with(Map<String, String> properties, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(properties);
        all.putAll(more);
        return all;
    }
}
