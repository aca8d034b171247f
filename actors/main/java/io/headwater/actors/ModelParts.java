package io.headwater.actors;

import io.headwater.codec.EventCodec;
import io.headwater.codec.JsonEventCodec;
import io.headwater.codec.RecordFields;
import io.headwater.codec.ScoreCodec;
import io.headwater.config.ConfigException;
import io.headwater.config.HeadwaterConfig;
import io.headwater.config.ModelConfig;
import io.headwater.event.Event;
import io.headwater.event.EventLayout;
import io.headwater.event.LabeledExample;
import io.headwater.event.StreamPosition;
import io.headwater.feature.EncodedRows;
import io.headwater.feature.FeatureEncoder;
import io.headwater.feature.FeatureSchema;
import io.headwater.feature.Featurizer;
import io.headwater.feature.RowLayout;
import io.headwater.gate.GateSettings;
import io.headwater.kafka.DeadLetterSink;
import io.headwater.kafka.KafkaClients;
import io.headwater.kafka.LineageReader;
import io.headwater.kafka.LineageTopic;
import io.headwater.kafka.PollLoop;
import io.headwater.kafka.PollSettings;
import io.headwater.kafka.RecordedInputs;
import io.headwater.kafka.ScoringLoop;
import io.headwater.kafka.ScoringSettings;
import io.headwater.kafka.StreamStoppedException;
import io.headwater.learn.Learner;
import io.headwater.learn.gradient.GradientLearner;
import io.headwater.learn.gradient.GradientSettings;
import io.headwater.learn.gradient.SourceModel;
import io.headwater.learn.gradient.SourceSettings;
import io.headwater.learn.gradient.SourceTrainer;
import io.headwater.line.LineSettings;
import io.headwater.metrics.HeadwaterMetrics;
import io.headwater.registry.CheckpointStore;
import io.headwater.serve.ModelSlot;
import io.headwater.serve.Scorer;
import io.headwater.torch.TorchDevice;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** One model's settings turned into the parts that its actors are made of. Immutable; makes, and keeps nothing. */
final class ModelParts {
    private static final int POLL_ROWS = 500;
    /** Most rows that the line scores or learns at once. */
    private static final int LINE_ROWS = 1024;

    private final HeadwaterConfig process;
    private final ModelConfig config;
    private final FeatureSchema schema;
    private final FeatureEncoder encoder;
    private final EventCodec codec;
    private final KafkaClients clients;
    private final Telemetry telemetry;
    private final Clock clock;

    ModelParts(HeadwaterConfig process, ModelConfig config, HeadwaterMetrics metrics, Clock clock) {
        this.process = process;
        this.config = config;
        ModelConfig.Features features = config.features();
        EventLayout layout = new EventLayout(features.numeric(), features.categorical());
        this.schema = new FeatureSchema(layout, features.timeOfDay(), features.weekday(), features.buckets());
        this.encoder = new FeatureEncoder(schema);
        ModelConfig.Fields fields = config.fields();
        this.codec = new JsonEventCodec(
                layout, new RecordFields(fields.id(), fields.time(), fields.label(), fields.labelTime()));
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

    FeatureSchema schema() {
        return schema;
    }

    /** What the model that changes reads. */
    RowLayout layout() {
        return encoder.layout();
    }

    /** @param capacity the most rows of a batch */
    Featurizer featurizer(int capacity) {
        return new EncodedRows(encoder, capacity);
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

    /** The tensor right of which the graph is trained. */
    String cut() {
        return GradientSettings.DEFAULT.cut();
    }

    Path dataDir() {
        return process.dataDir();
    }

    GateSettings gateSettings() {
        ModelConfig.Gate gate = config.gate();
        return new GateSettings(gate.window(), gate.minExamples(), gate.standardErrors(), gate.maxWorseNats());
    }

    /** The rows of the learning line. */
    Featurizer lineFeaturizer() {
        return featurizer(LINE_ROWS);
    }

    LineSettings lineSettings() {
        return new LineSettings(config.traffic().maxPending(), LineSettings.DEFAULT.probeRows(), gateSettings());
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

    CheckpointStore checkpoints() {
        return new CheckpointStore(
                dataDir().resolve(name()).resolve("checkpoints"),
                config.checkpoint().keep());
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
    }

    LineageTopic lineageTopic() {
        String trainer = "headwater-train-" + name();
        DeadLetterSink letters = new DeadLetterSink(config.topics().deadLetters(), trainer, 0, codec.getClass());
        return new LineageTopic(clients, config.topics().lineage(), name(), letters);
    }

    /** The whole recorded lineage, for reading. */
    LineageReader lineageReader() {
        return new LineageReader(clients, config.topics().lineage(), 1);
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

    ScoringLoop scoringLoop(ModelSlot slot, int number, Consumer<StreamStoppedException> onFailure) {
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
        Scorer scorer = new Scorer(featurizer(config.scoring().batchRows()), slot);
        return ScoringLoop.start(
                clients, settings, codec, scorer, new ScoringMetrics(telemetry.meters()), clock, onFailure);
    }

    SourceModel develop(List<LabeledExample> examples) {
        SourceSettings defaults = SourceSettings.DEFAULT;
        SourceSettings settings = new SourceSettings(
                defaults.learningRate(),
                defaults.weightDecay(),
                defaults.batchRows(),
                defaults.maxEpochs(),
                defaults.patience(),
                defaults.validationShare(),
                config.source().sample(),
                config.training().seed());
        return new SourceTrainer(schema, settings, device()).train(examples, epoch -> {});
    }

    Learner learner(SourceModel source) {
        ModelConfig.Training training = config.training();
        GradientSettings defaults = GradientSettings.DEFAULT;
        GradientSettings settings = new GradientSettings(
                defaults.cut(),
                training.learningRate(),
                training.weightDecay(),
                training.clipNorm(),
                training.steps(),
                defaults.stepRows(),
                training.interceptRate(),
                training.replayRows(),
                training.coral(),
                defaults.adaptationRows(),
                training.statisticsHalfLifeRows(),
                defaults.maxRows(),
                training.seed());
        return new GradientLearner(source, settings, device());
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
