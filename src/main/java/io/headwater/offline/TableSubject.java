package io.headwater.offline;

import io.headwater.event.EventLayout;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.FeatureEncoder;
import io.headwater.feature.FeatureSchema;
import io.headwater.feature.NumericScaler;
import io.headwater.graph.Backbone;
import io.headwater.graph.OnnxGraph;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.gradient.LabeledRows;
import io.headwater.learn.gradient.Recipe;
import io.headwater.learn.gradient.SourceModel;
import io.headwater.learn.gradient.SourceSettings;
import io.headwater.learn.gradient.SuffixTrainer.Trained;
import io.headwater.learn.gradient.TabularSource;
import io.headwater.learn.gradient.augment.Augmentation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A net for tables, from scratch or from an earlier one. */
final class TableSubject implements Subject {
    /** Hash buckets of all categorical columns, as a live model has them by default. */
    private static final int BUCKETS = 1024;

    private static final int ROWS_AT_ONCE = 1024;

    private final FeatureSchema schema;
    private final FeatureEncoder encoder;
    private final String cut;
    private final int outputs;
    private final long seed;
    private final @Nullable FittedSource earlier;
    private final boolean keepsHead;
    private @Nullable TabularSource net;
    private @Nullable Examples examples;

    /** @throws WrongOptionException if the settings are those of a backbone */
    TableSubject(FitSettings settings, FitData data, Optional<FittedSource> source) {
        FitSettings.Model model = settings.model();
        refuse(model.headOn().isPresent(), "--head-on");
        refuse(model.hidden().isPresent(), "--hidden");
        refuse(model.maxTokens().isPresent(), "--max-tokens");
        if (model.cut().isPresent() && !model.cut().get().equals("all") && source.isEmpty()) {
            throw new WrongOptionException("the cut is '" + model.cut().get() + "', but a net made from scratch has"
                    + " nothing worth keeping left of it; name a --backbone or a --source");
        }
        EventLayout fields = data.fields();
        this.schema = new FeatureSchema(fields, false, false, BUCKETS);
        this.encoder = new FeatureEncoder(schema);
        this.cut = model.cut().or(() -> source.map(FittedSource::cut)).orElse("all");
        this.outputs = data.examples().outputs();
        this.seed = settings.training().seed();
        this.earlier = source.orElse(null);
        this.keepsHead = source.isPresent()
                && source.get().classes().equals(data.examples().classes());
    }

    private static void refuse(boolean asked, String option) {
        if (asked) {
            throw new WrongOptionException(option + " is for a backbone; name one with --backbone, or leave it out");
        }
    }

    @Override
    public Shape shape() {
        return new Shape(cut, List.of(), 0, BUCKETS);
    }

    @Override
    public Recipe recipe() {
        return SourceSettings.DEFAULT.recipe();
    }

    @Override
    public Backbone backbone(Examples all, int[] training) {
        examples = all;
        SeededRandom random = new SeededRandom(seed);
        if (earlier == null) {
            net = TabularSource.fresh(schema, outputs, statistics(all, training), random);
        } else {
            OnnxGraph graph =
                    BackboneFile.read(earlier.model(), Optional.empty()).graph();
            net = TabularSource.continuing(schema, outputs, graph, keepsHead, earlier.rows(), random);
        }
        return net.backbone(cut);
    }

    private NumericScaler statistics(Examples all, int[] training) {
        NumericScaler scaler = new NumericScaler(schema.numericWidth(), Double.POSITIVE_INFINITY);
        FeatureBatch batch = new FeatureBatch(encoder.layout(), ROWS_AT_ONCE);
        for (int from = 0; from < training.length; from += ROWS_AT_ONCE) {
            batch.clear();
            for (int i = from; i < Math.min(training.length, from + ROWS_AT_ONCE); i++) {
                encoder.encode(all.event(training[i]), batch);
            }
            scaler.observe(batch);
        }
        return scaler;
    }

    @Override
    public VariedEncoder encoder(Backbone backbone, Augmentation augmentation, SeededRandom random) {
        return new VariedEncoder(encoder, Variations.none(FitKind.TABLE, augmentation));
    }

    @Override
    public boolean keepsHead() {
        return keepsHead;
    }

    @Override
    public Map<String, byte[]> files() {
        return Map.of();
    }

    @Override
    public Optional<String> licence() {
        return Optional.empty();
    }

    @Override
    public SourceModel source(Backbone backbone, Trained trained, FitRows rows, int[] training) {
        if (net == null || examples == null) {
            throw new IllegalStateException("there is no net yet");
        }
        int[] sample = Subject.sample(training, encoder.layout(), seed);
        FeatureBatch raw = new FeatureBatch(encoder.layout(), Math.max(1, sample.length));
        for (int row : sample) {
            encoder.encode(examples.event(row), raw);
        }
        return net.source(
                trained.weights(), new LabeledRows(raw, Subject.labels(sample, examples)), trained.validation());
    }
}
