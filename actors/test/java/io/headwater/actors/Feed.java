package io.headwater.actors;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends {@link TestStream} to the events and labels topics of a model at a steady rate while it is on: each label a
 * while after its event, and now and then a record that cannot be decoded.
 */
final class Feed implements AutoCloseable {
    private static final int LABEL_DELAY = 100;
    private static final int BROKEN_EVENT_EVERY = 101;
    private static final int BROKEN_LABEL_EVERY = 97;
    private static final long TICK_MS = 10;

    private final KafkaProducer<byte[], byte[]> producer;
    private final String model;
    private final int perTick;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();
    private int next;

    Feed(String bootstrapServers, String model, int perSecond) {
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "acks",
                        "all",
                        "enable.idempotence",
                        "true",
                        "linger.ms",
                        "2",
                        "delivery.timeout.ms",
                        "120000"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.model = model;
        this.perTick = Math.max(1, (int) (perSecond * TICK_MS / 1000));
    }

    /** Sends for as long as the returned handle is open; closing it waits until the broker has all of it. */
    AutoCloseable on() {
        ScheduledFuture<?> ticks = thread.scheduleAtFixedRate(this::tick, 0, TICK_MS, TimeUnit.MILLISECONDS);
        return () -> {
            ticks.cancel(false);
            thread.submit(this::settle).get(2, TimeUnit.MINUTES);
        };
    }

    private void tick() {
        for (int i = 0; i < perTick; i++) {
            int n = next++;
            send(
                    ".events",
                    n,
                    n % BROKEN_EVENT_EVERY == 7 ? TestStream.event(n).substring(0, 20) : TestStream.event(n));
            int late = n - LABEL_DELAY;
            if (late >= 0) {
                String labeled = TestStream.labeled(late);
                send(
                        ".labels",
                        late,
                        late % BROKEN_LABEL_EVERY == 5 ? labeled.replace("\"label\":", "\"label\":7") : labeled);
            }
        }
    }

    private void send(String topic, int n, String value) {
        sent.add(producer.send(new ProducerRecord<>(
                model + topic, ("e" + n).getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8))));
    }

    private Void settle() throws Exception {
        producer.flush();
        for (Future<RecordMetadata> one : sent) {
            one.get();
        }
        sent.clear();
        return null;
    }

    @Override
    public void close() {
        thread.shutdownNow();
        producer.close(Duration.ofSeconds(5));
    }
}
