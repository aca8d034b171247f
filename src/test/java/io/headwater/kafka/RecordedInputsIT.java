package io.headwater.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headwater.event.Event;
import io.headwater.event.LabeledExample;
import io.headwater.event.MiniBatch;
import io.headwater.event.OffsetRange;
import io.headwater.event.Partition;
import io.headwater.event.StreamPosition;
import io.headwater.event.TrafficBatch;
import io.headwater.line.LineInput;
import io.headwater.line.LineageRecord;
import io.headwater.line.LineageRecord.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedInputsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int RECORDS = 6000;
    private static final int PARTITIONS = 3;

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(directory);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void recordedInputs_formTheSameBatchesAgain() {
        broker.createTopic("again", PARTITIONS);
        int committed = write("again");
        Queue<PolledBatch<LabeledExample>> polled = new ConcurrentLinkedQueue<>();
        Queue<StreamStoppedException> failures = new ConcurrentLinkedQueue<>();
        try (PollLoop<LabeledExample> loop = PollLoop.start(
                Records.clients(broker),
                PollSettings.everything("again", "again", 100),
                StreamPosition.START,
                Records.CODEC::labeled,
                polled::add,
                failures::add)) {
            loop.grant(1_000_000);
            await().atMost(PATIENCE)
                    .until(() -> !failures.isEmpty()
                            || polled.stream().mapToInt(PolledBatch::size).sum() >= committed);
            assertThat(failures).isEmpty();
        }
        List<MiniBatch> live = mixedUp(polled);
        List<LineageRecord> lineage = new ArrayList<>();
        StreamPosition position = StreamPosition.START;
        for (MiniBatch batch : live) {
            position = position.advance(batch.ranges());
            lineage.add(record(lineage.size() + 1, Kind.LABELED, batch.ranges(), batch.inputSha256()));
        }
        assertThat(live.stream().anyMatch(batch -> batch.ranges().size() > 2)).isTrue();
        assertThat(live.stream().mapToInt(batch -> batch.examples().size()).sum())
                .isGreaterThan(1000)
                .isLessThan(committed);

        try (RecordedInputs inputs = new RecordedInputs(Records.clients(broker), "replay", settings -> Records.CODEC)) {
            for (int i = 0; i < live.size(); i++) {
                assertSame(live.get(i), inputs.form(lineage.get(i), ""));
            }
            // A second replay begins anywhere, and goes back.
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                order.add(i * live.size() / 40);
            }
            Collections.shuffle(order, new Random(4));
            order.forEach(i -> assertSame(live.get(i), inputs.form(lineage.get(i), "")));
        }
    }

    @Test
    void traffic_isFormedAgainToo() {
        broker.createTopic("traffic-again", 1);
        Records.send(broker, "traffic-again", 0, List.of(Records.labeled("a", 1), Records.labeled("b", 2)));
        List<OffsetRange> ranges = List.of(new OffsetRange(new Partition("traffic-again", 0), 1, 2));

        try (RecordedInputs inputs = new RecordedInputs(Records.clients(broker), "replay", settings -> Records.CODEC)) {
            TrafficBatch batch = ((LineInput.Traffic) inputs.form(record(1, Kind.TRAFFIC, ranges, ""), "")).batch();
            assertThat(batch.events()).extracting(Event::id).containsExactly("b");
            assertThat(inputs.form(record(3, Kind.ERASED, List.of(), ""), ""))
                    .isEqualTo(new LineInput.Erased(List.of(-7L)));
            assertThat(inputs.form(record(2, Kind.PROMOTED, List.of(), ""), "")).isEqualTo(new LineInput.Promoted(5));
            assertThat(inputs.form(record(3, Kind.ROLLED_BACK, List.of(), ""), ""))
                    .isEqualTo(new LineInput.RolledBack(5));
            assertThat(inputs.form(record(4, Kind.RECONFIGURED, List.of(), ""), ""))
                    .isEqualTo(new LineInput.Reconfigured("settings"));
        }
    }

    @Test
    void offsets_thatRetentionHasTaken_areNamed() throws Exception {
        broker.createTopic("taken", 1);
        List<byte[]> values = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            values.add(Records.labeled("e" + i, 1));
        }
        Records.send(broker, "taken", 0, values);
        Records.deleteBefore(broker, "taken", 0, 30);
        Partition partition = new Partition("taken", 0);

        try (RecordedInputs inputs = new RecordedInputs(Records.clients(broker), "replay", settings -> Records.CODEC)) {
            assertThatThrownBy(() ->
                            inputs.form(record(1, Kind.LABELED, List.of(new OffsetRange(partition, 20, 40)), ""), ""))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("offsets 20 to 29 of taken-0 are needed and are not on the broker any more: retention"
                            + " has taken them, the first kept is 30");
            assertThatThrownBy(() ->
                            inputs.form(record(1, Kind.LABELED, List.of(new OffsetRange(partition, 45, 60)), ""), ""))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("offsets 50 to 59 of taken-0 are needed but the topic ends at 50");
            LineInput.Labeled rest = (LineInput.Labeled)
                    inputs.form(record(1, Kind.LABELED, List.of(new OffsetRange(partition, 30, 50)), ""), "");
            assertThat(rest.batch().examples()).hasSize(20);
        }
    }

    /** Plain records, broken ones, and transactions of which every third is taken back; says how many stay. */
    private static int write(String topic) {
        Random random = new Random(11);
        int committed = 0;
        try (Producer<byte[], byte[]> plain = Records.producer(broker);
                Producer<byte[], byte[]> transactional =
                        Records.clients(broker).transactional("w", "again-writer", Duration.ofSeconds(60))) {
            transactional.initTransactions();
            for (int i = 0; i < RECORDS; ) {
                int run = 1 + random.nextInt(60);
                boolean inTransaction = random.nextBoolean();
                boolean abort = inTransaction && random.nextInt(3) == 0;
                Producer<byte[], byte[]> producer = inTransaction ? transactional : plain;
                if (inTransaction) {
                    transactional.beginTransaction();
                }
                for (int end = i + run; i < end; i++) {
                    byte[] value = random.nextInt(20) == 0 ? null : Records.labeled("e" + i, random.nextFloat() - 0.5f);
                    byte[] sent = random.nextInt(20) == 0 ? Records.utf8("{broken " + i) : value;
                    producer.send(new ProducerRecord<>(topic, random.nextInt(PARTITIONS), null, sent));
                }
                producer.flush();
                if (abort) {
                    transactional.abortTransaction();
                } else if (inTransaction) {
                    transactional.commitTransaction();
                }
                committed += abort ? 0 : run;
            }
        }
        return committed;
    }

    /** Takes slices of random length from random partitions, each partition in order, and batches some together. */
    private static List<MiniBatch> mixedUp(Queue<PolledBatch<LabeledExample>> polled) {
        Random random = new Random(12);
        List<Deque<PolledBatch<LabeledExample>>> partitions = new ArrayList<>();
        for (int i = 0; i < PARTITIONS; i++) {
            partitions.add(new ArrayDeque<>());
        }
        polled.forEach(batch -> partitions.get(batch.partition().number()).add(batch));
        List<MiniBatch> batches = new ArrayList<>();
        List<PolledBatch<LabeledExample>> taken = new ArrayList<>();
        while (partitions.stream().anyMatch(left -> !left.isEmpty())) {
            Deque<PolledBatch<LabeledExample>> left = partitions.get(random.nextInt(PARTITIONS));
            PolledBatch<LabeledExample> batch = left.poll();
            if (batch == null) {
                continue;
            }
            int until = Math.min(batch.size(), 1 + random.nextInt(40));
            taken.add(batch.slice(0, until));
            if (until < batch.size()) {
                left.push(batch.slice(until, batch.size()));
            }
            if (random.nextInt(4) == 0) {
                batches.add(MiniBatches.labeled(taken).batch());
                taken.clear();
            }
        }
        if (!taken.isEmpty()) {
            batches.add(MiniBatches.labeled(taken).batch());
        }
        return batches;
    }

    private static void assertSame(MiniBatch live, LineInput input) {
        MiniBatch again = ((LineInput.Labeled) input).batch();
        assertThat(again.inputSha256()).isEqualTo(live.inputSha256());
        assertThat(again.ranges()).isEqualTo(live.ranges());
        assertThat(again.examples()).usingRecursiveComparison().isEqualTo(live.examples());
    }

    private static LineageRecord record(long sequence, Kind kind, List<OffsetRange> ranges, String sha256) {
        return new LineageRecord(
                sequence, kind, ranges, sha256, 0, 5, Optional.empty(), List.of(-7L), "settings", "", 0);
    }
}
