package io.headwater.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Every meter of a Headwater process, by name. All but the build carry the tag {@code model}.
 *
 * <table>
 * <caption>How the meters relate, and when to alert</caption>
 * <tr><th>meter (Prometheus name)</th><th>relates to</th><th>alert when</th></tr>
 * <tr><td>headwater_events_scored_total</td>
 *     <td>counts committed scores; with headwater_dead_letters_total{source="events"} it is every event taken from
 *     the topic</td>
 *     <td>its rate is 0 while headwater_lag_records{topic="events"} grows</td></tr>
 * <tr><td>headwater_events_refused_total{source="events|labels"}</td>
 *     <td>records that could not be decoded, counted when refused; each becomes one
 *     headwater_dead_letters_total{source} when its transaction commits</td>
 *     <td>its rate is more than a few percent of what that topic brings: a producer changed its format</td></tr>
 * <tr><td>headwater_dead_letters_total{source}</td>
 *     <td>at most headwater_events_refused_total, which counts a record again after an aborted transaction</td>
 *     <td>it stays below the refused for minutes: the dead-letter topic cannot be written</td></tr>
 * <tr><td>headwater_score_latency_seconds (histogram)</td>
 *     <td>an event's append to the topic until its score is committed; its count is
 *     headwater_events_scored_total</td><td>p99 above what the team promised</td></tr>
 * <tr><td>headwater_scoring_batch_rows (summary)</td>
 *     <td>its sum is headwater_events_scored_total plus the rows of aborted transactions</td>
 *     <td>never; a mean at the capacity says that scoring is behind</td></tr>
 * <tr><td>headwater_scoring_transactions_total{outcome="committed|aborted"}</td>
 *     <td>an aborted one is scored again, so nothing is lost</td><td>aborted keeps growing</td></tr>
 * <tr><td>headwater_served_version</td><td>falls only by a roll back</td>
 *     <td>unchanged for hours while headwater_labels_learned_total grows</td></tr>
 * <tr><td>headwater_waiting_version, headwater_waiting_since_seconds</td>
 *     <td>the version that waits for an operator's approval, 0 for none; and since when one has been waiting that nobody
 *     answered, as seconds since 1970</td><td>it is long ago</td></tr>
 * <tr><td>headwater_swaps_total, headwater_swap_seconds</td>
 *     <td>one swap for each promotion or roll back; the time is load, warm-up and exchange, off the scoring
 *     threads</td><td>never; slow swaps age headwater_label_to_served_seconds</td></tr>
 * <tr><td>headwater_labels_learned_total</td><td>each labelled event once</td>
 *     <td>its rate is 0 while headwater_lag_records{topic="labels"} grows</td></tr>
 * <tr><td>headwater_labels_examined_total{when="arrival|label"}</td>
 *     <td>both together are headwater_labels_learned_total; those examined only when the label came flatter the
 *     learner</td><td>"label" is most of it: raise the traffic sample or the pending bound</td></tr>
 * <tr><td>headwater_pending_scores</td><td>scores that wait for their label, bounded</td>
 *     <td>it stands at its bound: labels come later than the horizon</td></tr>
 * <tr><td>headwater_training_step_seconds</td><td>one mini-batch, examined and learned</td>
 *     <td>its rate times its mean nears 1: the trainer has no time left</td></tr>
 * <tr><td>headwater_log_loss_nats, headwater_roc_auc_ratio {line="champion|challenger|frozen"}</td>
 *     <td>prequential, on the same examples; NaN before the first</td>
 *     <td>champion's loss above frozen's for an hour: learning does harm</td></tr>
 * <tr><td>headwater_calibration_error_ratio {line="champion|challenger|frozen"}</td>
 *     <td>how far probabilities are from coming true, on the same examples; part of it is chance, about 0.02 at even
 *     odds over 1,000 of them</td>
 *     <td>champion's above .1 for an hour: whoever acts on a probability acts on a wrong one</td></tr>
 * <tr><td>headwater_drift_alarms_total{of="loss|features"}</td>
 *     <td>each is a step of its own in the lineage</td>
 *     <td>more than one in events-per-false-alarm: the stream has changed</td></tr>
 * <tr><td>headwater_adaptation_serving{line="adapted|unadapted"}, headwater_adaptation_lead_nats</td>
 *     <td>of a model with adaptation and its guard alone: one of the two is 1; the lead counts target labels since the
 *     last switch, so it begins at 0 again with one</td>
 *     <td>"unadapted" is 1: aligning the domains hurts on the labels that came</td></tr>
 * <tr><td>headwater_adaptation_loss</td>
 *     <td>how far source and target are apart in the hidden layer, in the unit of the method</td>
 *     <td>never; 0 until there is enough traffic of the target</td></tr>
 * <tr><td>headwater_candidates_total{verdict="promote|propose|reject|wait"}</td>
 *     <td>"promote" leads to one swap, "propose" to a version that waits for approval</td><td>only "reject" for hours</td></tr>
 * <tr><td>headwater_label_to_served_seconds (histogram)</td>
 *     <td>a label's append until the first version that learned it is live; its count trails
 *     headwater_labels_learned_total by the labels since the last promotion</td><td>p99 above the freshness
 *     promised</td></tr>
 * <tr><td>headwater_lag_records{topic="events|labels|traffic"}</td><td>records behind the end of the topic, as
 *     far as this process has its partitions; of the events, summed over the scoring threads</td>
 *     <td>it grows for minutes</td></tr>
 * <tr><td>headwater_checkpoint_seconds, headwater_checkpoint_bytes</td>
 *     <td>time of each checkpoint, size of the last</td><td>bytes keep growing: something is not bounded</td></tr>
 * <tr><td>headwater_training_up</td><td>1 while the training half runs; scoring does not depend on it</td>
 *     <td>0 for minutes</td></tr>
 * <tr><td>headwater_device_info{device}, headwater_build_info{version}</td><td>always 1; the tag tells</td>
 *     <td>the device is not the one paid for</td></tr>
 * </table>
 *
 * <p>Beside these stand jvm_*, process_* and system_* meters; process_resident_memory_bytes holds native memory too, and
 * is the one to watch for a leak.
 */
public final class HeadwaterMetrics implements AutoCloseable {
    /* Micrometer's names: the registry writes '.' as '_' and adds the base unit, and _total to a counter. */
    static final String EVENTS_SCORED = "headwater.events.scored";
    static final String EVENTS_REFUSED = "headwater.events.refused";
    static final String DEAD_LETTERS = "headwater.dead.letters";
    /** Written by {@link LatencyHistogram}, so as Prometheus has it. */
    static final String SCORE_LATENCY = "headwater_score_latency_seconds";

    static final String SCORING_BATCH = "headwater.scoring.batch";
    static final String SCORING_TRANSACTIONS = "headwater.scoring.transactions";
    static final String SERVED_VERSION = "headwater.served.version";
    static final String WAITING_VERSION = "headwater.waiting.version";
    static final String WAITING_SINCE = "headwater.waiting.since";
    static final String SWAPS = "headwater.swaps";
    static final String SWAP = "headwater.swap";
    static final String LABELS_LEARNED = "headwater.labels.learned";
    static final String LABELS_EXAMINED = "headwater.labels.examined";
    static final String PENDING_SCORES = "headwater.pending.scores";
    static final String TRAINING_STEP = "headwater.training.step";
    static final String TRAINING_UP = "headwater.training.up";
    static final String LOG_LOSS = "headwater.log.loss";
    static final String ROC_AUC = "headwater.roc.auc";
    static final String CALIBRATION_ERROR = "headwater.calibration.error";
    static final String DRIFT_ALARMS = "headwater.drift.alarms";
    static final String ADAPTATION_SERVING = "headwater.adaptation.serving";
    static final String ADAPTATION_LEAD = "headwater.adaptation.lead";
    static final String ADAPTATION_RANK_LEAD = "headwater.adaptation.rank.lead";
    static final String ADAPTATION_LOSS = "headwater.adaptation.loss";
    static final String CANDIDATES = "headwater.candidates";
    /** Written by {@link LatencyHistogram}, so as Prometheus has it. */
    static final String LABEL_TO_SERVED = "headwater_label_to_served_seconds";

    static final String LAG = "headwater.lag";
    static final String CHECKPOINT = "headwater.checkpoint";
    static final String CHECKPOINT_BYTES = "headwater.checkpoint.bytes";
    static final String DEVICE = "headwater.device.info";
    static final String BUILD = "headwater.build.info";
    static final String RESIDENT_MEMORY = "process.resident.memory";

    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final LatencyHistogram scoreLatency;
    private final LatencyHistogram labelToServed;
    private final ConcurrentMap<String, ModelMeters> models = new ConcurrentHashMap<>();

    private final String build;

    /** The meters of the build that this class comes from. */
    public HeadwaterMetrics() {
        this(Objects.requireNonNullElse(HeadwaterMetrics.class.getPackage().getImplementationVersion(), "development"));
    }

    /** @param build Headwater's version */
    public HeadwaterMetrics(String build) {
        this.build = build;
        scoreLatency = new LatencyHistogram(
                SCORE_LATENCY,
                "An event's append to its topic until its score is committed",
                0.001,
                0.002,
                0.005,
                0.01,
                0.02,
                0.05,
                0.1,
                0.2,
                0.5,
                1,
                2,
                5,
                10,
                30,
                60,
                300);
        labelToServed = new LatencyHistogram(
                LABEL_TO_SERVED,
                "A label's append to its topic until the first version that learned it is live",
                0.1,
                0.2,
                0.5,
                1,
                2,
                5,
                10,
                20,
                30,
                60,
                120,
                300,
                600,
                1_800,
                3_600);
        registry.getPrometheusRegistry().register(scoreLatency);
        registry.getPrometheusRegistry().register(labelToServed);
        Gauge.builder(BUILD, () -> 1)
                .description("Always 1; the tag is Headwater's version")
                .tag("version", build)
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        collections.bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        ResidentMemory.bindTo(registry);
    }

    /** Headwater's version. */
    public String build() {
        return build;
    }

    /** The meters of one served model, made at the first call. Keep what this gives: nothing per record looks it up. */
    public ModelMeters model(String name) {
        return models.computeIfAbsent(
                name, model -> new ModelMeters(registry, model, scoreLatency.of(model), labelToServed.of(model)));
    }

    /** All meters as they stand, in Prometheus' text format. */
    public byte[] scrape() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(16 << 10);
        try {
            registry.scrape(out, TEXT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** The media type of {@link #scrape}. */
    public String contentType() {
        return TEXT;
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
