package io.headwater.kafka;

import io.headwater.codec.EventCodec;
import io.headwater.serve.Scorer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a {@link ScoringLoop} does, one turn at a time and without a thread of its own. One thread takes the turns and
 * closes the parts.
 */
final class ScoringTurns {
    private static final Logger LOG = LoggerFactory.getLogger(ScoringTurns.class);
    private static final Duration POLL = Duration.ofMillis(100);
    /** A lull of this share of a transaction's interval ends it before that. */
    private static final int LULLS_IN_AN_INTERVAL = 10;
    /** After a crash, another instance waits at most this long for records that the crashed one had open. */
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(15);

    private static final Duration LAG_PATIENCE = Duration.ofMillis(500);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final int MAX_POLL_RECORDS = 2000;
    private static final int MAX_RECORDS_PER_COMMIT = 1 << 14;
    private static final int MAX_FAILURES_IN_A_ROW = 8;
    private static final long FIRST_BACK_OFF_MS = 50;
    private static final long MAX_BACK_OFF_MS = 5_000;

    private final ScoringSettings settings;
    private final Consumer<byte[], byte[]> consumer;
    private final ScoreTransaction transaction;
    private final RecordScoring scoring;
    private final ScoringListener listener;
    private final InstantSource clock;
    private final LongSupplier nanoTime;

    private int failuresInARow;
    private boolean rewind;
    private @Nullable RuntimeException atRebalance;

    /**
     * Before its first turn.
     *
     * @param scorer with a model in its slot; closed with the parts
     * @param nanoTime as of {@link System#nanoTime}
     */
    ScoringTurns(
            Clients clients,
            ScoringSettings settings,
            EventCodec codec,
            Scorer scorer,
            ScoringListener listener,
            InstantSource clock,
            LongSupplier nanoTime) {
        String name = settings.name();
        this.settings = settings;
        this.consumer = clients.member(name, settings.group(), MAX_POLL_RECORDS);
        this.transaction = new ScoreTransaction(
                () -> clients.transactional(name, name, TRANSACTION_TIMEOUT),
                settings.scores(),
                new DeadLetterSink(settings.deadLetters(), name, 0, codec.getClass()));
        this.scoring = new RecordScoring(settings, codec, scorer, transaction, listener);
        this.listener = listener;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** Joins the group that shares the events; comes before the first turn. */
    void join() {
        consumer.subscribe(List.of(settings.events()), new Rebalance());
    }

    /** Commits what is open; no turn comes after it. */
    void finish() {
        if (transaction.isOpen() && atRebalance == null) {
            commit();
        }
    }

    /** What is to be closed at the end, in this order, each whatever becomes of the others. */
    List<AutoCloseable> parts() {
        // A producer that closes gives up what it has open, and only then may others have the partitions.
        return List.of(
                () -> listener.lag(0),
                transaction,
                () -> consumer.close(CloseOptions.timeout(CLOSE)
                        .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)),
                scoring);
    }

    /** @return how long the next turn has to wait, milliseconds; 0 where nothing went wrong */
    long turn() {
        try {
            transaction.prepare();
            if (rewind) {
                seekToCommitted();
            }
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(patience());
            if (atRebalance != null) {
                throw atRebalance;
            }
            if (!polled.isEmpty()) {
                transaction.begin(nanoTime.getAsLong());
                scoring.score(polled);
            }
            if (transaction.isOpen() && (polled.isEmpty() || isDue())) {
                commit();
            }
            listener.lag(lagRecords());
            return 0;
        } catch (RuntimeException e) {
            return recover(e);
        }
    }

    private Duration patience() {
        if (!transaction.isOpen()) {
            return POLL;
        }
        long lullNs = settings.commitInterval().toNanos() / LULLS_IN_AN_INTERVAL;
        return Duration.ofNanos(Math.max(0, Math.min(lullNs, leftNs())));
    }

    private boolean isDue() {
        return transaction.records() >= MAX_RECORDS_PER_COMMIT || leftNs() <= 0;
    }

    private long leftNs() {
        return settings.commitInterval().toNanos() - (nanoTime.getAsLong() - transaction.openedNs());
    }

    private void commit() {
        transaction.commit(consumer.groupMetadata());
        failuresInARow = 0;
        listener.committed(transaction.scored(), transaction.refused(), transaction.appendedMs(), clock.millis());
        transaction.clear();
    }

    /** Gives up the open transaction and says how long to wait before the next try, or throws where there is none left. */
    private long recover(RuntimeException e) {
        atRebalance = null;
        int records = transaction.records();
        boolean last = Failures.isFatal(e) || ++failuresInARow > MAX_FAILURES_IN_A_ROW;
        scoring.clear();
        rewind = true;
        transaction.abort();
        listener.aborted(records, Failures.describe(e));
        if (last) {
            throw e;
        }
        LOG.warn(
                "a scoring transaction was given up and will be done again loop={} records={} error={}",
                settings.name(),
                records,
                Failures.describe(e));
        measureUnanswered();
        return Math.min(MAX_BACK_OFF_MS, FIRST_BACK_OFF_MS << (failuresInARow - 1));
    }

    private void seekToCommitted() {
        Set<TopicPartition> owned = consumer.assignment();
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(owned);
        Set<TopicPartition> untouched = new HashSet<>(owned);
        for (Map.Entry<TopicPartition, OffsetAndMetadata> entry : committed.entrySet()) {
            if (entry.getValue() != null) {
                consumer.seek(entry.getKey(), entry.getValue());
                untouched.remove(entry.getKey());
            }
        }
        if (!untouched.isEmpty()) {
            // Given none, Kafka takes it to mean all.
            consumer.seekToBeginning(untouched);
        }
        rewind = false;
    }

    /**
     * What was polled in vain waits as well, and a loop that fails before it polls learns nothing of the topic's end: the
     * broker is asked, which delays nobody, since nothing can be scored now.
     */
    private void measureUnanswered() {
        Set<TopicPartition> owned = consumer.assignment();
        if (owned.isEmpty()) {
            listener.lag(0);
            return;
        }
        try {
            Map<TopicPartition, Long> ends = consumer.endOffsets(owned, LAG_PATIENCE);
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(owned, LAG_PATIENCE);
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(owned, LAG_PATIENCE);
            long lag = 0;
            for (TopicPartition tp : owned) {
                OffsetAndMetadata answered = committed.get(tp);
                long next = answered == null ? begins.getOrDefault(tp, 0L) : answered.offset();
                lag += Math.max(0, ends.getOrDefault(tp, next) - next);
            }
            listener.lag(lag);
        } catch (RuntimeException e) {
            LOG.debug("the lag is not known now loop={} error={}", settings.name(), Failures.describe(e));
        }
    }

    private long lagRecords() {
        long lag = 0;
        for (TopicPartition tp : consumer.assignment()) {
            lag += consumer.currentLag(tp).orElse(0);
        }
        return lag;
    }

    /** Why the loop cannot go on. */
    String sentence(Throwable e) {
        String stopped = "scoring of model " + settings.model() + " stopped: ";
        if (Failures.find(e, ProducerFencedException.class).isPresent()
                || Failures.find(e, FencedInstanceIdException.class).isPresent()) {
            return stopped + "another loop runs as " + settings.name() + "; each needs an instance name of its own";
        }
        if (Failures.find(e, RecordTooLargeException.class).isPresent()) {
            return stopped + "a refused record does not fit into topic " + settings.deadLetters()
                    + " with its error headers; raise that topic's max.message.bytes above that of "
                    + settings.events();
        }
        return stopped + Failures.describe(e);
    }

    /** Ends the open transaction before partitions leave this loop; runs inside a poll. */
    private final class Rebalance implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            LOG.info("partitions assigned loop={} partitions={}", settings.name(), partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (transaction.isOpen() && atRebalance == null) {
                try {
                    commit();
                } catch (RuntimeException e) {
                    // Thrown from here it would come wrapped; the turn handles it as soon as the poll returns.
                    atRebalance = e;
                }
            }
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            if (transaction.isOpen()) {
                atRebalance = new CommitFailedException("partitions " + partitions + " went to another member");
            }
        }
    }
}
