package io.headwater.kafka;

import io.headwater.kafka.SimBroker.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.jspecify.annotations.Nullable;

/** A transactional producer of a {@link SimBroker}: it is fenced by the next of its id, and answers may get lost. */
final class SimProducer implements Producer<byte[], byte[]> {
    private final SimBroker broker;
    private final SimClients clients;
    private final String id;
    private int epoch;
    private @Nullable Transaction transaction;

    SimProducer(SimBroker broker, SimClients clients, String id) {
        this.broker = broker;
        this.clients = clients;
        this.id = id;
    }

    @Override
    public void initTransactions() {
        clients.act("init " + id);
        if (clients.hasTrouble()) {
            throw new TimeoutException("the coordinator does not answer");
        }
        epoch = broker.init(id);
        clients.act("initialized " + id);
    }

    @Override
    public void beginTransaction() {
        transaction = null;
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        clients.act("send to " + record.topic());
        if (broker.isCurrent(id, epoch)) {
            if (transaction == null) {
                transaction = broker.begin(id);
            }
            broker.add(transaction, record);
        }
        return new CompletableFuture<>();
    }

    @Override
    public void sendOffsetsToTransaction(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        clients.act("send offsets");
        checkCurrent();
        if (!broker.isGeneration(group.groupId(), group.generationId())) {
            throw new CommitFailedException("the group has gone on without this member");
        }
        if (transaction == null) {
            transaction = broker.begin(id);
        }
        if (clients.keepsOffsets()) {
            broker.add(transaction, group.groupId(), offsets);
        }
    }

    @Override
    public void commitTransaction() {
        Transaction ending = transaction;
        clients.act("commit " + id);
        checkCurrent();
        boolean answered = !clients.hasTrouble();
        if (ending != null) {
            ending.commitAsked = true;
            if (broker.isOpen(id, ending) && (answered || clients.isLucky())) {
                broker.end(id, ending, true);
            }
        }
        clients.act("committed " + id);
        if (!answered) {
            throw new TimeoutException("the commit was not answered");
        }
        transaction = null;
    }

    @Override
    public void abortTransaction() {
        clients.act("abort " + id);
        if (!broker.isCurrent(id, epoch)) {
            throw new ProducerFencedException("there is a newer producer of " + id);
        }
        if (transaction != null && transaction.commitAsked) {
            throw new KafkaException("a commit is under way and cannot be aborted");
        }
        if (transaction != null && broker.isOpen(id, transaction)) {
            broker.end(id, transaction, false);
        }
        transaction = null;
    }

    private void checkCurrent() {
        if (!broker.isCurrent(id, epoch)) {
            throw clients.isLucky()
                    ? new ProducerFencedException("there is a newer producer of " + id)
                    : new InvalidProducerEpochException("the epoch of " + id + " is old");
        }
    }

    @Override
    public void close() {}

    @Override
    public void close(Duration timeout) {}

    @Override
    public void flush() {}

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        return Map.of();
    }

    @Override
    public Uuid clientInstanceId(Duration timeout) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void registerMetricForSubscription(KafkaMetric metric) {}

    @Override
    public void unregisterMetricFromSubscription(KafkaMetric metric) {}
}
