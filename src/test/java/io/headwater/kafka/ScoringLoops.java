package io.headwater.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.codec.Decoded;
import io.headwater.codec.EventCodec;
import io.headwater.codec.ScoreCodec;
import io.headwater.event.Event;
import io.headwater.event.LabeledExample;
import io.headwater.event.Score;
import io.headwater.feature.EncodedRows;
import io.headwater.feature.FeatureEncoder;
import io.headwater.serve.ModelSlot;
import io.headwater.serve.Scorer;
import io.headwater.serve.ServedModel;
import io.headwater.serve.TinyModel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Scoring loops on a real broker, and what is looked at behind them. */
abstract class ScoringLoops {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final long VERSION = 3;

    @TempDir
    static Path directory;

    static EmbeddedBroker broker;

    final Queue<StreamStoppedException> failures = new ConcurrentLinkedQueue<>();
    final List<ScoringLoop> loops = new ArrayList<>();
    final ModelSlot slot = new ModelSlot();
    final Counts counts = new Counts();

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(directory);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @AfterEach
    void close() {
        loops.forEach(ScoringLoop::close);
        slot.close();
    }

    static void topics(String name, int partitions) {
        broker.createTopic(name + ".events", partitions);
        broker.createTopic(name + ".scores", partitions);
        broker.createTopic(name + ".dead", 1, KafkaClients.DEAD_LETTERS);
    }

    ScoringLoop start(String name, String instance, EventCodec codec) {
        if (slot.version() == 0) {
            slot.swap(ServedModel.load("tiny", VERSION, TinyModel.onnx(VERSION), TinyModel.SCHEMA.rows()));
        }
        ScoringLoop loop = ScoringLoop.start(
                Records.clients(broker),
                new ScoringSettings(
                        "tiny",
                        name,
                        instance,
                        name + ".events",
                        name + ".scores",
                        name + ".dead",
                        ScoreCodec.Format.JSON,
                        Duration.ofMillis(10)),
                codec,
                new Scorer(new EncodedRows(new FeatureEncoder(TinyModel.SCHEMA), 16), slot),
                counts,
                InstantSource.system(),
                failures::add);
        loops.add(loop);
        return loop;
    }

    static void send(String name, int partition, int from, int until) {
        Records.send(
                broker,
                name + ".events",
                partition,
                names(from, until).stream().map(id -> Records.labeled(id, 1)).toList());
    }

    static List<String> names(int from, int until) {
        return IntStream.range(from, until).mapToObj(i -> "e" + i).toList();
    }

    /** Every id from e0 to the last has one committed score. */
    static void assertEachOnce(String name, int count) {
        List<String> ids = ids(name);
        assertThat(new HashSet<>(ids).equals(new HashSet<>(names(0, count))))
                .as("each of %s ids has a score", count)
                .isTrue();
        assertThat(ids.size()).as("scores, of %s ids", count).isEqualTo(count);
    }

    static List<String> ids(String name) {
        return scores(name).stream().map(Score::id).toList();
    }

    static List<Score> scores(String name) {
        ScoreCodec codec = ScoreCodec.Format.JSON.codec();
        return Records.committed(broker, name + ".scores").stream()
                .map(record -> ((Decoded.Ok<Score>) codec.decode(record.value())).value())
                .toList();
    }

    static long endOffsets(String topic) {
        return Records.uncommittedEnd(broker, topic);
    }

    static final class Counts implements ScoringListener {
        final AtomicInteger scored = new AtomicInteger();
        final AtomicInteger refused = new AtomicInteger();
        final AtomicInteger aborts = new AtomicInteger();
        final Queue<Long> appendedMs = new ConcurrentLinkedQueue<>();
        final Set<String> threads = ConcurrentHashMap.newKeySet();
        volatile long lastCommitMs;
        volatile long lag;

        @Override
        public void committed(int scoredNow, int refusedNow, long[] appended, long committedMs) {
            for (int i = 0; i < scoredNow + refusedNow; i++) {
                appendedMs.add(appended[i]);
            }
            lastCommitMs = committedMs;
            threads.add(Thread.currentThread().getName());
            refused.addAndGet(refusedNow);
            scored.addAndGet(scoredNow);
        }

        @Override
        public void lag(long records) {
            lag = records;
        }

        @Override
        public void aborted(int records, String reason) {
            aborts.incrementAndGet();
        }
    }

    record Hooked(Consumer<Event> hook) implements EventCodec {
        @Override
        public Decoded<Event> event(byte @Nullable [] value) {
            Decoded<Event> decoded = Records.CODEC.event(value);
            if (decoded instanceof Decoded.Ok<Event> ok) {
                hook.accept(ok.value());
            }
            return decoded;
        }

        @Override
        public Decoded<LabeledExample> labeled(byte @Nullable [] value) {
            return Records.CODEC.labeled(value);
        }
    }
}
