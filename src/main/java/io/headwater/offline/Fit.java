package io.headwater.offline;

import io.headwater.backbone.FrozenPart;
import io.headwater.graph.Backbone;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.gradient.Recipe;
import io.headwater.learn.gradient.SourceModel;
import io.headwater.learn.gradient.SuffixTrainer;
import io.headwater.learn.gradient.SuffixTrainer.Trained;
import io.headwater.ort.ModelLoadException;
import io.headwater.torch.TorchDevice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Trains a model offline on labelled rows of a file, by a recipe, and keeps it in a folder: from a backbone with a new
 * head, from an earlier fit, or a net for tables from scratch. The same files, settings, device type and libraries give
 * the same bytes.
 */
public final class Fit {
    private final FitSettings settings;
    private final FitWatcher watcher;
    private final FittedFolder folder;

    public Fit(FitSettings settings, FitWatcher watcher) {
        this.settings = settings;
        this.watcher = watcher;
        this.folder = new FittedFolder(settings.out(), settings.overwrite());
    }

    /** What is trained on what, before any row is made. */
    private record Plan(
            FitKind kind,
            FitData data,
            Subject subject,
            Recipe recipe,
            Split split,
            Backbone backbone,
            Optional<BackboneFile> file) {}

    /**
     * @throws IOException if a file cannot be read or the folder cannot be written; the message says which
     * @throws IllegalArgumentException if the settings, the data and the backbone do not fit together
     * @throws io.headwater.graph.GraphException if the backbone cannot be used so
     * @throws StoppedException if the watcher ends it before the training
     */
    public Fitted run() throws IOException {
        folder.check();
        TorchDevice device = TorchDevice.of(settings.training().device());
        Plan plan = plan();
        long seed = settings.training().seed();
        VariedEncoder encoder =
                plan.subject().encoder(plan.backbone(), plan.recipe().augmentation(), new SeededRandom(seed + 2));
        Examples examples = plan.data().examples();
        try (FrozenPart frozen = frozen(plan, encoder);
                FitRows rows = rows(plan, frozen, encoder)) {
            Trained trained = new SuffixTrainer(plan.backbone(), plan.recipe(), device, seed)
                    .train(
                            rows,
                            examples.classes().size(),
                            plan.split().training(),
                            plan.split().heldOut(),
                            watcher);
            return keep(plan, rows, trained, device);
        }
    }

    private Plan plan() throws IOException {
        FitSettings.Model model = settings.model();
        if (model.backbone().isPresent() && model.source().isPresent()) {
            throw new WrongOptionException("a fit begins with a --backbone or with a --source, not with both");
        }
        Optional<FittedSource> source = model.source().map(FittedSource::read);
        @Nullable
        BackboneFile file = source.map(from ->
                        from.kind() == FitKind.TABLE ? null : BackboneFile.read(from.model(), model.tokenizer()))
                .or(() -> model.backbone().map(path -> BackboneFile.read(path, model.tokenizer())))
                .orElse(null);
        FitKind kind = file == null ? FitKind.TABLE : FitKind.of(file.graph());
        if (file != null && source.isEmpty()) {
            file.checkLicence(model.licences()).ifPresent(watcher::warning);
        }
        FitData data = new FitData.Reader(settings.data(), kind, source, watcher::reading).read();
        Subject subject = file == null
                ? new TableSubject(settings, data, source)
                : new BackboneSubject(settings, kind, file, data, source);
        Recipe recipe = settings.training().recipe().apply(subject.recipe());
        Split split = data.split(
                settings.data().holdOut(),
                recipe.validationShare(),
                settings.training().seed());
        List<Double> weights = settings.training()
                .weights()
                .of(data.examples().classes(), data.examples().count(split.training()));
        recipe = recipe.withObjective(recipe.objective().withClassWeights(weights));
        checkSplit(data.examples(), split);
        Backbone backbone = subject.backbone(data.examples(), split.training());
        return new Plan(kind, data, subject, recipe, split, backbone, Optional.ofNullable(file));
    }

    private static FrozenPart frozen(Plan plan, VariedEncoder encoder) {
        try {
            return FrozenPart.load(plan.backbone().split(), encoder);
        } catch (RuntimeException e) {
            encoder.close();
            if (e instanceof ModelLoadException && plan.kind() == FitKind.TEXT) {
                throw new IllegalArgumentException(
                        "the backbone's frozen part does not run on texts of "
                                + plan.subject().shape().maxTokens()
                                + " tokens; if it was made for shorter ones, --max-tokens says so. "
                                + String.valueOf(e.getMessage()).strip(),
                        e);
            }
            throw e;
        }
    }

    private static void checkSplit(Examples examples, Split split) {
        long[] counts = examples.count(split.training());
        for (int label = 0; label < counts.length; label++) {
            if (counts[label] == 0) {
                throw new IllegalArgumentException("no row to train on is of the class '"
                        + examples.classes().get(label) + "'; hold less out, or other rows");
            }
        }
    }

    private FitRows rows(Plan plan, FrozenPart frozen, VariedEncoder encoder) throws IOException {
        boolean again = plan.recipe().augmentation().isBeforePrefix();
        int[] all = IntStream.range(0, plan.data().examples().rows()).toArray();
        int[] kept = again ? plan.split().heldOut() : all;
        long bytes = Math.multiplyExact(frozen.layout().rowBytes(), kept.length);
        // What is left of a table's net is but the scaling of its numbers.
        boolean prefix =
                plan.kind() != FitKind.TABLE && plan.backbone().split().prefix().isPresent();
        if (again) {
            watcher.note("the augmentation acts on the model's inputs, so "
                    + (prefix ? "the frozen part runs" : "rows are encoded") + " again in every epoch");
        } else {
            watcher.note((prefix ? "the frozen part runs once for all epochs: " : "rows are encoded once: ")
                    + String.format(Locale.ROOT, "%,d rows of features, %,d MiB", kept.length, (bytes >> 20) + 1));
        }
        return new FitRows(plan.data().examples(), frozen, encoder, kept, new MappedMemory(folder.parent()), watcher);
    }

    private Fitted keep(Plan plan, FitRows rows, Trained trained, TorchDevice device) throws IOException {
        byte[] model = plan.backbone().split().merge(trained.weights()).toBytes();
        String sha256 = Sha256.of(model);
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(Foundation.MODEL, model);
        files.putAll(plan.subject().files());
        if (plan.data().examples().outputs() == 1) {
            SourceModel source = plan.subject()
                    .source(plan.backbone(), trained, rows, plan.split().training());
            files.put(Foundation.SOURCE, source.write());
        }
        files.put(
                FitManifest.FILE,
                manifest(plan).result(trained, sha256).made(device.toString()).toBytes());
        folder.write(files);
        return new Fitted(
                settings.out().resolve(Foundation.MODEL),
                sha256,
                plan.kind(),
                plan.data().examples().classes(),
                plan.split().training().length,
                trained,
                plan.recipe(),
                plan.subject().shape().cut(),
                plan.subject().keepsHead(),
                trained.weights().values().stream()
                        .mapToLong(weight -> weight.length)
                        .sum(),
                device.toString());
    }

    private FitManifest manifest(Plan plan) throws IOException {
        Path data = settings.data().file();
        FitManifest manifest = new FitManifest()
                .data(plan.kind(), plan.data(), data, Sha256.of(data))
                .rows(plan.split())
                .model(plan.backbone(), plan.subject().shape(), plan.subject().keepsHead())
                .recipe(plan.recipe(), settings.training().seed());
        if (plan.file().isPresent()) {
            Path file = plan.file().get().path();
            manifest.origin(file, Sha256.of(file), plan.subject().licence().orElse(""));
        }
        return manifest;
    }
}
