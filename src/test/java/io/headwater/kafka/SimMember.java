package io.headwater.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The one member of a group of a {@link SimBroker}: now and then the group takes all partitions away and gives them back. */
final class SimMember extends SimConsumer {
    private final SimBroker broker;
    private final SimClients clients;
    private final String group;
    private String topic = "";
    private @Nullable ConsumerRebalanceListener listener;
    private int generation;

    SimMember(SimBroker broker, SimClients clients, String group, int maxPollRecords) {
        super(broker, clients, maxPollRecords);
        this.broker = broker;
        this.clients = clients;
        this.group = group;
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener told) {
        topic = topics.iterator().next();
        listener = told;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        if (assignment().isEmpty()) {
            clients.act("join " + group);
            generation = broker.join(group);
            take();
        } else if (listener != null && clients.nextInt(20) == 0) {
            Set<TopicPartition> owned = Set.copyOf(assignment());
            if (clients.isLucky()) {
                listener.onPartitionsRevoked(owned);
                generation = broker.join(group);
            } else {
                generation = broker.join(group);
                listener.onPartitionsLost(owned);
            }
            take();
            return ConsumerRecords.empty();
        }
        return super.poll(timeout);
    }

    private void take() {
        List<TopicPartition> all =
                partitionsFor(topic).stream().map(SimMember::of).toList();
        assign(all);
        Map<TopicPartition, OffsetAndMetadata> committed = broker.offsets(group);
        for (TopicPartition tp : all) {
            OffsetAndMetadata next = committed.get(tp);
            seek(tp, next == null ? 0 : next.offset());
        }
        if (listener != null) {
            listener.onPartitionsAssigned(all);
        }
    }

    private static TopicPartition of(PartitionInfo info) {
        return new TopicPartition(info.topic(), info.partition());
    }

    @Override
    public void seek(TopicPartition tp, OffsetAndMetadata next) {
        seek(tp, next.offset());
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> known = new LinkedHashMap<>(broker.offsets(group));
        known.keySet().retainAll(partitions);
        return known;
    }

    @Override
    public ConsumerGroupMetadata groupMetadata() {
        return new ConsumerGroupMetadata(group, generation, "member", Optional.empty());
    }
}
