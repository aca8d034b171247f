package io.headwater.cli;

import io.headwater.learn.adapt.training.DomainTrainer;
import io.headwater.offline.adapt.AdaptMethod;
import io.headwater.offline.adapt.AdaptRun;
import io.headwater.offline.adapt.AdaptSettings;
import io.headwater.offline.adapt.Adaptation;
import io.headwater.torch.TorchDevice;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Adapts a model to a domain without labels, from files. */
@Command(
        name = "adapt",
        sortOptions = false,
        description = {
            "Train a model on the labelled rows of one domain so that it holds in another, whose rows have no labels,"
                    + " and say how good it is there, with and without adaptation.",
            "The guide docs/guide/adapt.md says what the methods do and what the figures mean."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  headwater adapt --source books_train.svmlight --target dvd_train.svmlight --test dvd_test.svmlight"
                    + " --method msda+dann",
            "  headwater adapt --source north.csv --target south.csv --test south_labelled.csv --label fraud --method"
                    + " coral --lambda 1 --json",
            "  headwater adapt --source north.csv --source east.csv --target south.csv --test south_labelled.csv --label"
                    + " fraud --method mmd --out south",
            "  headwater adapt --source north.csv --target south.csv --test south_labelled.csv --label fraud --method"
                    + " recolour --prior-shift",
            "",
            "Labels of the target are never looked at; those of the test only at the end."
        })
public final class AdaptCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--source",
            required = true,
            paramLabel = "FILE",
            description = "Labelled rows (.csv, .tsv, .svmlight, .libsvm, .parquet; .gz too). Given several times,"
                    + " each file is a domain, and those whose rows are like the target's count more.")
    @SuppressWarnings("NullAway.Init")
    private List<Path> sources;

    @Option(
            names = "--target",
            required = true,
            paramLabel = "FILE",
            description = "Rows of the other domain; labels among them are not looked at.")
    @SuppressWarnings("NullAway.Init")
    private Path target;

    @Option(
            names = "--test",
            required = true,
            paramLabel = "FILE",
            description = "Labelled rows of the other domain, to say how good the model is; never learned.")
    @SuppressWarnings("NullAway.Init")
    private Path test;

    @Option(names = "--label", paramLabel = "COLUMN", description = "The column of the labels; svmlight has its own.")
    private @Nullable String label;

    @Option(
            names = "--method",
            required = true,
            completionCandidates = Names.class,
            paramLabel = "NAME",
            description = "${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("NullAway.Init")
    private String method;

    @Option(
            names = "--lambda",
            paramLabel = "X",
            description = "Strength of the method's term, 0 for none; by the distance of the domains if left out.")
    private @Nullable Double lambda;

    @Option(
            names = "--prior-shift",
            description = "Estimate the classes' shares in the target without labels, and correct the model for them:"
                    + " for a target where fraud is rarer or more frequent, and looks the same.")
    private boolean priorShift;

    @Mixin
    private final SeedOption seed = new SeedOption();

    @Option(
            names = "--hidden",
            paramLabel = "N",
            description = "Width of the hidden layer, the one that is aligned (64).")
    private @Nullable Integer hidden;

    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the source rows (10).")
    private @Nullable Integer epochs;

    @Option(
            names = "--batch",
            paramLabel = "ROWS",
            description = "Source rows of a step; of them and of the target rows at most 64 each are aligned (64).")
    private @Nullable Integer batch;

    @Option(
            names = "--learning-rate",
            paramLabel = "X",
            description = "Of AdamW at its highest; it rises in the first pass and falls to 0 (0.003).")
    private @Nullable Double learningRate;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder for the adapted model: model.onnx, which reads rows as they are in the files, and"
                    + " manifest.json, which says what its columns are.")
    private @Nullable Path out;

    @Mixin
    private final DeviceOption device = new DeviceOption();

    @Mixin
    private final OfflineRun offline = new OfflineRun();

    /** For the help. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return AdaptMethod.names().iterator();
        }
    }

    @Override
    public void run() {
        AdaptSettings settings = settings();
        TorchDevice on = device.chosen();
        offline.run((bar, end) -> {
            AdaptProgress progress = new AdaptProgress(bar, end::isAsked);
            return new AdaptSummary(settings, new Adaptation(settings, progress, on).run());
        });
    }

    private AdaptSettings settings() {
        try {
            AdaptRun.Settings usual = AdaptRun.Settings.USUAL;
            DomainTrainer.Settings training = usual.training();
            return new AdaptSettings(
                    sources,
                    target,
                    test,
                    Optional.ofNullable(label),
                    AdaptMethod.of(method),
                    lambda == null ? OptionalDouble.empty() : OptionalDouble.of(lambda),
                    new AdaptRun.Settings(
                            hidden == null ? usual.hidden() : hidden,
                            new DomainTrainer.Settings(
                                    learningRate == null ? training.learningRate() : learningRate,
                                    training.weightDecay(),
                                    batch == null ? training.batchRows() : batch,
                                    epochs == null ? training.epochs() : epochs)),
                    priorShift,
                    seed.value(),
                    Optional.ofNullable(out));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
