package io.headwater.kafka;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Topics in memory with what matters to readers of committed records: open and aborted transactions, their markers, and
 * a last stable offset. It never dies and keeps everything; what goes wrong on the way to it is its clients' matter.
 */
public final class SimBroker {
    private enum State {
        OPEN,
        COMMITTED,
        ABORTED,
        MARKER,
        COMPACTED
    }

    private static final class Entry {
        final ConsumerRecord<byte[], byte[]> record;
        State state;

        Entry(ConsumerRecord<byte[], byte[]> record, State state) {
            this.record = record;
            this.state = state;
        }
    }

    /** An open transaction. */
    static final class Transaction {
        private final List<Entry> entries = new ArrayList<>();
        private final Set<TopicPartition> partitions = new LinkedHashSet<>();
        private final Map<TopicPartition, OffsetAndMetadata> offsets = new LinkedHashMap<>();
        private String group = "";
        /** Its producer has asked for its commit, and was not told what came of it. */
        boolean commitAsked;
    }

    private final Map<TopicPartition, List<Entry>> logs = new LinkedHashMap<>();
    private final Map<String, Integer> partitions = new HashMap<>();
    private final Map<String, Integer> epochs = new HashMap<>();
    private final Map<String, Transaction> open = new HashMap<>();
    private final Map<String, Integer> generations = new HashMap<>();
    private final Map<String, Map<TopicPartition, OffsetAndMetadata>> offsets = new HashMap<>();
    private final Random random;
    private Consumer<List<ConsumerRecord<byte[], byte[]>>> watcher = committed -> {};
    private long nowMs;

    /** @param random decides what became of a commit that nobody was told about */
    public SimBroker(Random random) {
        this.random = random;
    }

    /** @param committed is told of the records of each transaction as they become visible */
    public void watch(Consumer<List<ConsumerRecord<byte[], byte[]>>> committed) {
        watcher = committed;
    }

    public void createTopic(String topic, int count) {
        partitions.put(topic, count);
        for (int i = 0; i < count; i++) {
            logs.put(new TopicPartition(topic, i), new ArrayList<>());
        }
    }

    public void time(long nowMs) {
        this.nowMs = nowMs;
    }

    /** Adds a record outside transactions. */
    public void append(String topic, int partition, byte @Nullable [] value) {
        append(new ProducerRecord<>(topic, partition, null, value), State.COMMITTED);
    }

    /** Adds a record to an open transaction of {@code id}, beginning one where there is none. */
    public void appendOpen(String id, String topic, int partition, byte @Nullable [] value) {
        add(open.computeIfAbsent(id, none -> new Transaction()), new ProducerRecord<>(topic, partition, null, value));
    }

    /** Ends the open transaction of {@code id}, if there is one. */
    public void endOpen(String id, boolean commit) {
        Transaction transaction = open.get(id);
        if (transaction != null) {
            end(id, transaction, commit);
        }
    }

    /** Leaves of each key the newest committed record alone, as a log cleaner does when it comes by. */
    public void compact(String topic) {
        for (int i = 0; i < partitions(topic); i++) {
            TopicPartition tp = new TopicPartition(topic, i);
            Set<ByteBuffer> newer = new HashSet<>();
            List<Entry> log = log(tp).subList(0, (int) stableEnd(tp));
            for (int at = log.size() - 1; at >= 0; at--) {
                Entry entry = log.get(at);
                if (entry.state == State.COMMITTED && !newer.add(ByteBuffer.wrap(entry.record.key()))) {
                    entry.state = State.COMPACTED;
                }
            }
        }
    }

    /** Where readers of committed records end. */
    public long end(String topic, int partition) {
        return stableEnd(new TopicPartition(topic, partition));
    }

    /** The committed records of {@code from <= offset < until}. */
    public List<ConsumerRecord<byte[], byte[]>> committed(String topic, int partition, long from, long until) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        TopicPartition tp = new TopicPartition(topic, partition);
        for (long offset = from; offset < until; offset++) {
            committed(tp, offset).ifPresent(records::add);
        }
        return records;
    }

    int partitions(String topic) {
        return partitions.getOrDefault(topic, 0);
    }

    /** The record at an offset; empty for a marker and for an aborted one. */
    Optional<ConsumerRecord<byte[], byte[]>> committed(TopicPartition tp, long offset) {
        Entry entry = log(tp).get((int) offset);
        return entry.state == State.COMMITTED ? Optional.of(entry.record) : Optional.empty();
    }

    long stableEnd(TopicPartition tp) {
        List<Entry> log = log(tp);
        for (int i = 0; i < log.size(); i++) {
            if (log.get(i).state == State.OPEN) {
                return i;
            }
        }
        return log.size();
    }

    /** Begins a new epoch of a transactional id and ends what an earlier one left open. */
    int init(String id) {
        Transaction left = open.get(id);
        if (left != null) {
            end(id, left, left.commitAsked && random.nextBoolean());
        }
        return epochs.merge(id, 1, Integer::sum);
    }

    /** How often a transactional id was opened. */
    public int epoch(String id) {
        return epochs.getOrDefault(id, 0);
    }

    boolean isCurrent(String id, int epoch) {
        return epochs.getOrDefault(id, 0) == epoch;
    }

    Transaction begin(String id) {
        Transaction transaction = new Transaction();
        open.put(id, transaction);
        return transaction;
    }

    /** Adds offsets that hold for {@code group} once the transaction is committed. */
    void add(Transaction transaction, String group, Map<TopicPartition, OffsetAndMetadata> next) {
        transaction.group = group;
        transaction.offsets.putAll(next);
    }

    /** Begins a new generation of a group. */
    int join(String group) {
        return generations.merge(group, 1, Integer::sum);
    }

    boolean isGeneration(String group, int generation) {
        return generations.getOrDefault(group, 0) == generation;
    }

    Map<TopicPartition, OffsetAndMetadata> offsets(String group) {
        return offsets.getOrDefault(group, Map.of());
    }

    boolean isOpen(String id, Transaction transaction) {
        return open.get(id) == transaction;
    }

    void add(Transaction transaction, ProducerRecord<byte[], byte[]> record) {
        Entry entry = append(record, State.OPEN);
        transaction.entries.add(entry);
        transaction.partitions.add(new TopicPartition(entry.record.topic(), entry.record.partition()));
    }

    void end(String id, Transaction transaction, boolean commit) {
        open.remove(id);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (Entry entry : transaction.entries) {
            entry.state = commit ? State.COMMITTED : State.ABORTED;
            records.add(entry.record);
        }
        for (TopicPartition tp : transaction.partitions) {
            append(new ProducerRecord<>(tp.topic(), tp.partition(), null, null), State.MARKER);
        }
        if (commit) {
            offsets.computeIfAbsent(transaction.group, none -> new HashMap<>()).putAll(transaction.offsets);
            watcher.accept(records);
        }
    }

    private Entry append(ProducerRecord<byte[], byte[]> sent, State state) {
        int partition = sent.partition() == null ? 0 : sent.partition();
        List<Entry> log = log(new TopicPartition(sent.topic(), partition));
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(
                sent.topic(),
                partition,
                log.size(),
                nowMs,
                TimestampType.CREATE_TIME,
                0,
                0,
                sent.key(),
                sent.value(),
                sent.headers(),
                Optional.empty());
        Entry entry = new Entry(record, state);
        log.add(entry);
        return entry;
    }

    private List<Entry> log(TopicPartition tp) {
        return Objects.requireNonNull(logs.get(tp), () -> "no " + tp);
    }
}
