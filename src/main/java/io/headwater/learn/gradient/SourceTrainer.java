package io.headwater.learn.gradient;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.headwater.event.LabeledExample;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.FeatureEncoder;
import io.headwater.feature.FeatureSchema;
import io.headwater.feature.NumericScaler;
import io.headwater.graph.GraphSplitter;
import io.headwater.graph.OnnxGraph;
import io.headwater.graph.SplitGraph;
import io.headwater.learn.SeededRandom;
import io.headwater.torch.AdamW;
import io.headwater.torch.GradientScope;
import io.headwater.torch.HostTensor;
import io.headwater.torch.TorchDevice;
import io.headwater.torch.TorchGraph;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Develops a {@link SourceModel} offline: the same cut-and-train as on the stream, with the cut left of the
 * embeddings. The same examples, settings and device give the same bytes.
 */
public final class SourceTrainer {
    private static final int MIN_EXAMPLES = 20;
    private static final int SCORED_AT_ONCE = 4096;

    /** A pass counts as better only by this much, in nats: less is noise, and each one costs a copy of all weights. */
    private static final double MIN_GAIN = 1e-4;

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
        TabularNet net = TabularNet.fresh(schema, TabularNet.Size.DEFAULT, scaler.mean(), scaler.scale(), random);
        try (Training training = new Training(net, rows, trained, random)) {
            Validation validation = training.run(progress);
            return new SourceModel(
                    training.best().toBytes(),
                    net.anatomy(),
                    rows.rows().layout(),
                    scaler.state(),
                    rows.select(sample(rows.size(), random)),
                    validation);
        }
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

    /** The state of one development. */
    private final class Training implements AutoCloseable {
        private final OnnxGraph whole;
        private final String score;
        private final LabeledRows rows;
        private final int trained;
        private final SeededRandom random;
        private final Prefix frontier;
        private final TorchGraph graph;
        private final AdamW adam;
        private final Map<String, HostTensor> batch = new LinkedHashMap<>();
        private final HostTensor labels = HostTensor.floats(settings.batchRows(), 1);
        private final Map<String, float[]> best = new LinkedHashMap<>();

        Training(TabularNet net, LabeledRows rows, int trained, SeededRandom random) {
            Anatomy anatomy = net.anatomy();
            SplitGraph split = GraphSplitter.split(net.graph(), anatomy.cut(TabularNet.EMBEDDINGS));
            this.whole = split.whole();
            this.score = anatomy.score();
            this.rows = rows;
            this.trained = trained;
            this.random = random;
            this.frontier = new Prefix(split, rows.rows().layout(), anatomy, rows.size());
            for (int row = 0; row < rows.size(); row++) {
                frontier.staging().copyRow(rows.rows(), row);
            }
            frontier.run(statistic(anatomy.means()), statistic(anatomy.scales()));
            OnnxGraph suffix = GraphSplitter.endingAt(split.suffix(), List.of(score));
            this.graph = new TorchGraph(suffix, device, anatomy.trainable(suffix));
            this.adam = new AdamW(graph, settings.optimizer());
            for (String name : frontier.names()) {
                HostTensor all = frontier.tensor(name);
                batch.put(
                        name,
                        all.isFloat()
                                ? HostTensor.floats(settings.batchRows(), all.width())
                                : HostTensor.longs(settings.batchRows(), all.width()));
            }
        }

        private float[] statistic(String name) {
            return name.isEmpty() ? new float[0] : whole.initializer(name).floats();
        }

        Validation run(Consumer<Epoch> progress) {
            int[] order = new int[trained];
            Arrays.setAll(order, i -> i);
            float[] held = Arrays.copyOfRange(rows.labels(), trained, rows.size());
            Validation kept = Validation.of(score(), held, 0);
            keep();
            int sinceBest = 0;
            for (int epoch = 1; epoch <= settings.maxEpochs() && sinceBest < settings.patience(); epoch++) {
                random.shuffle(order);
                double loss = pass(order);
                Validation now = Validation.of(score(), held, epoch);
                boolean better = now.logLoss() < kept.logLoss() - MIN_GAIN;
                if (better) {
                    kept = now;
                    keep();
                }
                sinceBest = better ? 0 : sinceBest + 1;
                progress.accept(new Epoch(epoch, loss, now.logLoss(), better));
            }
            return kept;
        }

        private void keep() {
            graph.parameters().keySet().forEach(name -> best.put(name, graph.weights(name)));
        }

        OnnxGraph best() {
            return whole.withInitializers(best);
        }

        private double pass(int[] order) {
            double sum = 0;
            for (int from = 0; from < order.length; from += settings.batchRows()) {
                int count = Math.min(settings.batchRows(), order.length - from);
                for (int i = 0; i < count; i++) {
                    int row = order[from + i];
                    int to = i;
                    batch.forEach((name, tensor) -> tensor.copyRow(to, frontier.tensor(name), row));
                    labels.floats().put(i, rows.labels()[row]);
                }
                sum += count * step(count);
            }
            return sum / order.length;
        }

        private double step(int count) {
            return GradientScope.recording(graph, scope -> {
                NDManager manager = scope.manager();
                Map<String, NDArray> inputs = new LinkedHashMap<>();
                batch.forEach((name, tensor) -> inputs.put(name, tensor.rows(manager, 0, count)));
                NDArray logits = graph.run(scope, inputs).get(score);
                NDArray loss = LogLoss.mean(logits, labels.column(manager, 0, count));
                double value = loss.getFloat();
                if (Double.isFinite(value)) {
                    scope.backward(loss);
                    adam.step((float) settings.learningRate(), Map.of());
                }
                return value;
            });
        }

        /** Logits of the held-out rows. */
        private float[] score() {
            float[] logits = new float[rows.size() - trained];
            for (int from = trained; from < rows.size(); from += SCORED_AT_ONCE) {
                Prefix.Rows part = new Prefix.Rows(from, Math.min(SCORED_AT_ONCE, rows.size() - from));
                float[] scored = GradientScope.plain(
                        graph,
                        scope -> graph.run(scope, frontier.rows(scope.manager(), List.of(part)))
                                .get(score)
                                .toFloatArray());
                System.arraycopy(scored, 0, logits, from - trained, scored.length);
            }
            return logits;
        }

        @Override
        public void close() {
            adam.close();
            graph.close();
            frontier.close();
        }
    }
}
