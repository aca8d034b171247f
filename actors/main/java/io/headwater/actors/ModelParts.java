package io.headwater.actors;

import io.headwater.codec.EventCodec;
import io.headwater.codec.JsonEventCodec;
import io.headwater.codec.RecordFields;
import io.headwater.codec.ScoreCodec;
import io.headwater.config.HeadwaterConfig;
import io.headwater.config.ModelConfig;
import io.headwater.drift.FalseAlarmBudget;
import io.headwater.event.Event;
import io.headwater.event.EventLayout;
import io.headwater.event.LabeledExample;
import io.headwater.event.StreamPosition;
import io.headwater.feature.FeatureSchema;
import io.headwater.feature.Featurizer;
import io.headwater.feature.RowLayout;
import io.headwater.feature.RowSource;
import io.headwater.gate.GateSettings;
import io.headwater.kafka.DeadLetterSink;
import io.headwater.kafka.KafkaClients;
import io.headwater.kafka.LineageReader;
import io.headwater.kafka.LineageTopic;
import io.headwater.kafka.ModelsFollower;
import io.headwater.kafka.ModelsReader;
import io.headwater.kafka.ModelsTopic;
import io.headwater.kafka.PollLoop;
import io.headwater.kafka.PollSettings;
import io.headwater.kafka.RecordedInputs;
import io.headwater.kafka.ScoringLoop;
import io.headwater.kafka.ScoringSettings;
import io.headwater.kafka.StreamStoppedException;
import io.headwater.learn.gradient.Anatomy;
import io.headwater.learn.gradient.SourceModel;
import io.headwater.line.LineSettings;
import io.headwater.metrics.HeadwaterMetrics;
import io.headwater.offline.Foundation;
import io.headwater.offline.VersionOne;
import io.headwater.registry.CheckpointStore;
import io.headwater.registry.Manifest;
import io.headwater.registry.Retention;
import io.headwater.registry.ServiceAddress;
import io.headwater.registry.VersionStore;
import io.headwater.serve.ModelSlot;
import io.headwater.serve.Scorer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One model's settings turned into the parts that its actors are made of. */
final class ModelParts {
    private static final int POLL_ROWS = 500;
    /** Most rows that the line scores or learns at once. */
    private static final int LINE_ROWS = 1024;

    /** And at most so much memory for them: rows of a backbone's inner tensors are large. */
    static final long LINE_BYTES = 32L << 20;

    private static final long PROBE_BYTES = 1L << 20;

    private final HeadwaterConfig process;
    private final ModelConfig config;
    private final EventLayout layout;
    private final EventCodec codec;
    private final KafkaClients clients;
    private final Telemetry telemetry;
    private final Clock clock;
    private volatile @Nullable RowSource served;
    private volatile @Nullable URI address;

    ModelParts(HeadwaterConfig process, ModelConfig config, HeadwaterMetrics metrics, Clock clock) {
        this.process = process;
        this.config = config;
        ModelConfig.Features features = config.features();
        this.layout = new EventLayout(
                features.numeric(),
                features.categorical(),
                features.text().isBlank() ? List.of() : List.of(features.text()));
        ModelConfig.Fields fields = config.fields();
        this.codec = new JsonEventCodec(
                layout,
                new RecordFields(
                        fields.id(),
                        fields.time(),
                        fields.label(),
                        fields.labelTime(),
                        config.adaptation().isUsed() ? config.adaptation().domain() : "",
                        fields.owner()));
        this.clients = new KafkaClients(process.kafkaProperties());
        this.telemetry = new Telemetry(metrics.model(config.name()));
        this.clock = clock;
    }

    /** The parts that other settings of the model make; nothing of them is measured. */
    ModelParts under(ModelConfig other) {
        return new ModelParts(process, other, new HeadwaterMetrics(), clock);
    }

    /** SHA-256 (hex) of the settings that decide what is learned, by which the registry keeps them. */
    String settingsSha256() {
        return Manifest.sha256(config.learning().getBytes(StandardCharsets.UTF_8));
    }

    String name() {
        return config.name();
    }

    /** What learns, and the model that it begins as. */
    LearnerParts learning() {
        return new LearnerParts(config, schema());
    }

    ModelConfig config() {
        return config;
    }

    /** How events become rows where there is no backbone. */
    FeatureSchema schema() {
        ModelConfig.Features features = config.features();
        return new FeatureSchema(layout, features.timeOfDay(), features.weekday(), features.buckets());
    }

    /** What is trained: right of a tensor of the net made from scratch, or of the backbone's frontier. Empty: all. */
    static String cut(VersionOne one) {
        if (!(one instanceof Foundation foundation)) {
            return "";
        }
        SourceModel source = foundation.source();
        return source.isOnBackbone()
                ? source.anatomy().cut(Anatomy.SUFFIX).tensors().toString()
                : source.usualSettings().cut();
    }

    /** Where the rows of a model that starts as {@code one} come from. */
    RowSource rows(VersionOne one) {
        return one.rows(schema(), config.features().maxTokens());
    }

    /** The model is open, and its rows come from {@code rows}. */
    void serve(RowSource rows) {
        served = rows;
    }

    /** @throws IllegalStateException if the model is not open yet */
    RowSource servedRows() {
        RowSource rows = served;
        if (rows == null) {
            throw new IllegalStateException("model '" + name() + "' is not open yet");
        }
        return rows;
    }

    /** Where the HTTP server of this process can be reached. */
    void reachedAt(URI http) {
        address = http;
    }

    /** Says beside the versions where commands are to be sent; the caller has the store of the model open for writing. */
    void tellAddress() {
        URI http = address;
        if (http != null) {
            ServiceAddress.write(dataDir().resolve(name()), http);
        }
    }

    /** Takes that back; the caller still has the store open, so that it is nobody else's. */
    void withdrawAddress() {
        if (address != null) {
            ServiceAddress.remove(dataDir().resolve(name()));
        }
    }

    /** The rows of the learning line. */
    static Featurizer lineRows(RowSource rows) {
        return rows.repeatable(rows.layout().rowsIn(LINE_BYTES, 32, LINE_ROWS));
    }

    EventCodec codec() {
        return codec;
    }

    Telemetry telemetry() {
        return telemetry;
    }

    Clock clock() {
        return clock;
    }

    Path dataDir() {
        return process.dataDir();
    }

    GateSettings gateSettings() {
        ModelConfig.Gate gate = config.gate();
        return new GateSettings(gate.window(), gate.minExamples(), gate.standardErrors(), gate.maxWorseNats());
    }

    LineSettings lineSettings(RowLayout rows) {
        int probe = rows.rowsIn(PROBE_BYTES, 4, LineSettings.DEFAULT.probeRows());
        FalseAlarmBudget falseAlarms = new FalseAlarmBudget(config.drift().eventsPerFalseAlarm());
        Set<String> leftOut = Set.copyOf(config.drift().leaveOut());
        return new LineSettings(config.traffic().maxPending(), probe, falseAlarms, leftOut, gateSettings());
    }

    BatchActor.Settings batchSettings() {
        return new BatchActor.Settings(
                config.training().batchSize(), config.training().batchAge());
    }

    TrainerActor.Cadence cadence() {
        return new TrainerActor.Cadence(
                config.gate().candidateExamples(),
                config.gate().candidateAge(),
                config.checkpoint().every());
    }

    /** @param versions the kept ones say which checkpoints stay for rebuilds to begin at */
    CheckpointStore checkpoints(VersionStore versions) {
        return new CheckpointStore(
                dataDir().resolve(name()).resolve("checkpoints"),
                config.checkpoint().keep(),
                new CheckpointStore.Beginnings(config.checkpoint().keepForRebuilds(), versions::parentSequences));
    }

    Retention retention() {
        return new Retention(config.versions().keep(), config.versions().keepFor());
    }

    /** Makes the topics that are missing, if the settings allow it. */
    void ensureTopics() {
        ModelConfig.Topics topics = config.topics();
        if (!topics.create()) {
            return;
        }
        for (String topic : List.of(topics.events(), topics.labels(), topics.scores())) {
            clients.createTopic(topic, topics.partitions(), topics.replication(), Map.of());
        }
        clients.createTopic(topics.deadLetters(), 1, topics.replication(), KafkaClients.DEAD_LETTERS);
        clients.createTopic(topics.lineage(), LineageTopic.PARTITIONS, topics.replication(), KafkaClients.KEEP_FOREVER);
        if (config.announcing().on() || follows()) {
            clients.createTopic(
                    config.announcing().topic(),
                    ModelsTopic.PARTITIONS,
                    topics.replication(),
                    announcing().ofTopic());
        }
    }

    /** Whether another process trains this model. */
    boolean follows() {
        return config.role() == ModelConfig.Role.SERVING;
    }

    private ModelsTopic.Settings announcing() {
        ModelConfig.Announcing announcing = config.announcing();
        return new ModelsTopic.Settings(announcing.topic(), announcing.inlineBytes(), announcing.baseUri());
    }

    /** Where the versions in {@code store} are announced. */
    ModelsTopic modelsTopic(VersionStore store) {
        return new ModelsTopic(clients, announcing(), store, name(), dataDir());
    }

    ModelsReader modelsReader() {
        return new ModelsReader(clients, config.announcing().topic(), name());
    }

    /** What the trainer announces, from where {@code store} has it. */
    FollowingActor.Source announcements(VersionStore store) {
        return (sink, onFailure) -> ModelsFollower.start(
                clients, config.announcing().topic(), name(), store.followed(), sink, onFailure)::close;
    }

    LineageTopic lineageTopic() {
        String trainer = "headwater-train-" + name();
        DeadLetterSink letters = new DeadLetterSink(config.topics().deadLetters(), trainer, 0, codec.getClass());
        return new LineageTopic(clients, config.topics().lineage(), name(), letters);
    }

    /** The whole recorded lineage, for reading. */
    LineageReader lineageReader() {
        return lineageReader(1);
    }

    /** The recorded lineage from step {@code sequence} on, for reading. */
    LineageReader lineageReader(long sequence) {
        return new LineageReader(clients, config.topics().lineage(), sequence);
    }

    /** @param past knows how records were read under the settings of then */
    RecordedInputs recordedInputs(PastSettings past) {
        return new RecordedInputs(clients, "headwater-recover-" + name(), past::codec);
    }

    IngestActor.Source<LabeledExample> labelSource(StreamPosition position) {
        PollSettings settings = PollSettings.everything(
                "headwater-labels-" + name(), config.topics().labels(), POLL_ROWS);
        return (sink, onFailure) -> PollLoop.start(clients, settings, position, codec::labeled, sink, onFailure);
    }

    /** Today's traffic: it begins at the end of the topic where nothing was taken in yet. */
    IngestActor.Source<Event> trafficSource(StreamPosition position) {
        PollSettings settings = new PollSettings(
                "headwater-traffic-" + name(),
                config.topics().events(),
                PollSettings.Start.LATEST,
                POLL_ROWS,
                Math.max(POLL_ROWS, config.traffic().maxRowsPerSecond()));
        return (sink, onFailure) -> PollLoop.start(clients, settings, position, codec::event, sink, onFailure);
    }

    ScoringLoop scoringLoop(RowSource rows, ModelSlot slot, int number, Consumer<StreamStoppedException> onFailure) {
        ModelConfig.Topics topics = config.topics();
        ScoringSettings settings = new ScoringSettings(
                name(),
                "headwater-score-" + name(),
                config.scoring().instance() + "-" + number,
                topics.events(),
                topics.scores(),
                topics.deadLetters(),
                config.fields().scoreFormat().equals("avro") ? ScoreCodec.Format.AVRO : ScoreCodec.Format.JSON,
                config.scoring().commitInterval());
        Scorer scorer = new Scorer(rows.featurizer(config.scoring().batchRows()), slot);
        return ScoringLoop.start(
                clients, settings, codec, scorer, new ScoringMetrics(telemetry.meters()), clock, onFailure);
    }
}
