package io.headwater.actors.app.demo;

import io.headwater.dataset.RecordedStream;
import io.headwater.dataset.StreamItem;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends a recorded stream to two topics at a multiple of its own speed, from a thread of its own, and enters in the
 * ledger what the broker acknowledged. Records carry the wall clock's time; the stream's time is inside them.
 */
public final class Replay implements AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(40);

    /** Where the replay writes. */
    public record Topics(String events, String labels) {}

    private final RecordedStream stream;
    private final Producer<byte[], byte[]> producer;
    private final Topics topics;
    private final Ledger ledger;
    private final Consumer<StreamItem> before;
    private final Thread thread = new Thread(this::run, "headwater-demo-replay");

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Pace pace;
    private volatile boolean stopped;
    private volatile long streamTimeMs;
    private volatile long passes = 1;
    private volatile @Nullable Throwable failure;

    /**
     * @param producer as {@link #producer} makes it; closed at the end
     * @param speedUp seconds of the stream in a second; {@link Double#POSITIVE_INFINITY} for as fast as it goes
     * @param before is shown each record on the replay's thread just before it goes out
     */
    public Replay(
            RecordedStream stream,
            Producer<byte[], byte[]> producer,
            Topics topics,
            double speedUp,
            Ledger ledger,
            Consumer<StreamItem> before) {
        this.stream = stream;
        this.producer = producer;
        this.topics = topics;
        this.pace = new Pace(speedUp);
        this.ledger = ledger;
        this.before = before;
    }

    /**
     * A producer that loses and doubles nothing and sends at once: at a low rate a record waits for no company, at a
     * high rate batches form by themselves.
     *
     * @param client bootstrap servers and whatever else the cluster needs
     */
    public static Producer<byte[], byte[]> producer(Map<String, ?> client) {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put("acks", "all");
        settings.put("enable.idempotence", true);
        settings.put("linger.ms", 0);
        settings.put("batch.size", 1 << 18);
        settings.put("buffer.memory", 1 << 25);
        settings.put("max.block.ms", 30_000);
        settings.put("request.timeout.ms", 10_000);
        settings.put("delivery.timeout.ms", 30_000);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    public void start() {
        thread.start();
    }

    private void run() {
        try {
            // The first look-up of a topic takes long; no record should wait for it.
            producer.partitionsFor(topics.events);
            producer.partitionsFor(topics.labels);
            for (boolean running = true; running; ) {
                StreamItem item = stream.next();
                running = awaitDue(item.timeMs());
                if (running) {
                    send(item);
                }
            }
            producer.flush();
        } catch (RuntimeException e) {
            fail(e);
        } finally {
            producer.close(CLOSE_TIMEOUT);
        }
    }

    /** Returns true when the time has come, false when the replay is to end. */
    private boolean awaitDue(long timeMs) {
        if (!pace.isUnlimited()) {
            lock.lock();
            try {
                while (!stopped) {
                    long now = System.nanoTime();
                    long waitNs = pace.dueNs(timeMs, now) - now;
                    if (waitNs <= 0) {
                        break;
                    }
                    changed.awaitNanos(waitNs);
                }
            } catch (InterruptedException e) {
                fail(e);
            } finally {
                lock.unlock();
            }
        }
        return !stopped;
    }

    private void send(StreamItem item) {
        before.accept(item);
        boolean event = item.kind() == StreamItem.Kind.EVENT;
        long nowMs = System.currentTimeMillis();
        if (event) {
            ledger.sending(item.slot(), System.nanoTime());
        } else {
            ledger.sendingLabel(item.slot(), item.label() == 1, nowMs);
        }
        producer.send(
                new ProducerRecord<>(event ? topics.events : topics.labels, null, nowMs, item.key(), item.value()),
                (metadata, error) -> {
                    if (error != null) {
                        fail(error);
                    } else if (event) {
                        ledger.sent(item.slot());
                    } else {
                        ledger.labeled(item.slot());
                    }
                });
        streamTimeMs = item.timeMs();
        passes = stream.passes();
    }

    private void fail(Throwable error) {
        if (failure == null) {
            failure = error;
        }
        signal(() -> stopped = true);
    }

    private void signal(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the replay: when this returns, each record is with the broker or was never sent, and the ledger says which.
     * Labels of events that went out stay unsent if they are not due yet.
     */
    public void stop() throws InterruptedException {
        signal(() -> stopped = true);
        thread.join();
    }

    /** {@link #stop} that gives up waiting when it is interrupted. */
    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Events that the broker has. */
    public long sent() {
        return ledger.counts().sent();
    }

    /** Where the replay is, milliseconds since the epoch on the stream's clock; 0 before the first record. */
    public long streamTimeMs() {
        return streamTimeMs;
    }

    /** How many times the recording has been gone through, the current pass included. */
    public long passes() {
        return passes;
    }

    /** Why the replay ended by itself, null if it did not. */
    public @Nullable Throwable failure() {
        return failure;
    }
}
