package io.headwater.learn.gradient;

import io.headwater.event.LabeledExample;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.FeatureEncoder;
import io.headwater.feature.FeatureSchema;
import io.headwater.feature.NumericScaler;
import io.headwater.graph.Backbone;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.gradient.SuffixTrainer.Trained;
import io.headwater.torch.TorchDevice;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Develops a {@link SourceModel} offline: the same cut-and-train as on the stream, with the cut left of the
 * embeddings. The same examples, settings and device give the same bytes.
 */
public final class SourceTrainer {
    private static final int MIN_EXAMPLES = 20;

    /**
     * One pass over the training examples, as told to whoever watches.
     *
     * @param number from 1
     * @param trainingLoss mean over the pass, in nats
     * @param validationLoss after the pass, in nats
     * @param best whether these are the best weights so far
     */
    public record Epoch(int number, double trainingLoss, double validationLoss, boolean best) {}

    private final FeatureSchema schema;
    private final SourceSettings settings;
    private final TorchDevice device;

    public SourceTrainer(FeatureSchema schema, SourceSettings settings, TorchDevice device) {
        this.schema = schema;
        this.settings = settings;
        this.device = device;
    }

    /**
     * @param examples in time order; the last ones are held out for early stopping
     * @param progress told after each pass
     * @throws IllegalArgumentException if there are too few examples
     */
    public SourceModel train(List<LabeledExample> examples, Consumer<Epoch> progress) {
        if (examples.size() < MIN_EXAMPLES) {
            throw new IllegalArgumentException("a source model is developed on at least " + MIN_EXAMPLES
                    + " labelled examples, not " + examples.size());
        }
        LabeledRows rows = LabeledRows.of(examples, new FeatureEncoder(schema));
        int heldOut = Math.max(1, (int) (rows.size() * settings.validationShare()));
        int trained = rows.size() - heldOut;
        SeededRandom random = new SeededRandom(settings.seed());
        NumericScaler scaler = statistics(rows.rows(), trained);
        NumericBins bins = NumericBins.of(rows.rows(), trained, scaler, settings.numericBins());
        TabularSource fresh = TabularSource.fresh(schema, 1, scaler, bins, random);
        Backbone backbone = fresh.backbone("all");
        Trained best;
        try (ScaledRows scaled = new ScaledRows(backbone.split(), rows, fresh.anatomy(), scaler)) {
            best = new SuffixTrainer(backbone, settings.recipe(), device, random.nextLong())
                    .train(
                            scaled,
                            2,
                            IntStream.range(0, trained).toArray(),
                            IntStream.range(trained, rows.size()).toArray(),
                            told(progress));
        }
        return fresh.source(best.weights(), rows.select(sample(rows.size(), random)), best.validation());
    }

    private static TrainingWatcher told(Consumer<Epoch> progress) {
        return new TrainingWatcher() {
            @Override
            public void epoch(TrainingWatcher.Epoch epoch) {
                if (epoch.number() > 0) {
                    progress.accept(new SourceTrainer.Epoch(
                            epoch.number(),
                            epoch.trainingLoss(),
                            epoch.validation().logLoss(),
                            epoch.best()));
                }
            }
        };
    }

    private NumericScaler statistics(FeatureBatch rows, int trained) {
        FeatureBatch part = new FeatureBatch(rows.layout(), trained);
        for (int row = 0; row < trained; row++) {
            part.copyRow(rows, row);
        }
        NumericScaler scaler = new NumericScaler(schema.numericWidth(), Double.POSITIVE_INFINITY);
        scaler.observe(part);
        return scaler;
    }

    private int[] sample(int rows, SeededRandom random) {
        int[] order = new int[rows];
        Arrays.setAll(order, i -> i);
        random.shuffle(order);
        int[] sample = Arrays.copyOf(order, Math.min(rows, settings.sampleRows()));
        Arrays.sort(sample);
        return sample;
    }
}
