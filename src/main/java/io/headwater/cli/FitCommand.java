package io.headwater.cli;

import io.headwater.learn.gradient.Recipe;
import io.headwater.offline.Fit;
import io.headwater.offline.FitSettings;
import io.headwater.offline.FitSettings.HoldOut;
import io.headwater.offline.Fitted;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains a model offline, on labelled rows of a file. */
@Command(
        name = "fit",
        sortOptions = false,
        description = {
            "Train a model on labelled rows: a head on a backbone, its last layers or all of it; or a net for tables.",
            "The defaults suit the cut; the guide docs/guide/fit.md says when to change them."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  headwater fit --data sms.tsv --label Label --text SMS --backbone all-minilm-l6-v2.onnx --out spam",
            "  headwater fit --data sms.tsv --label Label --text SMS --backbone all-minilm-l6-v2.onnx --cut last:1 "
                    + "--out spam",
            "  headwater fit --data pictures/ --backbone mobilenet.onnx --flip 0.5 --out kinds",
            "  headwater fit --data electricity.csv --label class --by-time --out prices",
            "  headwater fit --data books.svmlight --out books",
            "  headwater fit --data june.tsv --source spam --out spam-june",
            "",
            "DIR gets model.onnx, manifest.json, what the model needs beside it (tokenizer.json,",
            "preprocessor_config.json) and, for a label of two values, source.bin, from which a live model starts.",
            "Ctrl-C ends the training; the best weights so far are kept."
        })
public final class FitCommand implements Runnable {
    private static final String DEFAULT_LICENCES = "Apache-2.0,MIT,BSD-2-Clause,BSD-3-Clause";

    /** What a recipe file may hold beside what {@link RecipeOptions} has. */
    private static final Set<String> MODEL_OPTIONS =
            Set.of("--cut", "--head-on", "--hidden", "--max-tokens", "--seed", "--licences");

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE",
            description = "A table (.csv, .tsv, .svmlight, .libsvm, .parquet; .gz too), or a folder of pictures with a"
                    + " subfolder for each class.")
    @SuppressWarnings("NullAway.Init")
    private Path data;

    @Option(
            names = "--format",
            paramLabel = "ENDING",
            description = "What the table's name would end with, where it does not say: .tsv")
    private @Nullable String format;

    @Option(names = "--label", paramLabel = "COLUMN", description = "The column of the classes.")
    private @Nullable String label;

    @Option(names = "--text", paramLabel = "COLUMN", description = "The column that a language model reads.")
    private @Nullable String text;

    @Option(
            names = "--image",
            paramLabel = "COLUMN",
            description = "The column of pictures' files, relative to the table.")
    private @Nullable String image;

    @Mixin
    private final ColumnOptions columns = new ColumnOptions();

    @Option(
            names = "--positive",
            paramLabel = "VALUE",
            description = "The class of two that the score is for; the greater one if left out.")
    private @Nullable String positive;

    @Option(
            names = "--by-time",
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "COLUMN",
            description = "Hold out the last rows by this column, or of the file where none is named.")
    private @Nullable String byTime;

    @Option(names = "--validation-data", paramLabel = "FILE", description = "Hold out the rows of another file.")
    private @Nullable Path validationData;

    @Option(names = "--backbone", paramLabel = "FILE", description = "A pre-trained ONNX model.")
    private @Nullable Path backbone;

    @Option(
            names = "--tokenizer",
            paramLabel = "FILE",
            description = "A language model's tokenizer.json; looked for beside the backbone if left out.")
    private @Nullable Path tokenizer;

    @Option(
            names = "--licences",
            split = ",",
            defaultValue = DEFAULT_LICENCES,
            paramLabel = "NAME",
            description = "Licences that a backbone may state (${DEFAULT-VALUE}).")
    private List<String> licences = List.of();

    @Option(names = "--source", paramLabel = "DIR", description = "Go on from what an earlier fit made.")
    private @Nullable Path source;

    @Option(
            names = "--cut",
            paramLabel = "CUT",
            description = "How deep to train: head, last:K, all, or a tensor that inspect names (head).")
    private @Nullable String cut;

    @Option(
            names = "--head-on",
            paramLabel = "TENSOR",
            description = "The backbone's tensor that the head stands on; the last hidden output if left out.")
    private @Nullable String headOn;

    @Option(
            names = "--hidden",
            split = ",",
            paramLabel = "WIDTH",
            description = "Widths of hidden layers in the head on a backbone; none if left out.")
    private @Nullable List<Integer> hidden;

    @Option(names = "--max-tokens", paramLabel = "N", description = "Tokens of a text that count (64).")
    private @Nullable Integer maxTokens;

    @Option(
            names = "--recipe",
            paramLabel = "FILE",
            description =
                    "A HOCON file of the options that say how to train (--cut to --seed), named without dashes; the"
                            + " command line wins.")
    private @Nullable Path recipeFile;

    @Mixin
    private final RecipeOptions recipe = new RecipeOptions();

    @Mixin
    private final SeedOption seed = new SeedOption();

    @Mixin
    private final DeviceOption device = new DeviceOption();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder to be made.")
    @SuppressWarnings("NullAway.Init")
    private Path out;

    @Option(names = "--overwrite", description = "Replace what an earlier fit made there.")
    private boolean overwrite;

    @Mixin
    private final OfflineRun offline = new OfflineRun();

    @Override
    public void run() {
        FitSettings settings =
                recipeFile == null ? settings() : withRecipe(recipeFile).settings();
        long start = System.nanoTime();
        offline.run((bar, end) -> {
            Fitted fitted = new Fit(settings, new FitProgress(bar, end::isAsked)).run();
            return new FitReport(fitted, (System.nanoTime() - start) / 1e9);
        });
    }

    /** The command as it would be with the file's options on the command line too. */
    private FitCommand withRecipe(Path file) {
        Set<String> allowed = new HashSet<>(MODEL_OPTIONS);
        CommandSpec.forAnnotatedObject(new RecipeOptions())
                .options()
                .forEach(option -> allowed.add(option.longestName()));
        List<String> words = new ArrayList<>();
        Set<String> given = new HashSet<>();
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            given.add(option.longestName());
            option.originalStringValues().forEach(value -> words.add(option.longestName() + "=" + value));
        }
        for (String word : RecipeFile.words(file, allowed)) {
            if (!given.contains(word.substring(0, word.indexOf('=')))) {
                words.add(word);
            }
        }
        FitCommand merged = new FitCommand();
        try {
            new CommandLine(merged).parseArgs(words.toArray(new String[0]));
            return merged;
        } catch (ParameterException e) {
            throw new CommandFailedException("the recipe " + file + ": " + e.getMessage(), e);
        }
    }

    private FitSettings settings() {
        try {
            recipe.change(Recipe.FINE_TUNING);
            return new FitSettings(
                    new FitSettings.Data(
                            data,
                            Optional.ofNullable(format),
                            Optional.ofNullable(label),
                            Optional.ofNullable(text),
                            Optional.ofNullable(image),
                            columns.ignored(),
                            columns.categorical(),
                            Optional.ofNullable(positive),
                            holdOut()),
                    new FitSettings.Model(
                            Optional.ofNullable(backbone),
                            Optional.ofNullable(tokenizer),
                            Optional.ofNullable(source),
                            licences,
                            Optional.ofNullable(cut),
                            Optional.ofNullable(headOn),
                            Optional.ofNullable(hidden),
                            maxTokens == null ? OptionalInt.empty() : OptionalInt.of(maxTokens)),
                    new FitSettings.Training(
                            recipe::change,
                            recipe.classWeights(),
                            seed.value(),
                            device.chosen().toString()),
                    out,
                    overwrite);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private HoldOut holdOut() {
        if (byTime != null && validationData != null) {
            throw new IllegalArgumentException("rows are held out --by-time or from --validation-data, not both");
        } else if (byTime != null) {
            return new HoldOut.ByTime(byTime);
        }
        return validationData == null ? new HoldOut.Stratified() : new HoldOut.Other(validationData);
    }
}
