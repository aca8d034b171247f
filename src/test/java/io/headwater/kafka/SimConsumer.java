package io.headwater.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** A consumer of a {@link SimBroker}, outside any group. It reads committed records; a poll may bring few or none. */
class SimConsumer extends MockConsumer<byte[], byte[]> {
    private final SimBroker broker;
    private final SimClients clients;
    private final int maxPollRecords;
    private final Map<TopicPartition, Long> positions = new LinkedHashMap<>();
    private final Set<TopicPartition> assigned = new LinkedHashSet<>();
    private final Set<TopicPartition> halted = new HashSet<>();

    SimConsumer(SimBroker broker, SimClients clients, int maxPollRecords) {
        super("none");
        this.broker = broker;
        this.clients = clients;
        this.maxPollRecords = maxPollRecords;
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        return IntStream.range(0, broker.partitions(topic))
                .mapToObj(i -> new PartitionInfo(topic, i, null, null, null))
                .toList();
    }

    @Override
    public Set<TopicPartition> assignment() {
        return Collections.unmodifiableSet(assigned);
    }

    @Override
    public void assign(Collection<TopicPartition> partitions) {
        assigned.clear();
        assigned.addAll(partitions);
        positions.keySet().retainAll(assigned);
        halted.retainAll(assigned);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        clients.act("poll");
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new LinkedHashMap<>();
        Map<TopicPartition, OffsetAndMetadata> next = new LinkedHashMap<>();
        if (clients.hasTrouble()) {
            return ConsumerRecords.empty();
        }
        List<TopicPartition> order = new ArrayList<>(assigned);
        Collections.rotate(order, clients.nextInt(order.size() + 1));
        int room = 1 + clients.nextInt(maxPollRecords);
        for (TopicPartition tp : order) {
            if (halted.contains(tp)) {
                continue;
            }
            List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
            long position = position(tp);
            for (long end = broker.stableEnd(tp); position < end && room > 0; position++) {
                broker.committed(tp, position).ifPresent(read::add);
                room -= read.isEmpty() ? 0 : 1;
            }
            if (position > position(tp)) {
                positions.put(tp, position);
                next.put(tp, new OffsetAndMetadata(position));
            }
            if (!read.isEmpty()) {
                records.put(tp, read);
            }
        }
        return new ConsumerRecords<>(records, next);
    }

    @Override
    public void seek(TopicPartition tp, long offset) {
        positions.put(tp, offset);
    }

    @Override
    public void seekToBeginning(Collection<TopicPartition> partitions) {
        partitions.forEach(tp -> seek(tp, 0));
    }

    @Override
    public void seekToEnd(Collection<TopicPartition> partitions) {
        partitions.forEach(tp -> seek(tp, broker.stableEnd(tp)));
    }

    @Override
    public long position(TopicPartition tp) {
        Long position = positions.get(tp);
        if (position == null) {
            throw new NoOffsetForPartitionException(tp);
        }
        return position;
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        halted.addAll(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        halted.removeAll(Set.copyOf(partitions));
    }

    @Override
    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
        partitions.forEach(tp -> offsets.put(tp, 0L));
        return offsets;
    }

    @Override
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
        partitions.forEach(tp -> offsets.put(tp, broker.stableEnd(tp)));
        return offsets;
    }

    @Override
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions, Duration timeout) {
        return endOffsets(partitions);
    }

    @Override
    public OptionalLong currentLag(TopicPartition tp) {
        return OptionalLong.of(broker.stableEnd(tp) - position(tp));
    }

    @Override
    public void close() {}

    @Override
    public void close(CloseOptions options) {}
}
