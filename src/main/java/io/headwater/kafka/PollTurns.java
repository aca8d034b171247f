package io.headwater.kafka;

import io.headwater.event.Partition;
import io.headwater.event.StreamPosition;
import io.headwater.fault.KillPoint;
import io.headwater.kafka.PollSettings.Start;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a {@link PollLoop} does, one turn at a time and without a thread of its own: a turn polls, or hands one batch
 * over. Without credit it pauses its partitions and goes on polling: connections and metadata stay fresh, and nothing
 * piles up here but the poll that is being handed over and the one behind it. One thread takes the turns; any thread may
 * {@link #grant}.
 */
final class PollTurns<T> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PollTurns.class);
    private static final int PAUSED_LAG_EVERY = 10;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
    private final PollSettings settings;
    private final StreamPosition position;
    private final RecordDecoder<T> decoder;
    private final java.util.function.Consumer<PolledBatch<T>> sink;
    private final AtomicInteger credit = new AtomicInteger();
    private final Map<TopicPartition, Long> next = new HashMap<>();

    private ConsumerRecords<byte[], byte[]> polled = ConsumerRecords.empty();
    private ConsumerRecords<byte[], byte[]> ahead = ConsumerRecords.empty();
    private Iterator<TopicPartition> left = Collections.emptyIterator();
    private boolean paused;
    private int turnsPaused;
    private volatile long lagRecords;

    /**
     * Without credit, and before its first turn.
     *
     * @param position the next offset of each partition that was taken in before
     * @param sink takes each batch
     */
    PollTurns(
            Clients clients,
            PollSettings settings,
            StreamPosition position,
            RecordDecoder<T> decoder,
            java.util.function.Consumer<PolledBatch<T>> sink) {
        this.consumer = clients.reader(settings.name(), settings.maxPollRecords());
        this.settings = settings;
        this.position = position;
        this.decoder = decoder;
        this.sink = sink;
    }

    /** Lets {@code batches} more be handed over. */
    void grant(int batches) {
        credit.addAndGet(batches);
    }

    long lagRecords() {
        return lagRecords;
    }

    /** Takes one turn; false if there was nothing to do without credit. */
    boolean turn() {
        if (next.isEmpty()) {
            assign(settings.start());
        }
        if (credit.get() == 0) {
            idle();
            return false;
        }
        if (paused) {
            consumer.resume(consumer.assignment());
            paused = false;
        }
        if (left.hasNext()) {
            handOver(left.next());
        } else {
            assign(Start.EARLIEST);
            fetch();
            left = polled.partitions().iterator();
        }
        if (!left.hasNext()) {
            goOnBehind(polled);
            polled = ConsumerRecords.empty();
            if (ahead.isEmpty()) {
                goOnBehind(ahead);
            }
            measureLag();
        }
        return true;
    }

    /**
     * Takes the next poll. Where it ends at a record with more behind that, this may be a marker of a transaction, which
     * the poll after it tells: a position in front of a marker is lost as soon as retention takes what it has read.
     */
    private void fetch() {
        if (ahead.isEmpty()) {
            skipAhead();
            polled = poll();
        } else {
            polled = ahead;
        }
        // Where offsets may be skipped none is missed.
        boolean looks = settings.skipBehind() == PollSettings.NEVER
                && polled.partitions().stream().anyMatch(this::endsAtARecord);
        ahead = looks ? poll() : ConsumerRecords.empty();
    }

    private boolean endsAtARecord(TopicPartition tp) {
        List<ConsumerRecord<byte[], byte[]>> records = polled.records(tp);
        OffsetAndMetadata end = polled.nextOffsets().get(tp);
        return end != null
                && end.offset() == records.get(records.size() - 1).offset() + 1
                && consumer.currentLag(tp).orElse(0) > 0;
    }

    /** Where the next record of {@code tp} lies at the earliest, as far as it was polled. */
    private long until(TopicPartition tp) {
        List<ConsumerRecord<byte[], byte[]>> behind = ahead.records(tp);
        if (!behind.isEmpty()) {
            return behind.get(0).offset();
        }
        OffsetAndMetadata until =
                ahead.nextOffsets().getOrDefault(tp, polled.nextOffsets().get(tp));
        return Objects.requireNonNull(until, "a poll says where it ends").offset();
    }

    private void goOnBehind(ConsumerRecords<byte[], byte[]> taken) {
        taken.nextOffsets().forEach((tp, offset) -> next.merge(tp, offset.offset(), Math::max));
    }

    private void idle() {
        if (!paused) {
            consumer.pause(consumer.assignment());
            paused = true;
            turnsPaused = 0;
        }
        consumer.poll(Duration.ZERO);
        if (++turnsPaused % PAUSED_LAG_EVERY == 0) {
            measurePausedLag();
        }
    }

    private void handOver(TopicPartition tp) {
        List<PolledRecord<T>> records = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : polled.records(tp)) {
            records.add(PolledRecord.of(record, decoder));
        }
        KillPoint.POLL.pass();
        credit.decrementAndGet();
        long until = until(tp);
        sink.accept(new PolledBatch<>(new Partition(tp.topic(), tp.partition()), nextOf(tp), records, until));
        next.put(tp, until);
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
        next.put(tp, offset);
    }

    private long nextOf(TopicPartition tp) {
        return Objects.requireNonNull(next.get(tp), "every assigned partition has a next offset");
    }

    private void measureLag() {
        long lag = ahead.count();
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

    /** Why the turns cannot go on. */
    String sentence(Throwable e) {
        if (e instanceof OffsetOutOfRangeException lost) {
            TopicPartition tp = lost.partitions().iterator().next();
            return "offset " + lost.offsetOutOfRangePartitions().get(tp) + " of " + tp
                    + " is not on the broker any more: retention has taken records that were not read, or the topic was"
                    + " made anew";
        }
        return "reading of topic " + settings.topic() + " stopped: " + Failures.describe(e);
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(CLOSE));
    }
}
