package io.headwater.actors;

import io.headwater.config.ConfigException;
import io.headwater.config.ModelConfig;
import io.headwater.event.LabeledExample;
import io.headwater.feature.FeatureSchema;
import io.headwater.feature.RowLayout;
import io.headwater.learn.GuardedLearner;
import io.headwater.learn.Learner;
import io.headwater.learn.adapt.Alignment;
import io.headwater.learn.adapt.StreamAdaptation;
import io.headwater.learn.calibration.CalibratedModel;
import io.headwater.learn.gradient.GradientLearner;
import io.headwater.learn.gradient.GradientSettings;
import io.headwater.learn.gradient.LayerRates;
import io.headwater.learn.gradient.SourceModel;
import io.headwater.learn.gradient.SourceSettings;
import io.headwater.learn.gradient.SourceTrainer;
import io.headwater.learn.gradient.TrainingWatcher;
import io.headwater.learn.retain.ReplayBuffer;
import io.headwater.learn.retain.ReplayBuffer.Keep;
import io.headwater.learn.retain.StreamRetention;
import io.headwater.offline.BackboneDevelopment;
import io.headwater.offline.BackboneFile;
import io.headwater.offline.Foundation;
import io.headwater.offline.MixtureSource;
import io.headwater.offline.VersionOne;
import io.headwater.torch.TorchDevice;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model's settings turned into what learns: the model that version 1 is, its learner, and the device. */
final class LearnerParts {
    private static final Logger LOG = LoggerFactory.getLogger(LearnerParts.class);

    /** Of fewer rows nothing is known: neither how far a domain lies from another nor what it looks like. */
    private static final int LEAST_ADAPTATION_ROWS = 32;

    private final ModelConfig config;
    private final FeatureSchema schema;

    LearnerParts(ModelConfig config, FeatureSchema schema) {
        this.config = config;
        this.schema = schema;
    }

    /** The model that the first version is, made of labelled examples. */
    VersionOne develop(List<LabeledExample> examples) {
        if (config.backbone().isUsed()) {
            return developOnBackbone(examples);
        }
        if (config.firstLearner() == ModelConfig.Learner.MIXTURE) {
            return MixtureSource.develop(examples, schema, config.training().seed());
        }
        checkRoom(schema.rows());
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
        return Foundation.of(new SourceTrainer(schema, settings, device()).train(examples, epoch -> {}));
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
                schema.layout(),
                config.features().maxTokens(),
                config.source().sample(),
                config.training().seed());
        TrainingWatcher told = new TrainingWatcher() {
            @Override
            public void epoch(Epoch epoch) {
                LOG.info(
                        "developing {} on {} examples, pass {}: {}",
                        config.name(),
                        examples.size(),
                        epoch.number(),
                        epoch.validation());
            }
        };
        return new BackboneDevelopment(file, settings, device()).develop(examples, this::checkRoom, told);
    }

    /** @param one with all that learning needs of it: {@link VersionOne#withRowsOf} */
    Learner learner(VersionOne one) {
        if (one instanceof Foundation foundation) {
            SourceModel source = foundation.source();
            return gradientLearner(source, gradientSettings(source));
        } else if (one instanceof MixtureSource mixture) {
            return calibrated(mixture.model(), false);
        }
        throw new IllegalStateException("unknown kind of version 1: " + one.getClass());
    }

    /**
     * Under a guard each line has a map of its own: what the guard compares is what either would serve, and a line that
     * is taken into use is not served through what was learned of the other.
     */
    private Learner calibrated(Learner learner, boolean usually) {
        return config.training().calibrate().orElse(usually) ? new CalibratedModel(learner) : learner;
    }

    /** With adaptation and its guard: the same without adaptation stands beside it. */
    private Learner gradientLearner(SourceModel source, GradientSettings settings) {
        Learner learner = calibrated(new GradientLearner(source, settings, device()), true);
        if (!settings.adaptation().isUsed() || !config.adaptation().guard()) {
            return learner;
        }
        try {
            Learner plain = calibrated(
                    new GradientLearner(source, settings.withAdaptation(StreamAdaptation.NONE), device()), true);
            return new GuardedLearner(learner, plain, settings.adaptation().sources());
        } catch (RuntimeException e) {
            learner.close();
            throw e;
        }
    }

    /** @throws ConfigException if the settings ask for an adaptation that a model which starts as {@code one} cannot have */
    void checkAdaptation(VersionOne one) {
        String key = "headwater.models." + config.name() + ".adaptation.method is "
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
            checkRoom(foundation.source().layout());
        }
    }

    /** @throws ConfigException if adaptation is asked for and there is no room for the rows that it needs */
    private void checkRoom(RowLayout layout) {
        int least = Math.min(LEAST_ADAPTATION_ROWS, config.adaptation().sourceRows());
        int fewest = Math.min(windowRows(layout), sourceRows(layout));
        if (config.adaptation().isUsed() && fewest < least) {
            throw new ConfigException("headwater.models." + config.name() + ".training.replay-bytes is "
                    + config.training().replayBytes() + ", which has room for " + fewest
                    + " rows of a target domain where adaptation.method is "
                    + config.adaptation().method() + "; allowed is room for at least " + least
                    + ": raise it, or lower features.max-tokens or adaptation.max-targets");
        }
    }

    /** @throws ConfigException if the settings keep something from being forgotten that a mixture does not have */
    void checkRetention(VersionOne one) {
        String method = config.retention().method();
        if (one instanceof MixtureSource && StreamRetention.Method.of(method) != StreamRetention.Method.NONE) {
            throw ofMixture("retention.method is " + method, "has no weights to hold it to", "none");
        }
        String replay = config.training().replay();
        if (one instanceof MixtureSource && !replay.equals(ModelConfig.Training.UNIFORM)) {
            throw ofMixture("training.replay is " + replay, "replays no rows", ModelConfig.Training.UNIFORM);
        }
    }

    private ConfigException ofMixture(String key, String which, String allowed) {
        return new ConfigException("headwater.models." + config.name() + "." + key
                + ", but the versions of the model are made by mixture, which " + which + "; " + allowed
                + " is allowed, or another name or data-dir for a model made by gradient");
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
                pastRows(source, training.replayRows()),
                pastRows(source, training.recentRows()),
                adaptation(source),
                forgetting(),
                Keep.valueOf(training.replay().toUpperCase(Locale.ROOT).replace('-', '_')),
                training.statisticsHalfLifeRows(),
                source.layout().rowsIn(ModelParts.LINE_BYTES, 32, usual.maxRows()),
                training.seed());
    }

    /** How many of the wanted labelled rows there is room for: replay and the latest share it by what is wanted of each. */
    private int pastRows(SourceModel source, int wanted) {
        ModelConfig.Training training = config.training();
        double all = Math.max(1.0, (double) training.replayRows() + training.recentRows());
        return ReplayBuffer.rowsIn(source.layout(), (long) (training.replayBytes() * (wanted / all)), 0, wanted);
    }

    private StreamRetention forgetting() {
        ModelConfig.Retention retention = config.retention();
        return new StreamRetention(
                StreamRetention.Method.of(retention.method()), retention.strength(), retention.every());
    }

    private StreamAdaptation adaptation(SourceModel source) {
        ModelConfig.Adaptation adaptation = config.adaptation();
        int steps = config.training().steps().orElse(source.usualSettings().steps());
        return new StreamAdaptation(
                Alignment.of(adaptation.method()),
                adaptation.lambda(),
                Set.copyOf(adaptation.sources()),
                adaptation.maxTargets(),
                source.layout().rowsIn(ModelParts.LINE_BYTES / (2L * steps), 2, adaptation.rows()),
                sourceRows(source.layout()),
                windowRows(source.layout()),
                adaptation.rampSteps(),
                adaptation.fadeLabels());
    }

    /** Source rows that there is room for. */
    private int sourceRows(RowLayout layout) {
        return ReplayBuffer.rowsIn(
                layout,
                config.training().replayBytes() / 2,
                2,
                config.adaptation().sourceRows());
    }

    /** Rows of each target that there is room for. */
    private int windowRows(RowLayout layout) {
        ModelConfig.Adaptation adaptation = config.adaptation();
        int targets = adaptation.sources().isEmpty() ? 1 : adaptation.maxTargets();
        return ReplayBuffer.rowsIn(
                layout,
                config.training().replayBytes() / 2 / targets,
                2,
                StreamAdaptation.WINDOW_STEPS * adaptation.rows());
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
            throw new ConfigException("headwater.models." + config.name() + ".training." + e.getMessage());
        }
    }
}
