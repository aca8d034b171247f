package io.headwater.offline;

import io.headwater.backbone.BackboneInputs;
import io.headwater.feature.ImageSpec;
import io.headwater.feature.RowEncoder;
import io.headwater.feature.TextTokenizer;
import io.headwater.graph.Backbone;
import io.headwater.graph.Dim;
import io.headwater.graph.GraphException;
import io.headwater.graph.Layers;
import io.headwater.graph.OnnxGraph;
import io.headwater.graph.SplitGraph;
import io.headwater.graph.TensorSpec;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.gradient.LabeledRows;
import io.headwater.learn.gradient.Recipe;
import io.headwater.learn.gradient.SourceModel;
import io.headwater.learn.gradient.SuffixTrainer.Trained;
import io.headwater.learn.gradient.augment.Augmentation;
import io.headwater.offline.VariedEncoder.Variation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A pre-trained model with a new head, or with the one that an earlier fit gave it. */
final class BackboneSubject implements Subject {
    /** What a vision model's file of that name says of its input. */
    static final String PREPROCESSOR = "preprocessor_config.json";

    private static final int MAX_TOKENS = 64;

    private final FitKind kind;
    private final BackboneFile file;
    private final FitData data;
    private final Optional<FittedSource> earlier;
    private final Backbone backbone;
    private final boolean keepsHead;
    private final String cut;
    private final List<Integer> hidden;
    private final int maxTokens;
    private final long seed;
    private final Map<String, byte[]> files = new HashMap<>();

    /** @throws GraphException if the backbone cannot be cut there */
    BackboneSubject(
            FitSettings settings, FitKind kind, BackboneFile file, FitData data, Optional<FittedSource> source) {
        FitSettings.Model model = settings.model();
        this.kind = kind;
        this.file = file;
        this.data = data;
        this.earlier = source;
        this.seed = settings.training().seed();
        this.maxTokens = model.maxTokens()
                .orElse(source.map(FittedSource::maxTokens)
                        .filter(length -> length > 0)
                        .orElse(MAX_TOKENS));
        this.cut = model.cut().or(() -> source.map(FittedSource::cut)).orElse("head");
        String headOn = model.headOn()
                .or(() -> source.map(FittedSource::headOn))
                .orElseGet(() -> Layers.of(file.graph()).hidden());
        this.hidden = model.hidden().or(() -> source.map(FittedSource::hidden)).orElse(List.of());
        Backbone fresh = Backbone.of(file.graph(), cut, headOn, data.examples().outputs(), hidden, seed);
        this.keepsHead = source.isPresent()
                && source.get().classes().equals(data.examples().classes())
                && source.get().headOn().equals(headOn)
                && source.get().hidden().equals(hidden);
        this.backbone =
                keepsHead ? withHead(fresh, file.graph(), source.orElseThrow().headWeights()) : fresh;
    }

    /** {@code fresh} with the head's weights that {@code graph} has. */
    private static Backbone withHead(Backbone fresh, OnnxGraph graph, List<String> names) {
        if (names.size() != fresh.headWeights().size()) {
            throw new GraphException(
                    "the source's head has the weights " + names + ", a head of its kind " + fresh.headWeights());
        }
        Map<String, float[]> weights = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            weights.put(
                    fresh.headWeights().get(i), graph.initializer(names.get(i)).floats());
        }
        SplitGraph split = fresh.split();
        return new Backbone(
                new SplitGraph(
                        split.whole().withInitializers(weights),
                        split.prefix(),
                        split.suffix().withInitializers(weights),
                        split.frontier(),
                        split.clones(),
                        split.frozen()),
                fresh.hidden(),
                fresh.features(),
                fresh.score(),
                fresh.headWeights(),
                fresh.trained());
    }

    @Override
    public Shape shape() {
        return new Shape(cut, hidden, kind == FitKind.TEXT ? maxTokens : 0, 0);
    }

    @Override
    public Recipe recipe() {
        return Recipe.usual(backbone);
    }

    @Override
    public Backbone backbone(Examples examples, int[] training) {
        return backbone;
    }

    @Override
    public VariedEncoder encoder(Backbone made, Augmentation augmentation, SeededRandom random) {
        OnnxGraph whole = made.split().whole();
        if (kind == FitKind.TEXT) {
            byte[] json = file.tokenizer()
                    .orElseThrow(() -> new IllegalArgumentException("there is no " + Foundation.TOKENIZER + " beside "
                            + file.path() + ": put it there, or name it with --tokenizer"));
            files.put(Foundation.TOKENIZER, json);
            TextTokenizer tokenizer = TextTokenizer.load(json, maxTokens);
            RowEncoder encoder = BackboneInputs.text(whole, tokenizer, 0);
            return new VariedEncoder(encoder, Variations.ofText(augmentation, tokenizer, encoder.layout(), random));
        } else if (kind == FitKind.IMAGE) {
            TensorSpec input = whole.inputs().get(0);
            ImageSpec spec = pictures(input);
            return new VariedEncoder(
                    new PictureEncoder(spec, input.name()), Variations.ofImages(augmentation, spec, random));
        }
        Variation none = Variations.none(kind, augmentation);
        return new VariedEncoder(BackboneInputs.numeric(whole, data.fields()), none);
    }

    /** As the file beside the model says, else the size that the model states, in 0 to 1. */
    private ImageSpec pictures(TensorSpec input) {
        Dim channels = input.shape().get(1);
        Dim height = input.shape().get(2);
        Dim width = input.shape().get(3);
        if (!channels.equals(Dim.UNKNOWN) && channels.isFixed() && channels.size() != ImageSpec.CHANNELS) {
            throw new GraphException("the backbone reads " + input + "; images have " + ImageSpec.CHANNELS
                    + " channels, before rows and columns");
        }
        Optional<byte[]> beside = preprocessor();
        if (beside.isEmpty() && !(height.isFixed() && width.isFixed())) {
            throw new IllegalArgumentException("the backbone reads " + input + ", pictures of any size; put the "
                    + PREPROCESSOR + " that came with it beside " + file.path());
        }
        byte[] json = beside.orElseGet(() -> plain(height.size(), width.size()));
        ImageSpec spec = ImageSpec.read(json);
        if ((height.isFixed() && height.size() != spec.height()) || (width.isFixed() && width.size() != spec.width())) {
            throw new IllegalArgumentException("the backbone reads " + input + ", and the " + PREPROCESSOR
                    + " beside it makes pictures of " + spec.height() + " x " + spec.width());
        }
        files.put(PREPROCESSOR, json);
        return spec;
    }

    private Optional<byte[]> preprocessor() {
        try {
            String name = String.valueOf(file.path().getFileName());
            String base = name.endsWith(".onnx") ? name.substring(0, name.length() - 5) : name;
            for (String beside : List.of(PREPROCESSOR, base + "-" + PREPROCESSOR)) {
                Path path = file.path().resolveSibling(beside);
                if (Files.isRegularFile(path)) {
                    return Optional.of(Files.readAllBytes(path));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "the " + PREPROCESSOR + " beside " + file.path() + " cannot be read: " + e, e);
        }
    }

    private static byte[] plain(long height, long width) {
        return ("{\"do_resize\": true, \"size\": {\"height\": " + height + ", \"width\": " + width
                        + "}, \"do_center_crop\": false, \"do_rescale\": true, \"do_normalize\": false}\n")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    @Override
    public boolean keepsHead() {
        return keepsHead;
    }

    @Override
    public Map<String, byte[]> files() {
        return new LinkedHashMap<>(files);
    }

    @Override
    public Optional<String> licence() {
        return earlier.isPresent() ? earlier.get().licence() : file.licence().map(stated -> stated.name());
    }

    @Override
    public SourceModel source(Backbone made, Trained trained, FitRows rows, int[] training) {
        int[] sample = Subject.sample(training, rows.layout(), seed);
        return SourceModel.of(
                made,
                trained.weights(),
                rows.layout(),
                new LabeledRows(rows.copies(sample), Subject.labels(sample, data.examples())),
                trained.validation());
    }
}
