package io.headwater.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.line.LineageRecord;
import io.headwater.line.LineageRecord.Kind;
import io.headwater.simulation.SimProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineageReaderTest {
    private static final String TOPIC = "m.lineage";
    private static final int STEPS = 60_000;
    /** Half a dozen halvings, each with a poll, and what lies between the last of them and the step. */
    private static final int MOST_READ_BEFORE = 20_000;

    private static final SimBroker BROKER = new SimBroker(new Random(1));

    /** Each step in a transaction of its own, each fourth time after one that was given up: 2.5 offsets a step. */
    @BeforeAll
    static void write() {
        BROKER.createTopic(TOPIC, 1);
        for (int sequence = 1; sequence <= STEPS; sequence++) {
            if (sequence % 4 == 0) {
                BROKER.appendOpen("trainer", TOPIC, 0, LineageJson.write(step(sequence + 5)));
                BROKER.endOpen("trainer", false);
            }
            BROKER.appendOpen("trainer", TOPIC, 0, LineageJson.write(step(sequence)));
            BROKER.endOpen("trainer", true);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 700, 25_001, 43_210, 59_990, STEPS, STEPS + 1, STEPS + 9})
    void aStep_isReadFromThereOn_withoutMostOfWhatIsBeforeIt(long sequence) {
        CountingClients clients = new CountingClients();
        List<LineageRecord> read = new ArrayList<>();
        try (LineageReader reader = new LineageReader(clients, TOPIC, sequence)) {
            reader.forEachRemaining(read::add);
        }

        assertThat(read)
                .isEqualTo(LongStream.rangeClosed(sequence, STEPS)
                        .mapToObj(LineageReaderTest::step)
                        .toList());
        assertThat(clients.records - read.size()).isLessThan(MOST_READ_BEFORE);
    }

    @Test
    void lineage_thatEndsWithMarkersAlone_isReadToItsEnd() {
        SimBroker broker = new SimBroker(new Random(1));
        broker.createTopic(TOPIC, 1);
        broker.append(TOPIC, 0, LineageJson.write(step(1)));
        for (int i = 0; i < 3000; i++) {
            broker.appendOpen("trainer", TOPIC, 0, LineageJson.write(step(2)));
            broker.endOpen("trainer", false);
        }

        try (LineageReader reader = new LineageReader(clients(broker), TOPIC, 1)) {
            assertThat(reader).toIterable().containsExactly(step(1));
        }
    }

    private static LineageRecord step(long sequence) {
        return new LineageRecord(
                sequence, Kind.PROMOTED, List.of(), "", 0, sequence, Optional.empty(), List.of(), "s", "w", sequence);
    }

    private static SimClients clients(SimBroker broker) {
        return new SimClients(broker, new SimProcess(0), new Random(2));
    }

    /** Counts the records that its consumers poll. */
    private static final class CountingClients implements Clients {
        long records;

        @Override
        public Consumer<byte[], byte[]> replayer(String clientId, int maxPollRecords) {
            return new SimConsumer(BROKER, clients(BROKER), maxPollRecords) {
                @Override
                public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
                    ConsumerRecords<byte[], byte[]> polled = super.poll(timeout);
                    records += polled.count();
                    return polled;
                }
            };
        }

        @Override
        public Consumer<byte[], byte[]> reader(String clientId, int maxPollRecords) {
            return replayer(clientId, maxPollRecords);
        }

        @Override
        public Consumer<byte[], byte[]> member(String instance, String group, int maxPollRecords) {
            throw new UnsupportedOperationException("a lineage is read outside any group");
        }

        @Override
        public Producer<byte[], byte[]> transactional(String clientId, String transactionalId, Duration timeout) {
            throw new UnsupportedOperationException("a reader writes nothing");
        }
    }
}
