package io.headwater.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A book of what went in and what came out, kept by a plain consumer at read_committed that shares nothing with the
 * service: what the lineage says was learned is held against the labels themselves, scores and dead letters against the
 * events. Each {@link #read} goes on where the last one ended and checks what it finds.
 */
final class TopicLedger implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String EVENTS = ".events";
    private static final String LABELS = ".labels";

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String model;
    private final List<TopicPartition> partitions = new ArrayList<>();

    /** Values by topic partition, an offset each. */
    private final Map<TopicPartition, List<byte[]>> sent = new HashMap<>();

    private final Map<TopicPartition, Long> learnedUntil = new TreeMap<>(TopicLedger::compare);
    private final Map<TopicPartition, Long> examinedUntil = new HashMap<>();
    private final Map<String, Long> scoreVersions = new HashMap<>();
    private final Map<Integer, Long> versionOfPartition = new HashMap<>();
    private final Set<String> deadLetters = new HashSet<>();
    private final List<Long> stepTimesMs = new ArrayList<>();
    private final List<Long> scoreTimesMs = new ArrayList<>();
    private long steps;
    private long promoted;
    private long learned;
    private long refusedLabels;
    private boolean severalScore;

    TopicLedger(String bootstrapServers, String model) {
        this.model = model;
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "isolation.level",
                        "read_committed",
                        "fetch.max.wait.ms",
                        "10",
                        "max.poll.records",
                        "10000"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        for (String topic : List.of(EVENTS, LABELS, ".lineage", ".scores", ".dead-letters")) {
            consumer.partitionsFor(model + topic)
                    .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Processes that do not follow each other score: their versions may mix. */
    void severalProcessesScore() {
        severalScore = true;
    }

    private static int compare(TopicPartition one, TopicPartition other) {
        int byTopic = one.topic().compareTo(other.topic());
        return byTopic != 0 ? byTopic : Integer.compare(one.partition(), other.partition());
    }

    /** Reads what is committed by now, and checks it: inputs first, then what was made of them. */
    TopicLedger read() throws IOException {
        List<ConsumerRecord<byte[], byte[]>> outputs = new ArrayList<>();
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        long untilNs = System.nanoTime() + PATIENCE.toNanos();
        while (partitions.stream().anyMatch(tp -> consumer.position(tp) < end(ends, tp))) {
            assertThat(System.nanoTime()).as("no end at %s", ends).isLessThan(untilNs);
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.topic().endsWith(EVENTS) || record.topic().endsWith(LABELS)) {
                    TopicPartition tp = new TopicPartition(record.topic(), record.partition());
                    List<byte[]> values = sent.computeIfAbsent(tp, key -> new ArrayList<>());
                    assertThat(record.offset()).isEqualTo(values.size());
                    values.add(record.value());
                } else {
                    outputs.add(record);
                }
            }
        }
        for (ConsumerRecord<byte[], byte[]> record : outputs) {
            take(record);
        }
        return this;
    }

    /**
     * Broken labels that were learned around and are dead letters, less those that are not yet. Steps and the dead
     * letters of their inputs are one transaction, but what a killed scorer left open in the dead-letter topic hides the
     * letters behind it until the next one ends it.
     */
    long lettersAhead() {
        return deadLetters.stream()
                        .filter(letter -> letter.startsWith(model + LABELS))
                        .count()
                - refusedLabels;
    }

    private static long end(Map<TopicPartition, Long> ends, TopicPartition tp) {
        return ends.getOrDefault(tp, 0L);
    }

    private void take(ConsumerRecord<byte[], byte[]> record) throws IOException {
        String where = record.topic() + "-" + record.partition() + " offset " + record.offset();
        if (record.topic().endsWith(".lineage")) {
            step(JSON.readTree(record.value()), where);
            stepTimesMs.add(record.timestamp());
        } else if (record.topic().endsWith(".scores")) {
            score(JSON.readTree(record.value()), record.partition(), where);
            scoreTimesMs.add(record.timestamp());
        } else {
            String letter =
                    header(record, "topic") + "-" + header(record, "partition") + "@" + header(record, "offset");
            assertThat(deadLetters.add(letter)).as("%s: %s once", where, letter).isTrue();
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader("__connect.errors." + name);
        return new String(header.value(), StandardCharsets.UTF_8);
    }

    /** No step is missing or twice, and its input is what lies at its offsets, byte for byte. */
    private void step(JsonNode step, String where) {
        assertThat(step.path("sequence").asLong()).as(where).isEqualTo(++steps);
        switch (step.path("kind").asText()) {
            case "LABELED" ->
                assertThat(input(step, learnedUntil, true, where))
                        .as("%s: input hash", where)
                        .isEqualTo(step.path("input_sha256").asText());
            case "TRAFFIC" ->
                assertThat(input(step, examinedUntil, false, where))
                        .as("%s: input hash", where)
                        .isEqualTo(step.path("input_sha256").asText());
            case "PROMOTED" -> {
                assertThat(step.path("version").asLong())
                        .as("%s: promoted", where)
                        .isGreaterThan(promoted);
                promoted = step.path("version").asLong();
            }
            case "ROLLED_BACK" -> fail(where + ": nobody rolled back");
            default -> {
                // Alarms and the like take no offsets.
            }
        }
    }

    private String input(JsonNode step, Map<TopicPartition, Long> taken, boolean labeled, String where) {
        MessageDigest sha256 = sha256();
        int good = 0;
        for (JsonNode range : step.path("ranges")) {
            TopicPartition tp = new TopicPartition(
                    range.path("topic").asText(), range.path("partition").asInt());
            int from = range.path("from").asInt();
            int until = range.path("until").asInt();
            long next = taken.getOrDefault(tp, 0L);
            if (labeled) {
                assertThat(from).as("%s: %s goes on", where, tp).isEqualTo(next);
            } else {
                assertThat(from).as("%s: %s not again", where, tp).isGreaterThanOrEqualTo((int) next);
            }
            taken.put(tp, (long) until);
            for (byte[] value : sent.getOrDefault(tp, List.of()).subList(from, until)) {
                sha256.update(ByteBuffer.allocate(4).putInt(value.length).array());
                sha256.update(value);
                good += isGood(value) ? 1 : 0;
                refusedLabels += labeled && !isGood(value) ? 1 : 0;
            }
        }
        assertThat(step.path("examples").asInt()).as("%s: examples", where).isEqualTo(good);
        learned += labeled ? good : 0;
        return HexFormat.of().formatHex(sha256.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Whether a record of {@link Feed} can be decoded: known from how the feed breaks them. */
    private static boolean isGood(byte[] value) {
        String text = new String(value, StandardCharsets.UTF_8);
        return text.endsWith("}") && !text.contains("\"label\":7");
    }

    private void score(JsonNode score, int partition, String where) {
        String id = score.path("id").asText();
        long version = score.path("version").asLong();
        assertThat(scoreVersions.put(id, version))
                .as("%s: score of %s once", where, id)
                .isNull();
        Long before = versionOfPartition.put(partition, version);
        assertThat(version)
                .as("%s: served version", where)
                .isGreaterThanOrEqualTo(before == null || severalScore ? 1 : before);
    }

    /** Everything that was sent is learned and scored, or is a dead letter. */
    boolean isComplete() {
        return sent.entrySet().stream()
                        .filter(entry -> entry.getKey().topic().endsWith(LABELS))
                        .allMatch(entry -> learnedUntil.getOrDefault(entry.getKey(), 0L)
                                == entry.getValue().size())
                && allScored();
    }

    /** Every event that was sent has a score, or is a dead letter. */
    boolean allScored() {
        return scoreVersions.size() + eventLetters() == count(EVENTS);
    }

    void checkComplete() {
        assertThat(lettersAhead())
                .as("dead letters of learned ranges, less broken labels")
                .isZero();
        learnedUntil.forEach((tp, until) -> assertThat(until)
                .as("%s learned to its end", tp)
                .isEqualTo(sent.getOrDefault(tp, List.of()).size()));
        assertThat(learnedUntil)
                .as("partitions learned")
                .hasSameSizeAs(sent.keySet().stream()
                        .filter(tp -> tp.topic().endsWith(LABELS))
                        .toList());
        long good = 0;
        for (Map.Entry<TopicPartition, List<byte[]>> entry : sent.entrySet()) {
            if (entry.getKey().topic().endsWith(EVENTS)) {
                for (byte[] value : entry.getValue()) {
                    good += isGood(value) ? 1 : 0;
                }
            }
        }
        assertThat(scoreVersions).as("events scored").hasSize((int) good);
        assertThat(eventLetters()).as("events refused").isEqualTo(count(EVENTS) - good);
    }

    private long eventLetters() {
        return deadLetters.stream()
                .filter(letter -> letter.startsWith(model + EVENTS))
                .count();
    }

    private long count(String topic) {
        return sent.entrySet().stream()
                .filter(entry -> entry.getKey().topic().endsWith(topic))
                .mapToLong(entry -> entry.getValue().size())
                .sum();
    }

    /** Records of the labels topic. */
    long labels() {
        return count(LABELS);
    }

    /** Those of them that a step has taken in, refused ones included. */
    long labelsTaken() {
        return learnedUntil.values().stream().mapToLong(Long::longValue).sum();
    }

    long steps() {
        return steps;
    }

    int scored() {
        return scoreVersions.size();
    }

    long promoted() {
        return promoted;
    }

    @Override
    public String toString() {
        return steps + " steps, " + learned + " labels learned, " + scoreVersions.size() + " events scored, "
                + deadLetters.size() + " dead letters";
    }

    /** When the first step after {@code timeMs} was written, or -1. */
    long firstStepAfter(long timeMs) {
        return stepTimesMs.stream()
                .mapToLong(Long::longValue)
                .filter(at -> at > timeMs)
                .min()
                .orElse(-1);
    }

    /** When the first score after {@code timeMs} was written, or -1. */
    long firstScoreAfter(long timeMs) {
        return scoreTimesMs.stream()
                .mapToLong(Long::longValue)
                .filter(at -> at > timeMs)
                .min()
                .orElse(-1);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
