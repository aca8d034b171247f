package io.headwater.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headwater.codec.DeadLetter;
import io.headwater.drift.Detector;
import io.headwater.drift.DriftAlarm;
import io.headwater.event.OffsetRange;
import io.headwater.event.Partition;
import io.headwater.line.LineageRecord;
import io.headwater.line.LineageRecord.Kind;
import io.headwater.line.TrainerFencedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineageTopicIT {
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
    void flush_makesStepsAndTheirDeadLettersVisibleTogether() {
        try (LineageTopic lineage = open("together")) {
            lineage.append(step(1), List.of(letter(7)));
            lineage.append(step(2), List.of());
            assertThat(read("together", 1)).isEmpty();
            assertThat(Records.committed(broker, "together.dead")).isEmpty();

            lineage.flush();
            lineage.flush();

            assertThat(read("together", 1)).containsExactly(step(1), step(2));
            assertThat(Records.committed(broker, "together.dead"))
                    .singleElement()
                    .satisfies(record -> assertThat(record.value()).containsExactly(0, 7));
        }
    }

    @Test
    void readFrom_aStep_goesOnFromThereInOrder() {
        try (LineageTopic lineage = open("long")) {
            for (long sequence = 1; sequence <= 9000; sequence++) {
                lineage.append(step(sequence), List.of());
                if (sequence % 100 == 0) {
                    lineage.flush();
                }
            }
            lineage.flush();
            List<LineageRecord> read = new ArrayList<>();
            try (LineageReader reader = lineage.readFrom(4567)) {
                reader.forEachRemaining(read::add);
            }
            assertThat(read)
                    .containsExactlyElementsOf(LongStream.rangeClosed(4567, 9000)
                            .mapToObj(LineageTopicIT::step)
                            .toList());
            assertThat(read("long", 9001)).isEmpty();
        }
    }

    @Test
    void close_withoutFlush_leavesNothing_andTheNextWriterGoesOn() {
        try (LineageTopic lineage = open("dropped")) {
            lineage.append(step(1), List.of());
            lineage.flush();
            lineage.append(step(2), List.of(letter(1)));
        }
        assertThat(read("dropped", 1)).containsExactly(step(1));
        assertThat(Records.committed(broker, "dropped.dead")).isEmpty();

        try (LineageTopic again = open("dropped")) {
            again.append(step(2), List.of());
            again.flush();
        }
        assertThat(read("dropped", 1)).containsExactly(step(1), step(2));
    }

    @Test
    void secondTrainer_fencesTheFirst_whoseOpenStepsAreNeverSeen() {
        try (LineageTopic first = open("fenced")) {
            first.append(step(1), List.of());
            first.flush();
            first.append(step(2), List.of(letter(2)));
            try (LineageTopic second = open("fenced")) {
                assertThatThrownBy(first::flush)
                        .isInstanceOf(TrainerFencedException.class)
                        .hasMessage("another process trains model fenced now; this one stops training and only serves");
                assertThatThrownBy(() -> first.append(step(3), List.of())).isInstanceOf(IllegalStateException.class);
                second.append(step(2), List.of());
                second.flush();
            }
        }
        assertThat(read("fenced", 1)).containsExactly(step(1), step(2));
        assertThat(Records.committed(broker, "fenced.dead")).isEmpty();
    }

    @Test
    void record_hasTheWrittenFormAndTheModelAsKey() {
        try (LineageTopic lineage = open("form")) {
            lineage.append(step(1), List.of());
            lineage.flush();
        }
        // A commit is answered before its marker is written: the record becomes visible a moment later.
        await().until(() -> !Records.committed(broker, "form.lineage").isEmpty());
        ConsumerRecord<byte[], byte[]> record =
                Records.committed(broker, "form.lineage").get(0);
        assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("form");
        assertThat(new String(record.value(), StandardCharsets.UTF_8))
                .isEqualTo("{\"sequence\":1,\"kind\":\"LABELED\",\"ranges\":[{\"topic\":\"labels\",\"partition\":2,"
                        + "\"from\":10,\"until\":20}],\"input_sha256\":\"in1\",\"examples\":9,\"version\":0,"
                        + "\"alarms\":[],\"weights_sha256\":\"w1\",\"time_ms\":1001}");
    }

    @Test
    void somethingElseInTheTopic_isNamed() {
        open("foreign").close();
        Records.send(broker, "foreign.lineage", 0, List.of(Records.utf8("{\"sequence\":1}")));

        assertThatThrownBy(() -> read("foreign", 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("foreign.lineage-0 offset 0 is not a lineage record: ");
    }

    private static LineageTopic open(String model) {
        broker.createTopic(model + ".lineage", LineageTopic.PARTITIONS, KafkaClients.KEEP_FOREVER);
        broker.createTopic(model + ".dead", 1, KafkaClients.DEAD_LETTERS);
        return new LineageTopic(
                Records.clients(broker),
                model + ".lineage",
                model,
                new DeadLetterSink(model + ".dead", "headwater-train-" + model, 0, LineageTopicIT.class));
    }

    private static List<LineageRecord> read(String model, long sequence) {
        List<LineageRecord> read = new ArrayList<>();
        try (LineageReader reader = new LineageReader(Records.clients(broker), model + ".lineage", sequence)) {
            reader.forEachRemaining(read::add);
        }
        return read;
    }

    private static LineageRecord step(long sequence) {
        OffsetRange range = new OffsetRange(new Partition("labels", 2), 10 * sequence, 10 * sequence + 10);
        return new LineageRecord(
                sequence,
                Kind.LABELED,
                List.of(range),
                "in" + sequence,
                9,
                0,
                alarm(sequence),
                sequence % 4 == 0 ? List.of(sequence, -sequence) : List.of(),
                sequence % 2 == 1 ? "" : "settings" + sequence,
                "w" + sequence,
                1000 + sequence);
    }

    /** Every third step has one: the topic keeps it as it was. */
    private static Optional<DriftAlarm> alarm(long sequence) {
        return sequence % 3 == 0
                ? Optional.of(new DriftAlarm(Detector.ADWIN, "loss", sequence, 0.25, 0.125, 0.5, 0.75))
                : Optional.empty();
    }

    private static DeadLetter letter(int value) {
        return new DeadLetter(
                new Partition("labels", 0),
                5,
                new byte[] {1},
                new byte[] {0, (byte) value},
                List.of(),
                DeadLetter.DECODING,
                "not good",
                "java.lang.IllegalArgumentException");
    }
}
