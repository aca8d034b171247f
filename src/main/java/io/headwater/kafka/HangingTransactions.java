package io.headwater.kafka;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest;
import org.apache.kafka.common.requests.WriteTxnMarkersResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the markers of transactions that the embedded broker's coordinator holds for complete although they never
 * reached their partitions.
 *
 * <p>Seen on 4.3.1: a broker that is killed between a prepared commit and its markers comes back, books the commit as
 * complete and writes no marker. The producer was told that it is committed, but read_committed readers, and the
 * group's offsets, stop at the open records for ever. What is open in a partition and under way in no coordinator's book
 * is such a rest; it gets the result that the book has. Clients may come back meanwhile: what they begin was
 * not open at the first look, and is left alone.
 */
final class HangingTransactions {
    private static final Logger LOG = LoggerFactory.getLogger(HangingTransactions.class);
    private static final Set<TransactionState> UNDER_WAY = EnumSet.of(
            TransactionState.ONGOING,
            TransactionState.PREPARE_COMMIT,
            TransactionState.PREPARE_ABORT,
            TransactionState.PREPARE_EPOCH_FENCE);
    private static final short REQUEST_VERSION = 1;
    private static final int TIMEOUT_MS = 10_000;
    private static final Duration SETTLING = Duration.ofSeconds(10);
    private static final Duration ASK_AGAIN = Duration.ofMillis(20);

    private final String host;
    private final int port;

    HangingTransactions(String host, int port) {
        this.host = host;
        this.port = port;
    }

    /** Ends what hangs and says how many partitions had something open. */
    int end(Admin admin) throws ExecutionException, InterruptedException, IOException {
        Map<TopicPartition, Collection<ProducerState>> open = open(admin);
        Set<Long> producers = open.values().stream()
                .flatMap(Collection::stream)
                .map(ProducerState::producerId)
                .collect(Collectors.toSet());
        Map<Long, TransactionState> book = settledBook(admin, producers);
        int ended = 0;
        // What was being written when the book was not settled yet may have been ended since, and others begun.
        for (Map.Entry<TopicPartition, Collection<ProducerState>> partition :
                open(admin).entrySet()) {
            Collection<ProducerState> before = open.getOrDefault(partition.getKey(), List.of());
            for (ProducerState producer : partition.getValue()) {
                TransactionState state = book.get(producer.producerId());
                if (state != null && !UNDER_WAY.contains(state) && isAmong(before, producer)) {
                    mark(partition.getKey(), producer, state);
                    ended++;
                }
            }
        }
        return ended;
    }

    /**
     * The coordinator's book once it knows all of {@code producers} and has dealt with what was prepared, or after a
     * while. Right after a start it may not have read its log yet, and then it knows nobody.
     */
    private static Map<Long, TransactionState> settledBook(Admin admin, Set<Long> producers)
            throws ExecutionException, InterruptedException {
        long endNs = System.nanoTime() + SETTLING.toNanos();
        while (true) {
            Map<Long, TransactionState> book = new HashMap<>();
            for (TransactionListing listing : admin.listTransactions().all().get()) {
                book.put(listing.producerId(), listing.state());
            }
            boolean settled = book.keySet().containsAll(producers)
                    && book.values().stream()
                            .noneMatch(state -> UNDER_WAY.contains(state) && state != TransactionState.ONGOING);
            if (settled || System.nanoTime() > endNs) {
                return book;
            }
            // The broker gives no signal for this.
            Thread.sleep(ASK_AGAIN.toMillis());
        }
    }

    private static boolean isAmong(Collection<ProducerState> open, ProducerState producer) {
        return open.stream()
                .anyMatch(one -> one.producerId() == producer.producerId()
                        && one.currentTransactionStartOffset().equals(producer.currentTransactionStartOffset()));
    }

    /** Producers with an open transaction, by partition. */
    private static Map<TopicPartition, Collection<ProducerState>> open(Admin admin)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Collection<ProducerState>> open = new HashMap<>();
        producers(admin).forEach((partition, producers) -> {
            List<ProducerState> withOpen = producers.stream()
                    .filter(producer -> producer.currentTransactionStartOffset().isPresent())
                    .toList();
            if (!withOpen.isEmpty()) {
                open.put(partition, withOpen);
            }
        });
        return open;
    }

    private static Map<TopicPartition, Collection<ProducerState>> producers(Admin admin)
            throws ExecutionException, InterruptedException {
        Set<String> topics = admin.listTopics(new ListTopicsOptions().listInternal(true))
                .names()
                .get();
        List<TopicPartition> partitions = admin.describeTopics(topics).allTopicNames().get().values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .toList();
        Map<TopicPartition, Collection<ProducerState>> producers = new HashMap<>();
        if (!partitions.isEmpty()) {
            admin.describeProducers(partitions)
                    .all()
                    .get()
                    .forEach((partition, state) -> producers.put(partition, state.activeProducers()));
        }
        return producers;
    }

    private void mark(TopicPartition partition, ProducerState producer, TransactionState booked) throws IOException {
        boolean commit = booked == TransactionState.COMPLETE_COMMIT;
        LOG.warn(
                "{} of {}: a transaction that a stop left without its marker, booked as {}, is {}",
                partition,
                producer,
                booked,
                commit ? "committed" : "aborted");
        WriteTxnMarkersRequest.TxnMarkerEntry marker = new WriteTxnMarkersRequest.TxnMarkerEntry(
                producer.producerId(),
                (short) producer.producerEpoch(),
                producer.coordinatorEpoch().orElse(0),
                commit ? TransactionResult.COMMIT : TransactionResult.ABORT,
                List.of(partition),
                (short) 0);
        Map<TopicPartition, Errors> errors = send(new WriteTxnMarkersRequest.Builder(List.of(marker)))
                .errorsByProducerId()
                .getOrDefault(producer.producerId(), Map.of());
        Errors error = errors.getOrDefault(partition, Errors.NONE);
        if (error != Errors.NONE) {
            throw new IOException("the open transaction in " + partition + " cannot be ended: " + error.message());
        }
    }

    /** The admin client can abort only, and what was told to be committed has to be committed. */
    private WriteTxnMarkersResponse send(WriteTxnMarkersRequest.Builder request) throws IOException {
        RequestHeader header = new RequestHeader(ApiKeys.WRITE_TXN_MARKERS, REQUEST_VERSION, "headwater-markers", 1);
        ByteBuffer bytes = request.build(REQUEST_VERSION).serializeWithHeader(header);
        try (Socket socket = new Socket(host, port);
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                DataInputStream in = new DataInputStream(socket.getInputStream())) {
            socket.setSoTimeout(TIMEOUT_MS);
            out.writeInt(bytes.remaining());
            out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
            out.flush();
            ByteBuffer answer = ByteBuffer.wrap(in.readNBytes(in.readInt()));
            answer.position(header.toResponseHeader().size());
            return WriteTxnMarkersResponse.parse(new ByteBufferAccessor(answer), REQUEST_VERSION);
        }
    }
}
