package io.headwater.offline;

import io.headwater.backbone.BackboneInputs;
import io.headwater.backbone.BackboneInputs.Kind;
import io.headwater.backbone.FrozenPart;
import io.headwater.event.EventLayout;
import io.headwater.event.LabeledExample;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.Featurizer;
import io.headwater.feature.RowEncoder;
import io.headwater.feature.RowLayout;
import io.headwater.feature.TextTokenizer;
import io.headwater.graph.Backbone;
import io.headwater.graph.GraphException;
import io.headwater.graph.Layers;
import io.headwater.graph.OnnxGraph;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.gradient.LabeledRows;
import io.headwater.learn.gradient.Recipe;
import io.headwater.learn.gradient.SourceModel;
import io.headwater.learn.gradient.SuffixTrainer;
import io.headwater.learn.gradient.SuffixTrainer.Trained;
import io.headwater.learn.gradient.TrainingRows;
import io.headwater.learn.gradient.TrainingWatcher;
import io.headwater.torch.TorchDevice;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Develops the first version of a model on a backbone, from labelled examples of its stream; the last ones in time say
 * when to end.
 */
public final class BackboneDevelopment {
    private static final int MIN_EXAMPLES = 20;
    private static final int ROWS_AT_ONCE = 64;

    /**
     * How the backbone is cut and what stands on it.
     *
     * @param headOn the hidden tensor under the head; empty for the last one
     * @param hidden widths of the head's hidden layers
     * @param fields of an event: one of text, or numeric ones
     * @param maxTokens the length of a text's row
     * @param sampleRows labelled rows that are kept for adaptation
     */
    public record Settings(
            String cut,
            String headOn,
            List<Integer> hidden,
            EventLayout fields,
            int maxTokens,
            int sampleRows,
            long seed) {}

    private final BackboneFile file;
    private final Settings settings;
    private final TorchDevice device;

    public BackboneDevelopment(BackboneFile file, Settings settings, TorchDevice device) {
        this.file = file;
        this.settings = settings;
        this.device = device;
    }

    /**
     * @param examples in time order
     * @param rows is told what rows the frozen part gives before any is made, and may throw
     * @throws IllegalArgumentException if there are too few, or all the same
     * @throws GraphException if the backbone cannot be cut there, or reads something else
     */
    public Foundation develop(List<LabeledExample> examples, Consumer<RowLayout> rows, TrainingWatcher watcher) {
        int[] labels = examples.stream()
                .mapToInt(example -> (int) example.label().value())
                .toArray();
        check(labels);
        OnnxGraph graph = file.graph();
        String headOn = settings.headOn().isEmpty() ? Layers.of(graph).hidden() : settings.headOn();
        Backbone backbone = Backbone.of(graph, settings.cut(), headOn, 1, settings.hidden(), settings.seed());
        try (FrozenPart frozen =
                FrozenPart.load(backbone.split(), inputs(backbone.split().whole()))) {
            rows.accept(frozen.layout());
            Recipe recipe = Recipe.usual(backbone);
            FeatureCache encoded = encoded(frozen, examples);
            int trained = labels.length - Math.max(1, (int) (labels.length * recipe.validationShare()));
            Trained best = new SuffixTrainer(backbone, recipe, device, settings.seed())
                    .train(
                            TrainingRows.of(encoded.layout(), labels, (batch, row) -> encoded.copyRow(row, batch)),
                            2,
                            IntStream.range(0, trained).toArray(),
                            IntStream.range(trained, labels.length).toArray(),
                            watcher);
            SourceModel source = SourceModel.of(
                    backbone, best.weights(), frozen.layout(), sample(encoded, labels), best.validation());
            return new Foundation(
                    source, Optional.of(backbone.split().merge(best.weights())), file.tokenizer(), settings.cut());
        }
    }

    private static void check(int[] labels) {
        long ones = Arrays.stream(labels).sum();
        if (labels.length < MIN_EXAMPLES || ones == 0 || ones == labels.length) {
            throw new IllegalArgumentException("a head is developed on at least " + MIN_EXAMPLES
                    + " labelled examples of both classes; there are " + labels.length + ", of which " + ones
                    + " have the label 1");
        }
    }

    private RowEncoder inputs(OnnxGraph graph) {
        if (BackboneInputs.kind(graph) == Kind.NUMERIC) {
            return BackboneInputs.numeric(graph, settings.fields());
        }
        byte[] tokenizer = file.tokenizer()
                .orElseThrow(() -> new GraphException("there is no " + Foundation.TOKENIZER + " beside " + file.path()
                        + ": put it there, or say where it is"));
        return BackboneInputs.text(graph, TextTokenizer.load(tokenizer, settings.maxTokens()), 0);
    }

    private static FeatureCache encoded(FrozenPart frozen, List<LabeledExample> examples) {
        MappedMemory memory = new MappedMemory(Path.of(System.getProperty("java.io.tmpdir")));
        FeatureCache rows = new FeatureCache(frozen.layout(), examples.size(), memory);
        try (Featurizer featurizer = frozen.repeatable(ROWS_AT_ONCE)) {
            for (int from = 0; from < examples.size(); from += ROWS_AT_ONCE) {
                featurizer.clear();
                examples.subList(from, Math.min(examples.size(), from + ROWS_AT_ONCE))
                        .forEach(example -> featurizer.add(example.event()));
                featurizer.run();
                rows.add(featurizer.batch());
            }
        }
        return rows;
    }

    private LabeledRows sample(FeatureCache rows, int[] labels) {
        int[] order = IntStream.range(0, labels.length).toArray();
        new SeededRandom(settings.seed()).shuffle(order);
        int[] kept = Arrays.copyOf(order, Math.min(order.length, settings.sampleRows()));
        Arrays.sort(kept);
        FeatureBatch sample = new FeatureBatch(rows.layout(), kept.length);
        float[] values = new float[kept.length];
        for (int i = 0; i < values.length; i++) {
            rows.copyRow(kept[i], sample);
            values[i] = labels[kept[i]];
        }
        return new LabeledRows(sample, values);
    }
}
