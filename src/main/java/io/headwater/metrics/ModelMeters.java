package io.headwater.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one served model, all resolved when it is made; what each means and how they relate stands at
 * {@link HeadwaterMetrics}. Any thread may call any method.
 */
public final class ModelMeters {
    /** Which topic a refused record came from. */
    public enum Source {
        EVENTS,
        LABELS
    }

    /** When an example was examined: with its event, or only with its label. */
    public enum Examined {
        ARRIVAL,
        LABEL
    }

    /** Whose figures. */
    public enum Line {
        CHAMPION,
        CHALLENGER,
        FROZEN
    }

    /** What the gate said of a candidate. */
    public enum Decision {
        PROMOTE,
        /** It passed, and an operator is asked. */
        PROPOSE,
        REJECT,
        WAIT
    }

    /** What a drift alarm is of. */
    public enum Watched {
        LOSS,
        FEATURES
    }

    /** Which topic is read with a lag. */
    public enum Topic {
        EVENTS,
        LABELS,
        TRAFFIC
    }

    private final MeterRegistry registry;
    private final String model;
    private final LatencyHistogram.Series scoreLatency;
    private final LatencyHistogram.Series labelToServed;
    private final Counter scored;
    private final DistributionSummary batchRows;
    private final Counter committed;
    private final Counter aborted;
    private final Counter swaps;
    private final Timer swap;
    private final Counter learned;
    private final Timer trainingStep;
    private final Timer checkpoint;
    private final Map<Source, Counter> refused;
    private final Map<Source, Counter> deadLetters;
    private final Map<Examined, Counter> examined;
    private final Map<Decision, Counter> candidates;
    private final Map<Watched, Counter> driftAlarms;
    private final Map<Line, AtomicReference<Double>> logLoss;
    private final Map<Line, AtomicReference<Double>> rocAuc;
    private final Map<Line, AtomicReference<Double>> calibrationError;
    private final Map<Topic, AtomicLong> lag;
    private final AtomicLong servedVersion;
    private final AtomicLong waitingVersion;
    private final AtomicLong waitingSince;
    private final AtomicLong pendingScores;
    private final AtomicLong trainingUp;
    private final AtomicLong checkpointBytes;
    private @Nullable Gauge device;
    private @Nullable AdaptationMeters adaptation;

    ModelMeters(
            MeterRegistry registry,
            String model,
            LatencyHistogram.Series scoreLatency,
            LatencyHistogram.Series labelToServed) {
        this.registry = registry;
        this.model = model;
        this.scoreLatency = scoreLatency;
        this.labelToServed = labelToServed;
        scored = counter(HeadwaterMetrics.EVENTS_SCORED, "Events whose score is committed");
        batchRows = DistributionSummary.builder(HeadwaterMetrics.SCORING_BATCH)
                .description("Rows that were scored together")
                .baseUnit("rows")
                .tag("model", model)
                .register(registry);
        committed = counter(HeadwaterMetrics.SCORING_TRANSACTIONS, "Scoring transactions", "outcome", "committed");
        aborted = counter(HeadwaterMetrics.SCORING_TRANSACTIONS, "Scoring transactions", "outcome", "aborted");
        swaps = counter(HeadwaterMetrics.SWAPS, "Models that replaced another in the slot");
        swap = timer(HeadwaterMetrics.SWAP, "Load, warm-up and exchange of a model, off the scoring threads");
        learned = counter(HeadwaterMetrics.LABELS_LEARNED, "Labelled events that changed the model");
        trainingStep = timer(HeadwaterMetrics.TRAINING_STEP, "One mini-batch, examined and learned");
        checkpoint = timer(HeadwaterMetrics.CHECKPOINT, "Writing one checkpoint whole");
        refused =
                counters(Source.class, HeadwaterMetrics.EVENTS_REFUSED, "Records that could not be decoded", "source");
        deadLetters = counters(
                Source.class, HeadwaterMetrics.DEAD_LETTERS, "Records written to the dead-letter topic", "source");
        examined = counters(
                Examined.class,
                HeadwaterMetrics.LABELS_EXAMINED,
                "Labelled events that the lines were judged on",
                "when");
        candidates = counters(Decision.class, HeadwaterMetrics.CANDIDATES, "What the gate said", "verdict");
        driftAlarms =
                counters(Watched.class, HeadwaterMetrics.DRIFT_ALARMS, "Changes of the stream that were found", "of");
        logLoss = each(Line.class, line -> fraction(HeadwaterMetrics.LOG_LOSS, "nats", "Prequential log loss", line));
        rocAuc = each(Line.class, line -> fraction(HeadwaterMetrics.ROC_AUC, "ratio", "Prequential ROC AUC", line));
        calibrationError = each(
                Line.class,
                line -> fraction(
                        HeadwaterMetrics.CALIBRATION_ERROR, "ratio", "Prequential expected calibration error", line));
        lag = each(
                Topic.class,
                topic -> level(
                        HeadwaterMetrics.LAG, "records", "Records behind the end of the topic", "topic", tag(topic)));
        servedVersion = level(HeadwaterMetrics.SERVED_VERSION, null, "The version that scores now; 0 for none");
        waitingVersion =
                level(HeadwaterMetrics.WAITING_VERSION, null, "The version that waits for approval; 0 for none");
        waitingSince = level(
                HeadwaterMetrics.WAITING_SINCE,
                "seconds",
                "Since when versions wait for an answer, seconds since 1970; 0 while none does");
        pendingScores = level(HeadwaterMetrics.PENDING_SCORES, null, "Scores that wait for their label");
        trainingUp = level(
                HeadwaterMetrics.TRAINING_UP,
                null,
                "1 while the training half runs, 0 while it does not, -1 where another process trains");
        checkpointBytes = level(HeadwaterMetrics.CHECKPOINT_BYTES, "bytes", "Size of the last checkpoint");
    }

    /** A handle for one scoring thread. */
    public ScoringMeters scoring() {
        return new ScoringMeters(this);
    }

    void batchScored(int rows) {
        batchRows.record(rows);
    }

    void committed(long rows) {
        committed.increment();
        scored.increment(rows);
    }

    void scoreLatency(long latencyMs, long rows) {
        scoreLatency.record(latencyMs, rows);
    }

    void aborted() {
        aborted.increment();
    }

    public void refused(Source source, long records) {
        get(refused, source).increment(records);
    }

    public void deadLetters(Source source, long records) {
        get(deadLetters, source).increment(records);
    }

    /** The version in the slot when the process starts; a later one is a {@link #swapped}. */
    public void served(long version) {
        servedVersion.set(version);
    }

    /** @param took load, warm-up and exchange */
    public void swapped(long version, Duration took) {
        swaps.increment();
        swap.record(took);
        servedVersion.set(version);
    }

    /**
     * A version waits for approval.
     *
     * @param version 0 while none does
     * @param sinceMs since when there is one that nobody answered, milliseconds since the epoch; 0 while there is none
     */
    public void waits(long version, long sinceMs) {
        waitingVersion.set(version);
        waitingSince.set(sinceMs / 1000);
    }

    public void learned(long labels) {
        learned.increment(labels);
    }

    public void examined(Examined when, long labels) {
        get(examined, when).increment(labels);
    }

    public void trainingStep(Duration took) {
        trainingStep.record(took);
    }

    /** None belongs here: another process trains. */
    public void noTraining() {
        trainingUp.set(-1);
    }

    public void trainingUp(boolean up) {
        trainingUp.set(up ? 1 : 0);
    }

    public void logLoss(Line line, double nats) {
        get(logLoss, line).set(nats);
    }

    public void rocAuc(Line line, double ratio) {
        get(rocAuc, line).set(ratio);
    }

    public void calibrationError(Line line, double ratio) {
        get(calibrationError, line).set(ratio);
    }

    public void driftAlarm(Watched of) {
        get(driftAlarms, of).increment();
    }

    public void candidate(Decision decision) {
        get(candidates, decision).increment();
    }

    /**
     * A version went live that is the first to have learned these labels.
     *
     * @param latencyMs from a label's append to its topic until now
     * @param labels how many share that latency
     */
    public void labelToServed(long latencyMs, long labels) {
        labelToServed.record(latencyMs, labels);
    }

    /** That of a topic with one reader; the events' lag is what the scoring threads {@link ScoringMeters#lag tell}. */
    public void lag(Topic topic, long records) {
        get(lag, topic).set(records);
    }

    void moveEventsLag(long records) {
        get(lag, Topic.EVENTS).addAndGet(records);
    }

    public void pendingScores(long scores) {
        pendingScores.set(scores);
    }

    public void checkpointed(Duration took, long bytes) {
        checkpoint.record(took);
        checkpointBytes.set(bytes);
    }

    /** Of adaptation; made when first asked for, since most models have none. */
    public synchronized AdaptationMeters adaptation() {
        if (adaptation == null) {
            adaptation = new AdaptationMeters(registry, model);
        }
        return adaptation;
    }

    /** @param name {@code cpu} or {@code gpu:N}; takes the place of the device said before */
    public synchronized void device(String name) {
        if (device != null) {
            registry.remove(device);
        }
        device = Gauge.builder(HeadwaterMetrics.DEVICE, () -> 1)
                .description("Always 1; the tag is the device that trains")
                .tags("model", model, "device", name)
                .register(registry);
    }

    private Counter counter(String name, String description, String... tags) {
        return Counter.builder(name)
                .description(description)
                .tag("model", model)
                .tags(tags)
                .register(registry);
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name).description(description).tag("model", model).register(registry);
    }

    private AtomicLong level(String name, @Nullable String unit, String description, String... tags) {
        AtomicLong value = new AtomicLong();
        gauge(name, unit, description, value::get, tags);
        return value;
    }

    private AtomicReference<Double> fraction(String name, String unit, String description, Line line) {
        AtomicReference<Double> value = new AtomicReference<>(Double.NaN);
        gauge(name, unit, description, value::get, "line", tag(line));
        return value;
    }

    private void gauge(String name, @Nullable String unit, String description, Supplier<Number> value, String... tags) {
        Gauge.builder(name, value)
                .description(description)
                .baseUnit(unit)
                .tag("model", model)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    private <E extends Enum<E>> Map<E, Counter> counters(
            Class<E> values, String name, String description, String tagName) {
        return each(values, value -> counter(name, description, tagName, tag(value)));
    }

    private static <E extends Enum<E>, T> Map<E, T> each(Class<E> values, java.util.function.Function<E, T> meter) {
        Map<E, T> meters = new EnumMap<>(values);
        for (E value : values.getEnumConstants()) {
            meters.put(value, meter.apply(value));
        }
        return meters;
    }

    private static <E extends Enum<E>, T> T get(Map<E, T> meters, E value) {
        return java.util.Objects.requireNonNull(meters.get(value));
    }

    private static String tag(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
