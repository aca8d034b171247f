package io.headwater.kafka;

import io.headwater.codec.EventCodec;
import io.headwater.event.StreamPosition;
import io.headwater.line.LineageLog;
import io.headwater.line.LineageRecord;
import io.headwater.line.Recovery.RecordedInputSource;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.FollowedPosition;
import io.headwater.registry.VersionStore;
import io.headwater.serve.Scorer;
import io.headwater.simulation.SimProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;

/** The Kafka clients of one process of a simulation, and what is built on them. */
public final class SimClients implements Clients {
    private static final int MAX_POLL = 6;

    private final SimBroker broker;
    private final SimProcess process;
    private final Random random;
    private double trouble;
    private boolean keepsOffsets = true;

    /** @param random decides what goes wrong */
    public SimClients(SimBroker broker, SimProcess process, Random random) {
        this.broker = broker;
        this.process = process;
        this.random = random;
    }

    /** How likely it is that a request is not answered. */
    public void trouble(double probability) {
        trouble = probability;
    }

    /** The lineage of {@code model} in {@code topic}, its dead letters in {@code deadLetters}. */
    public LineageLog lineage(String topic, String model, String deadLetters, EventCodec codec) {
        return new LineageTopic(this, topic, model, new DeadLetterSink(deadLetters, "trainer", 0, codec.getClass()));
    }

    public RecordedInputSource inputs(EventCodec codec) {
        return new RecordedInputs(this, "recover", settings -> codec);
    }

    /** A loop whose turns the test takes. */
    public <T> SimLoop poll(
            PollSettings settings,
            StreamPosition position,
            RecordDecoder<T> decoder,
            java.util.function.Consumer<PolledBatch<T>> sink,
            java.util.function.Consumer<StreamStoppedException> onFailure) {
        return new SimLoop(new PollTurns<>(this, settings, position, decoder, sink), onFailure);
    }

    /** Announces versions of {@code model} that lie below {@code root}. */
    public ModelsTopic models(String topic, VersionStore store, String model, Path root) {
        return new ModelsTopic(this, new ModelsTopic.Settings(topic, Integer.MAX_VALUE / 2, ""), store, model, root);
    }

    /** What is announced, from the topic's beginning. */
    public ModelsReader announced(String topic, String model) {
        return new ModelsReader(this, topic, model, Optional.empty());
    }

    /** Follows what is announced; the test takes its turns. */
    public SimFollow follow(
            String topic,
            String model,
            Optional<FollowedPosition> followed,
            java.util.function.Consumer<Announcement> sink,
            java.util.function.Consumer<StreamStoppedException> onFailure) {
        return new SimFollow(() -> new ModelsReader(this, topic, model, followed), sink, onFailure);
    }

    /** Who let the version serve that a record of the models topic announces; empty where it is of something else. */
    public static Optional<AuditRecord> choice(ConsumerRecord<byte[], byte[]> record) {
        String key = new String(record.key(), StandardCharsets.UTF_8);
        return key.endsWith(ModelsTopic.SERVED)
                ? Optional.of(ServedPointer.read(Objects.requireNonNull(record.value()), key)
                        .choice())
                : Optional.empty();
    }

    /** The step that a record of the lineage topic holds. */
    public static LineageRecord step(ConsumerRecord<byte[], byte[]> record) {
        return LineageJson.read(Objects.requireNonNull(record.value()), "offset " + record.offset());
    }

    /** Where the record lay that this dead letter is of: {@code topic-partition@offset}. */
    public static String refusedAt(ConsumerRecord<byte[], byte[]> letter) {
        return header(letter, "topic") + "-" + header(letter, "partition") + "@" + header(letter, "offset");
    }

    private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
        return new String(
                letter.headers().lastHeader("__connect.errors." + name).value(), StandardCharsets.UTF_8);
    }

    /** A loop that scores, whose turns the test takes. */
    public SimScoring scoring(
            ScoringSettings settings, EventCodec codec, Scorer scorer, Clock clock, LongSupplier nanoTime) {
        return new SimScoring(new ScoringTurns(this, settings, codec, scorer, ScoringListener.NONE, clock, nanoTime));
    }

    /** Offsets are left out of transactions from here on. */
    public void forgetOffsets() {
        keepsOffsets = false;
    }

    boolean keepsOffsets() {
        return keepsOffsets;
    }

    void act(String what) {
        process.act(what);
    }

    boolean hasTrouble() {
        return trouble > 0 && random.nextDouble() < trouble;
    }

    boolean isLucky() {
        return random.nextBoolean();
    }

    int nextInt(int bound) {
        return random.nextInt(bound);
    }

    @Override
    public Consumer<byte[], byte[]> reader(String clientId, int maxPollRecords) {
        return new SimConsumer(broker, this, maxPollRecords);
    }

    @Override
    public Consumer<byte[], byte[]> replayer(String clientId, int maxPollRecords) {
        return new SimConsumer(broker, this, maxPollRecords);
    }

    @Override
    public Consumer<byte[], byte[]> member(String instance, String group, int maxPollRecords) {
        return new SimMember(broker, this, group, MAX_POLL);
    }

    @Override
    public Producer<byte[], byte[]> transactional(String clientId, String transactionalId, Duration timeout) {
        return new SimProducer(broker, this, transactionalId);
    }
}
