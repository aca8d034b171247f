package io.headwater.actors.app.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.dataset.FlightStream;
import io.headwater.dataset.StreamItem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Kafka's own in-memory producer stands for the broker. */
@Timeout(30)
class ReplayTest {
    private static final Replay.Topics TOPICS = new Replay.Topics("events", "labels");

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final Ledger ledger = new Ledger(.3);

    private Replay replay(double speedUp, Consumer<StreamItem> before) {
        return new Replay(TinyFlights.stream(), producer, TOPICS, speedUp, ledger, before);
    }

    @Test
    void start_sendsTheStreamInOrderWithTheWallClocksTime() throws InterruptedException {
        long beganMs = System.currentTimeMillis();
        CountDownLatch enough = new CountDownLatch(3_000);
        Replay replay = replay(Double.POSITIVE_INFINITY, item -> enough.countDown());
        replay.start();
        enough.await();
        replay.stop();

        FlightStream expected = TinyFlights.stream();
        List<String> sent = new ArrayList<>();
        List<String> due = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> record : producer.history()) {
            StreamItem item = expected.next();
            sent.add(record.topic() + new String(record.value(), UTF_8));
            due.add((item.kind() == StreamItem.Kind.EVENT ? "events" : "labels") + new String(item.value(), UTF_8));
            assertThat(record.timestamp()).isBetween(beganMs, System.currentTimeMillis());
        }
        assertThat(sent).hasSizeGreaterThanOrEqualTo(3_000).isEqualTo(due);
        assertThat(replay.passes()).isGreaterThan(1);
    }

    @Test
    void stop_countsAreExact() throws InterruptedException {
        CountDownLatch enough = new CountDownLatch(500);
        Replay replay = replay(Double.POSITIVE_INFINITY, item -> enough.countDown());
        replay.start();
        enough.await();
        replay.stop();

        long events = producer.history().stream()
                .filter(record -> record.topic().equals("events"))
                .count();
        assertThat(replay.sent()).isEqualTo(events);
        assertThat(ledger.counts().labeled()).isEqualTo(producer.history().size() - events);
        assertThat(producer.closed()).isTrue();
        assertThat(replay.failure()).isNull();
    }

    @Test
    void stop_longBeforeTheNextRecordIsDue_returnsAtOnce() throws InterruptedException {
        CountDownLatch first = new CountDownLatch(1);
        Replay replay = replay(1e-3, item -> first.countDown());
        replay.start();
        first.await();

        long beganNs = System.nanoTime();
        replay.stop();

        assertThat(System.nanoTime() - beganNs).isLessThan(TimeUnit.SECONDS.toNanos(20));
        assertThat(replay.sent()).isEqualTo(1);
    }

    @Test
    void send_failed_endsTheReplayAndIsNotCounted() throws InterruptedException {
        MockProducer<byte[], byte[]> manual =
                new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        CountDownLatch two = new CountDownLatch(2);
        Replay replay = new Replay(TinyFlights.stream(), manual, TOPICS, 1e7, ledger, item -> two.countDown());
        replay.start();
        two.await();
        while (!manual.errorNext(new IllegalStateException("the disk is full"))) {
            Thread.onSpinWait();
        }
        replay.stop();

        assertThat(replay.failure()).hasMessage("the disk is full");
        assertThat(ledger.counts().sent() + ledger.counts().labeled())
                .isEqualTo(manual.history().size() - 1);
    }
}
