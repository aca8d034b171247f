package io.headwater.actors.app.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.codec.EventCodec;
import io.headwater.dataset.FraudPattern;
import io.headwater.dataset.FraudSettings;
import io.headwater.dataset.RecordedStream;
import io.headwater.dataset.StreamItem;
import io.headwater.event.Event;
import io.headwater.event.EventLayout;
import io.headwater.join.VelocityFeatures;
import io.headwater.join.VelocitySettings;
import io.headwater.join.VelocityStreams;
import io.headwater.join.VelocityTopology;
import io.headwater.kafka.KafkaClients;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Generated card payments, some of them fraud: is this one? A payment goes out as its terminal sends it; Kafka Streams
 * makes an event of it, with what its card and its terminal did before.
 */
public final class FraudScenario implements Scenario {
    /** Seconds of the stream in a second: a day. */
    public static final double SPEED = 86_400;

    /** Days of the stream after which fraud is committed in another way. */
    static final int MOVED_AFTER_DAYS = 14;

    /*
     * A fifth of the Handbook's population, and twice its share of fraud, so that a day has enough of it to count. The
     * thieves of cards, who at first spend five times as much as the owner, later buy small things at night, and single
     * large purchases stop being fraud.
     */
    private static final int CUSTOMERS = 1_000;

    private static final int TERMINALS = 2_000;
    private static final FraudPattern AT_FIRST = FraudPattern.HANDBOOK.scaled(.4, .4);
    private static final FraudPattern LATER =
            new FraudPattern(Double.POSITIVE_INFINITY, .8, 28, 1.2, 14, 1 / 3., .2, 1);
    private static final FraudStream.Days BEFORE = new FraudStream.Days(14, 14);
    private static final long SEED = 1;

    /** A day longer than labels take: however late Kafka brings one, the windows that hold it end later. */
    private static final VelocitySettings VELOCITY =
            new VelocitySettings(VelocitySettings.DEFAULT.windows(), FraudStream.LABEL_DELAY.plusDays(1), 512);

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(30);
    private static final String PAYMENTS = "fraud.payments";
    private static final String PAST = "fraud.past";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final VelocityFeatures features = new VelocityFeatures(VELOCITY);
    private final FraudSettings settings = new FraudSettings(
            CUSTOMERS,
            TERMINALS,
            5,
            SEED,
            LocalDate.of(2026, 1, 1),
            AT_FIRST,
            List.of(new FraudSettings.Change(BEFORE.first() + MOVED_AFTER_DAYS, LATER)));
    private final DailyAlerts alerts = new DailyAlerts(CUSTOMERS, BEFORE.first() + MOVED_AFTER_DAYS);

    @Override
    public String model() {
        return "fraud";
    }

    @Override
    public EventLayout layout() {
        return features.layout();
    }

    @Override
    public Map<String, Object> settings() {
        // Two thousand labels a second: fewer and larger batches, and a candidate a few times a second.
        return Map.of(
                "features.numeric",
                layout().numeric(),
                "drift.leave-out",
                VelocityFeatures.OF_THE_CALENDAR,
                "training.batch-size",
                128,
                "gate.candidate-examples",
                512);
    }

    @Override
    public FraudStream stream() {
        return stream(0, LongStream.empty());
    }

    @Override
    public FraudStream stream(long nextSlot, LongStream owed) {
        return new FraudStream(settings, BEFORE, features, alerts, nextSlot, owed);
    }

    @Override
    public String eventTopic() {
        return PAYMENTS;
    }

    /** Payments have their card's name as key. */
    @Override
    public @Nullable String idOf(ConsumerRecord<byte[], byte[]> record) {
        if (!record.topic().equals(PAYMENTS)) {
            return Scenario.super.idOf(record);
        }
        try {
            return JSON.readTree(record.value()).path("id").asText();
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    public Event event(RecordedStream stream, StreamItem item, EventCodec codec) {
        return ((FraudStream) stream).newest();
    }

    @Override
    public Ledger.Settled settled() {
        return alerts;
    }

    @Override
    public CardSummary findings(Ledger ledger) {
        DailyAlerts.Report since = alerts.sinceMove();
        // Labels come in the order of payments, so the newest are those of the new pattern.
        return new CardSummary(
                alerts.report(), since, ledger.standing((int) Math.min(since.events(), Comparison.MOST)));
    }

    /** Starts the topology and has it read what was before the stream. */
    @Override
    public AutoCloseable start(Map<String, String> client, Path work) throws InterruptedException {
        KafkaClients clients = new KafkaClients(client);
        clients.createTopic(PAYMENTS, 1, 1, Map.of());
        clients.createTopic(PAST, 1, 1, Map.of());
        try {
            FraudPast.send(client, PAST, stream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        VelocityStreams streams = VelocityStreams.start(
                client,
                features,
                new VelocityStreams.Settings(
                        "fraud-velocity",
                        new VelocityTopology.Topics(
                                Set.of(PAYMENTS, model() + ".labels"), Set.of(PAST), model() + ".events"),
                        model() + ".dead-letters",
                        work.resolve("streams"),
                        COMMIT_INTERVAL));
        if (!streams.awaitRunning(PATIENCE) || !streams.awaitCaughtUp(PATIENCE)) {
            streams.close();
            throw new IllegalStateException(
                    "Kafka Streams did not read the past in " + PATIENCE.toSeconds() + " s: " + streams.failure());
        }
        return streams;
    }
}
