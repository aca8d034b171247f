package io.headwater.learn.gradient;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.RowLayout;
import io.headwater.feature.RowTensor;
import io.headwater.graph.Backbone;
import io.headwater.graph.GraphSplitter;
import io.headwater.graph.OnnxGraph;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.gradient.augment.FeatureMasking;
import io.headwater.learn.gradient.augment.Mixup;
import io.headwater.learn.schedule.Unfreezing;
import io.headwater.torch.AdamW;
import io.headwater.torch.GradientScope;
import io.headwater.torch.HostTensor;
import io.headwater.torch.TorchDevice;
import io.headwater.torch.TorchGraph;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The weights of a training and the memory of its batches: takes steps, and scores. */
final class SuffixRun implements AutoCloseable {
    private final Recipe recipe;
    private final String score;
    private final TrainingRows rows;
    private final int classes;
    private final SeededRandom random;
    private final TorchGraph graph;
    private final AdamW adam;
    private final WeightLayers layers;
    private final FeatureBatch batch;
    private final List<HostTensor> tensors = new ArrayList<>();
    private final TargetRows targets;
    private final @Nullable Mixup mixup;
    private final @Nullable FeatureMasking masking;
    private final float[] spare;
    private int open = -1;

    /** @throws IllegalArgumentException if the recipe mixes rows that cannot be mixed */
    SuffixRun(
            Backbone backbone, Recipe recipe, TorchDevice device, TrainingRows rows, int classes, SeededRandom random) {
        this.recipe = recipe;
        this.score = backbone.score();
        this.rows = rows;
        this.classes = classes;
        this.random = random;
        int capacity = recipe.batchRows();
        this.batch = new FeatureBatch(rows.layout(), capacity);
        for (RowTensor tensor : rows.layout().tensors()) {
            tensors.add(
                    tensor.isFloat()
                            ? HostTensor.floats(capacity, tensor.trailing())
                            : HostTensor.longs(capacity, tensor.trailing()));
        }
        this.spare = new float
                [rows.layout().tensors().stream()
                        .mapToInt(RowTensor::width)
                        .max()
                        .orElse(0)];
        this.targets = recipe.objective().targets(capacity, classes);
        this.mixup = recipe.augmentation().mixup() == 0 ? null : mixup(recipe, rows);
        double masked = recipe.augmentation().featureMasking();
        this.masking = masked == 0 ? null : new FeatureMasking(masked);
        boolean headFirst = recipe.unfreezing() instanceof Unfreezing.HeadFirst
                && backbone.trained().size() > 1;
        OnnxGraph suffix = GraphSplitter.endingAt(
                backbone.split().suffix(), headFirst ? List.of(score, backbone.features()) : List.of(score));
        this.layers = WeightLayers.of(
                backbone.trained().stream().map(Backbone.TrainedLayer::weights).toList(), backbone.weights());
        this.graph = new TorchGraph(suffix, device, backbone.weights());
        this.adam = new AdamW(graph, recipe.optimizer());
    }

    private static Mixup mixup(Recipe recipe, TrainingRows rows) {
        for (RowTensor tensor : rows.layout().tensors()) {
            if (!tensor.isFloat()) {
                throw new IllegalArgumentException(
                        "mixup is " + recipe.augmentation().mixup() + ", but rows of " + tensor
                                + " cannot be mixed; 0 is allowed, or a cut where only floats cross");
            }
        }
        return new Mixup(recipe.augmentation().mixup(), recipe.batchRows());
    }

    int classes() {
        return classes;
    }

    int layersBelowHead() {
        return layers.belowHead();
    }

    /**
     * One step on rows {@code from} until {@code from + count} of {@code order}; left out if loss or gradient is not
     * finite.
     *
     * @param openLayers how many layers train, the head not counted
     * @return the loss before the step, in nats
     */
    double step(int[] order, int from, int count, float rate, int openLayers) {
        if (openLayers != open) {
            open = openLayers;
            graph.train(layers.training(open));
        }
        stage(order, from, count, true);
        target(order, from, count);
        return GradientScope.recording(graph, scope -> {
            NDManager manager = scope.manager();
            NDArray logits = graph.run(scope, inputs(manager, count)).get(score);
            NDArray loss = recipe.objective().loss(logits, targets.tensor(manager, count));
            double value = loss.getFloat();
            if (Double.isFinite(value)) {
                scope.backward(loss);
                adam.step(rate, recipe.layerRates().factors(layers, open));
            }
            return value;
        });
    }

    private void stage(int[] order, int from, int count, boolean training) {
        batch.clear();
        rows.copyTo(batch, order, from, count, training);
        if (training && mixup != null) {
            mixup.draw(count, random);
        }
        for (int i = 0; i < tensors.size(); i++) {
            HostTensor tensor = tensors.get(i);
            int width = tensor.width();
            if (tensor.isFloat()) {
                if (training) {
                    vary(i, width, count);
                }
                tensor.floats().put(0, batch.floats(i), 0, count * width);
            } else {
                tensor.longs().put(0, batch.longs(i), 0, count * width);
            }
        }
    }

    private void vary(int tensor, int width, int count) {
        if (mixup != null) {
            mixup.apply(batch.floats(tensor), width, spare);
        }
        if (masking != null) {
            masking.apply(batch.floats(tensor), 0, count * width, random);
        }
    }

    private void target(int[] order, int from, int count) {
        for (int i = 0; i < count; i++) {
            int label = rows.label(order[from + i]);
            if (mixup == null) {
                targets.put(i, label, 1);
            } else {
                targets.mix(i, label, rows.label(order[from + mixup.partner(i)]), mixup.share(i), 1);
            }
        }
    }

    private Map<String, NDArray> inputs(NDManager manager, int count) {
        Map<String, NDArray> inputs = new LinkedHashMap<>();
        for (int i = 0; i < tensors.size(); i++) {
            inputs.put(rows.layout().tensors().get(i).name(), tensors.get(i).rows(manager, 0, count));
        }
        return inputs;
    }

    /** The scores of the given rows, row-major {@code [rows, outputs]}. */
    float[] logits(int[] which) {
        float[] logits = new float[0];
        for (int from = 0; from < which.length; from += recipe.batchRows()) {
            int count = Math.min(recipe.batchRows(), which.length - from);
            float[] part = plain(which, from, count, score);
            if (from == 0) {
                logits = new float[Math.multiplyExact(which.length, part.length / count)];
            }
            System.arraycopy(part, 0, logits, from * (part.length / count), part.length);
        }
        return logits;
    }

    /**
     * What the suffix makes of rows under the name {@code tensor}, {@code [rows, width]}, as a batch of their own.
     *
     * @param which row numbers, in the order of the result
     * @param watcher told of the rows as of a pass 0
     */
    FeatureBatch features(int[] which, String tensor, TrainingWatcher watcher) {
        FeatureBatch made = new FeatureBatch(
                new RowLayout(List.of(RowTensor.floats(tensor, List.of(featureWidth(which, tensor)))), "features"),
                which.length);
        for (int from = 0; from < which.length; from += recipe.batchRows()) {
            int count = Math.min(recipe.batchRows(), which.length - from);
            made.floats(0).put(from * made.width(0), plain(which, from, count, tensor));
            watcher.rows(0, from + count, which.length);
        }
        made.assume(which.length);
        return made;
    }

    private int featureWidth(int[] which, String tensor) {
        return plain(which, 0, 1, tensor).length;
    }

    private float[] plain(int[] which, int from, int count, String tensor) {
        stage(which, from, count, false);
        return GradientScope.plain(
                graph,
                scope -> graph.run(scope, inputs(scope.manager(), count))
                        .get(tensor)
                        .toFloatArray());
    }

    /** Takes over the given weights; the other ones stay. */
    void become(Map<String, float[]> weights) {
        weights.forEach(graph::setWeights);
    }

    /** All weights, the given ones in the place of this run's. */
    Map<String, float[]> with(Map<String, float[]> weights) {
        Map<String, float[]> all = weights();
        all.putAll(weights);
        return all;
    }

    /** Copies of all weights that can train. */
    Map<String, float[]> weights() {
        Map<String, float[]> weights = new LinkedHashMap<>();
        graph.parameters().keySet().forEach(name -> weights.put(name, graph.weights(name)));
        return weights;
    }

    @Override
    public void close() {
        adam.close();
        graph.close();
    }
}
