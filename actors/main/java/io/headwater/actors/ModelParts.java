package io.headwater.actors;

import io.headwater.codec.EventCodec;
import io.headwater.codec.JsonEventCodec;
import io.headwater.codec.RecordFields;
import io.headwater.codec.ScoreCodec;
import io.headwater.config.ConfigException;
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
import io.headwater.learn.GuardedLearner;
import io.headwater.learn.Learner;
import io.headwater.learn.adapt.Alignment;
import io.headwater.learn.adapt.StreamAdaptation;
import io.headwater.learn.gradient.Anatomy;
import io.headwater.learn.gradient.GradientLearner;
import io.headwater.learn.gradient.GradientSettings;
import io.headwater.learn.gradient.LayerRates;
import io.headwater.learn.gradient.SourceModel;
import io.headwater.learn.gradient.SourceSettings;
import io.headwater.learn.gradient.SourceTrainer;
import io.headwater.learn.gradient.TrainingWatcher;
import io.headwater.learn.retain.ReplayBuffer.Keep;
import io.headwater.learn.retain.StreamRetention;
import io.headwater.line.LineSettings;
import io.headwater.metrics.HeadwaterMetrics;
import io.headwater.offline.BackboneDevelopment;
import io.headwater.offline.BackboneFile;
import io.headwater.offline.Foundation;
import io.headwater.offline.MixtureSource;
import io.headwater.offline.VersionOne;
import io.headwater.registry.CheckpointStore;
import io.headwater.registry.Retention;
import io.headwater.registry.VersionStore;
import io.headwater.serve.ModelSlot;
import io.headwater.serve.Scorer;
import io.headwater.torch.TorchDevice;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One model's settings turned into the parts that its actors are made of. */
final class ModelParts {
    private static final Logger LOG = LoggerFactory.getLogger(ModelParts.class);
    private static final int POLL_ROWS = 500;
    /** Most rows that the line scores or learns at once. */
    private static final int LINE_ROWS = 1024;

    /** And at most so much memory for them: rows of a backbone's inner tensors are large. */
    private static final long LINE_BYTES = 32L << 20;

    /** Of fewer rows nothing is known: neither how far a domain lies from another nor what it looks like. */
    private static final int LEAST_ADAPTATION_ROWS = 32;

    private static final long PROBE_BYTES = 1L << 20;

    private final HeadwaterConfig process;
    private final ModelConfig config;
    private final EventLayout layout;
    private final EventCodec codec;
    private final KafkaClients clients;
    private final Telemetry telemetry;
    private final Clock clock;
    private volatile @Nullable RowSource served;

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
                        config.adaptation().isUsed() ? config.adaptation().domain() : ""));
        this.clients = new KafkaClients(process.kafkaProperties());
        this.telemetry = new Telemetry(metrics.model(config.name()));
        this.clock = clock;
    }

    String name() {
        return config.name();
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
        return new LineSettings(config.traffic().maxPending(), probe, falseAlarms, gateSettings());
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

    FollowingActor.Source announcements() {
        return (sink, onFailure) ->
                ModelsFollower.start(clients, config.announcing().topic(), name(), sink, onFailure)::close;
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

    RecordedInputs recordedInputs() {
        return new RecordedInputs(clients, "headwater-recover-" + name(), codec);
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

    /** The model that the first version is, made of labelled examples. */
    VersionOne develop(List<LabeledExample> examples) {
        if (config.backbone().isUsed()) {
            return developOnBackbone(examples);
        }
        if (config.firstLearner() == ModelConfig.Learner.MIXTURE) {
            return MixtureSource.develop(examples, schema(), config.training().seed());
        }
        SourceSettings defaults = SourceSettings.DEFAULT;
        SourceSettings settings = new SourceSettings(
                defaults.learningRate(),
                defaults.weightDecay(),
                defaults.batchRows(),
                defaults.maxEpochs(),
                defaults.patience(),
                defaults.validationShare(),
                config.features().numericBins(),
                config.source().sample(),
                config.training().seed());
        return Foundation.of(new SourceTrainer(schema(), settings, device()).train(examples, epoch -> {}));
    }

    private Foundation developOnBackbone(List<LabeledExample> examples) {
        ModelConfig.Backbone backbone = config.backbone();
        BackboneFile file = BackboneFile.read(
                Path.of(backbone.file()),
                Optional.of(backbone.tokenizer())
                        .filter(path -> !path.isBlank())
                        .map(Path::of));
        file.checkLicence(backbone.licences()).ifPresent(LOG::warn);
        BackboneDevelopment.Settings settings = new BackboneDevelopment.Settings(
                backbone.cut(),
                backbone.headOn(),
                backbone.hidden(),
                layout,
                config.features().maxTokens(),
                config.source().sample(),
                config.training().seed());
        TrainingWatcher told = new TrainingWatcher() {
            @Override
            public void epoch(Epoch epoch) {
                LOG.info(
                        "developing {} on {} examples, pass {}: {}",
                        name(),
                        examples.size(),
                        epoch.number(),
                        epoch.validation());
            }
        };
        return new BackboneDevelopment(file, settings, device()).develop(examples, told);
    }

    Learner learner(VersionOne one) {
        if (one instanceof Foundation foundation) {
            SourceModel source = foundation.source();
            return gradientLearner(source, gradientSettings(source));
        } else if (one instanceof MixtureSource mixture) {
            return mixture.model();
        }
        throw new IllegalStateException("unknown kind of version 1: " + one.getClass());
    }

    /** With adaptation and its guard: the same without adaptation stands beside it. */
    private Learner gradientLearner(SourceModel source, GradientSettings settings) {
        GradientLearner learner = new GradientLearner(source, settings, device());
        if (!settings.adaptation().isUsed() || !config.adaptation().guard()) {
            return learner;
        }
        try {
            GradientLearner plain =
                    new GradientLearner(source, settings.withAdaptation(StreamAdaptation.NONE), device());
            return new GuardedLearner(learner, plain, settings.adaptation().sources());
        } catch (RuntimeException e) {
            learner.close();
            throw e;
        }
    }

    /** @throws ConfigException if the settings ask for an adaptation that a model which starts as {@code one} cannot have */
    void checkAdaptation(VersionOne one) {
        String key = "headwater.models." + name() + ".adaptation.method is "
                + config.adaptation().method();
        if (!config.adaptation().isUsed()) {
            return;
        }
        if (one instanceof MixtureSource) {
            throw new ConfigException(
                    key + ", but the versions of the model are made by mixture, which has no hidden layer to align;"
                            + " none is allowed, or another name or data-dir for a model made by gradient");
        }
        if (one instanceof Foundation foundation
                && foundation.source().anatomy().hidden().isEmpty()) {
            throw new ConfigException(
                    key + ", but all that it could align is frozen and has no gradient; none is allowed, or"
                            + " a deeper cut (backbone.cut = \"last:1\")");
        }
        if (one instanceof Foundation foundation) {
            StreamAdaptation adaptation = adaptation(foundation.source());
            int fewest = Math.min(adaptation.windowRows(), adaptation.sourceRows());
            if (fewest < LEAST_ADAPTATION_ROWS) {
                throw new ConfigException(key + ", but training.replay-bytes has room for " + fewest
                        + " rows of a target domain; for at least " + LEAST_ADAPTATION_ROWS
                        + " is allowed: raise it, or lower features.max-tokens or adaptation.max-targets");
            }
        }
    }

    /** @throws ConfigException if the settings keep something from being forgotten that a mixture does not have */
    void checkRetention(VersionOne one) {
        String method = config.retention().method();
        if (one instanceof MixtureSource && StreamRetention.Method.of(method) != StreamRetention.Method.NONE) {
            throw new ConfigException("headwater.models." + name() + ".retention.method is " + method
                    + ", but the versions of the model are made by mixture, which has no weights to hold it to;"
                    + " none is allowed, or another name or data-dir for a model made by gradient");
        }
    }

    /** The device that a model which starts as {@code one} learns on. */
    String device(VersionOne one) {
        return one instanceof MixtureSource ? "cpu" : device().toString();
    }

    /** What {@code auto} means depends on what the source model stands on. */
    private GradientSettings gradientSettings(SourceModel source) {
        ModelConfig.Training training = config.training();
        GradientSettings usual = source.usualSettings();
        return new GradientSettings(
                usual.cut(),
                training.learningRate().orElse(usual.learningRate()),
                source.isOnBackbone()
                        ? new LayerRates(training.backboneFactor(), training.layerDecay())
                        : usual.layerRates(),
                training.weightDecay(),
                training.clipNorm(),
                training.steps().orElse(usual.steps()),
                usual.stepRows(),
                training.interceptRate(),
                source.layout().rowsIn(training.replayBytes(), 0, training.replayRows()),
                source.layout().rowsIn(training.replayBytes(), 0, training.recentRows()),
                adaptation(source),
                forgetting(),
                Keep.valueOf(training.replay().toUpperCase(Locale.ROOT).replace('-', '_')),
                training.statisticsHalfLifeRows(),
                source.layout().rowsIn(LINE_BYTES, 32, usual.maxRows()),
                training.seed());
    }

    private StreamRetention forgetting() {
        ModelConfig.Retention retention = config.retention();
        return new StreamRetention(
                StreamRetention.Method.of(retention.method()), retention.strength(), retention.every());
    }

    private StreamAdaptation adaptation(SourceModel source) {
        ModelConfig.Adaptation adaptation = config.adaptation();
        long bytes = config.training().replayBytes();
        int steps = config.training().steps().orElse(source.usualSettings().steps());
        int windowRows = StreamAdaptation.WINDOW_STEPS * adaptation.rows();
        return new StreamAdaptation(
                Alignment.of(adaptation.method()),
                adaptation.lambda(),
                Set.copyOf(adaptation.sources()),
                adaptation.maxTargets(),
                source.layout().rowsIn(LINE_BYTES / (2L * steps), 2, adaptation.rows()),
                source.layout().rowsIn(bytes / 2, 2, adaptation.sourceRows()),
                source.layout()
                        .rowsIn(
                                bytes / 2 / (adaptation.sources().isEmpty() ? 1 : adaptation.maxTargets()),
                                2,
                                windowRows),
                adaptation.rampSteps());
    }

    /**
     * The device that training runs on.
     *
     * @throws ConfigException if the setting names one that this machine lacks
     */
    TorchDevice device() {
        try {
            return TorchDevice.of(config.training().device());
        } catch (IllegalArgumentException e) {
            throw new ConfigException("headwater.models." + name() + ".training." + e.getMessage());
        }
    }
}
