package io.headwater.kafka;

import io.headwater.event.Partition;
import io.headwater.event.StreamPosition;
import io.headwater.fault.KillPoint;
import io.headwater.kafka.PollSettings.Start;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one topic on a thread of its own and hands over whole polled batches, one for each unit of credit. Where it
 * begins is told by a {@link StreamPosition}, never by a consumer group. It decodes on its thread, so that whoever takes
 * the batches gets values.
 *
 * <p>Without credit it pauses its partitions and goes on polling: connections and metadata stay fresh, and nothing
 * piles up here but the one poll that is being handed over.
 */
public final class PollLoop<T> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PollLoop.class);
    private static final int PAUSED_LAG_EVERY = 10;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final long JOIN_MS = 20_000;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final PollSettings settings;
    private final StreamPosition position;
    private final RecordDecoder<T> decoder;
    private final Consumer<PolledBatch<T>> sink;
    private final Consumer<StreamStoppedException> onFailure;
    private final Semaphore credit = new Semaphore(0);
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final LoopThread thread;

    private volatile boolean stopping;
    private volatile long lagRecords;
    private volatile long skippedRecords;

    private PollLoop(
            KafkaClients clients,
            PollSettings settings,
            StreamPosition position,
            RecordDecoder<T> decoder,
            Consumer<PolledBatch<T>> sink,
            Consumer<StreamStoppedException> onFailure) {
        this.consumer = clients.reader(settings.name(), settings.maxPollRecords());
        this.settings = settings;
        this.position = position;
        this.decoder = decoder;
        this.sink = sink;
        this.onFailure = onFailure;
        this.thread = new LoopThread(settings.name(), this::run);
    }

    /**
     * Starts a loop without credit.
     *
     * @param position the next offset of each partition that was taken in before
     * @param sink takes each batch, on the loop's thread
     * @param onFailure told once, on the loop's thread, if the loop cannot go on
     */
    public static <T> PollLoop<T> start(
            KafkaClients clients,
            PollSettings settings,
            StreamPosition position,
            RecordDecoder<T> decoder,
            Consumer<PolledBatch<T>> sink,
            Consumer<StreamStoppedException> onFailure) {
        PollLoop<T> loop = new PollLoop<>(clients, settings, position, decoder, sink, onFailure);
        loop.thread.start();
        return loop;
    }

    /** Lets {@code batches} more be handed over. */
    public void grant(int batches) {
        credit.release(batches);
    }

    /** Records that are in the topic and were not polled yet, as of the last look at its end. */
    public long lagRecords() {
        return lagRecords;
    }

    /** Offsets that were skipped because the loop lay too far behind. */
    public long skippedRecords() {
        return skippedRecords;
    }

    /** Stops after the batch in hand and waits for the thread, at most 20 seconds. */
    @Override
    public void close() {
        stopping = true;
        credit.release();
        thread.join(JOIN_MS);
    }

    private void run() {
        try {
            assign(settings.start());
            while (awaitCredit()) {
                assign(Start.EARLIEST);
                skipAhead();
                handOver(poll());
                measureLag();
            }
        } catch (Throwable e) {
            if (!stopping) {
                stopping = true;
                onFailure.accept(new StreamStoppedException(sentence(e), e));
            }
        } finally {
            thread.close(() -> consumer.close(CloseOptions.timeout(CLOSE)));
        }
    }

    /** Waits, paused but polling, until there is credit; false once the loop is to stop. */
    private boolean awaitCredit() throws InterruptedException {
        if (credit.availablePermits() == 0) {
            consumer.pause(consumer.assignment());
            for (int wait = 1; !stopping && !credit.tryAcquire(POLL.toMillis(), TimeUnit.MILLISECONDS); wait++) {
                consumer.poll(Duration.ZERO);
                if (wait % PAUSED_LAG_EVERY == 0) {
                    measurePausedLag();
                }
            }
            // Only tried: a unit is spent where a batch is handed over.
            credit.release();
            consumer.resume(consumer.assignment());
        }
        return !stopping;
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        try {
            return consumer.poll(POLL);
        } catch (OffsetOutOfRangeException e) {
            if (settings.skipBehind() == PollSettings.NEVER) {
                throw e;
            }
            for (TopicPartition tp : e.partitions()) {
                consumer.seekToEnd(List.of(tp));
                skipTo(tp, consumer.position(tp));
            }
            return ConsumerRecords.empty();
        }
    }

    private void handOver(ConsumerRecords<byte[], byte[]> polled) throws InterruptedException {
        for (TopicPartition tp : polled.partitions()) {
            if (!awaitCredit()) {
                return;
            }
            credit.acquire();
            List<PolledRecord<T>> records = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : polled.records(tp)) {
                records.add(PolledRecord.of(record, decoder));
            }
            KillPoint.POLL.pass();
            sink.accept(new PolledBatch<>(new Partition(tp.topic(), tp.partition()), nextOf(tp), records));
        }
        polled.nextOffsets().forEach((tp, offset) -> next.put(tp, offset.offset()));
    }

    /** Takes up partitions that it does not read yet: all of them at first, later those that were added. */
    private void assign(Start start) {
        List<PartitionInfo> partitions = consumer.partitionsFor(settings.topic());
        if (partitions == null || partitions.isEmpty()) {
            throw new IllegalStateException("the topic does not exist");
        }
        if (partitions.size() <= next.size()) {
            return;
        }
        List<TopicPartition> all = partitions.stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(all);
        List<TopicPartition> added =
                all.stream().filter(tp -> !next.containsKey(tp)).toList();
        // All of them are sought before any is looked at: a position resolves every partition, and one that was not
        // sought has none.
        added.forEach(tp -> begin(tp, start));
        added.forEach(tp -> next.put(tp, consumer.position(tp)));
    }

    private void begin(TopicPartition tp, Start start) {
        long taken = position.nextOf(new Partition(tp.topic(), tp.partition()), -1);
        if (taken >= 0) {
            consumer.seek(tp, taken);
        } else if (start == Start.EARLIEST) {
            consumer.seekToBeginning(List.of(tp));
        } else {
            consumer.seekToEnd(List.of(tp));
        }
    }

    private void skipAhead() {
        if (settings.skipBehind() == PollSettings.NEVER) {
            return;
        }
        for (TopicPartition tp : consumer.assignment()) {
            long lag = consumer.currentLag(tp).orElse(0);
            if (lag > settings.skipBehind()) {
                skipTo(tp, consumer.position(tp) + lag - settings.skipBehind() / 2);
            }
        }
    }

    private void skipTo(TopicPartition tp, long offset) {
        consumer.seek(tp, offset);
        skippedRecords = skippedRecords + Math.max(0, offset - nextOf(tp));
        next.put(tp, offset);
    }

    private long nextOf(TopicPartition tp) {
        return Objects.requireNonNull(next.get(tp), "every assigned partition has a next offset");
    }

    private void measureLag() {
        long lag = 0;
        for (TopicPartition tp : consumer.assignment()) {
            lag += consumer.currentLag(tp).orElse(0);
        }
        lagRecords = lag;
    }

    /** A paused partition fetches nothing and so does not learn that its end has moved: the broker is asked. */
    private void measurePausedLag() {
        try {
            long lag = 0;
            for (Map.Entry<TopicPartition, Long> end : consumer.endOffsets(consumer.assignment(), POLL.multipliedBy(10))
                    .entrySet()) {
                lag += Math.max(0, end.getValue() - nextOf(end.getKey()));
            }
            lagRecords = lag;
        } catch (TimeoutException e) {
            LOG.debug("lag of a paused topic is not known now topic={}", settings.topic());
        }
    }

    private String sentence(Throwable e) {
        if (e instanceof OffsetOutOfRangeException lost) {
            TopicPartition tp = lost.partitions().iterator().next();
            return "offset " + lost.offsetOutOfRangePartitions().get(tp) + " of " + tp
                    + " is not on the broker any more: retention has taken records that were not read, or the topic was"
                    + " made anew";
        }
        return "reading of topic " + settings.topic() + " stopped: " + Failures.describe(e);
    }
}
