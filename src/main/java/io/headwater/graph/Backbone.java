package io.headwater.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * A backbone made ready to train: a fresh classifying head stands on a hidden tensor, what only the old outputs needed
 * is left out, and the whole is cut in two.
 *
 * @param split the whole with its head, and its parts; the outputs are those of {@link HeadBuilder#classifier}
 * @param hidden the backbone's tensor that the head stands on
 * @param features the pooled tensor that the head reads, {@code [batch, width]}
 * @param score what the head makes of them: {@code [batch]}, before the intercept, where it has one output, else {@code
 *     [batch, classes]}
 * @param headWeights names of the head's weights and biases in the suffix, from its first layer on
 * @param trained the layers right of the cut with their weights, from the head down to the cut
 */
public record Backbone(
        SplitGraph split,
        String hidden,
        String features,
        String score,
        List<String> headWeights,
        List<TrainedLayer> trained) {
    /** The name of the first of the {@linkplain #trained trained layers}, the new head. */
    public static final String HEAD = "head";

    /**
     * A layer of which at least a part trains.
     *
     * @param name as {@link Layer#name} gives it; {@link #HEAD} for the new head
     * @param weights names of its weights in the suffix
     */
    public record TrainedLayer(String name, List<String> weights) {
        public TrainedLayer {
            weights = List.copyOf(weights);
        }
    }

    public Backbone {
        headWeights = List.copyOf(headWeights);
        trained = List.copyOf(trained);
    }

    /** As {@link #of(OnnxGraph, String, String, int, List, long)} with the head on the last hidden output. */
    public static Backbone of(OnnxGraph file, String cut, int outputs, List<Integer> hiddenWidths, long seed) {
        return of(file, cut, Layers.of(file).hidden(), outputs, hiddenWidths, seed);
    }

    /**
     * Puts a fresh head on the tensor {@code headOn} of {@code file} and cuts.
     *
     * @param cut {@code head}, at the features that the head reads; {@code last:K}, counted from the layer that makes
     *     {@code headOn}; or the name of a tensor or input. At {@code headOn} itself it means the features too
     * @param outputs 1 for a score, else the number of classes
     * @param hiddenWidths of the head's hidden layers, from the features on; empty for a linear head
     * @param seed of the head's first weights
     * @throws GraphException if there is no such tensor or cut, no head fits there, or something other than rows would
     *     cross the cut
     */
    public static Backbone of(
            OnnxGraph file, String cut, String headOn, int outputs, List<Integer> hiddenWidths, long seed) {
        Layers layers = Layers.of(file);
        HeadBuilder builder = new HeadBuilder(file, headOn);
        HeadBuilder.Spliced spliced =
                builder.classifier(HeadBuilder.Linear.fresh(builder.width(), hiddenWidths, outputs, new Random(seed)));
        Cut meant = layers.cut(cut, headOn);
        Cut made = meant.equals(Cut.at(headOn)) ? Cut.at(spliced.features()) : kept(meant, spliced.graph(), headOn);
        SplitGraph split = GraphSplitter.split(spliced.graph(), made);
        checkRows(split);
        return new Backbone(
                split,
                headOn,
                spliced.features(),
                spliced.score(),
                spliced.weights(),
                trained(split, spliced.weights(), layers));
    }

    /** The names of all weights that train, from the head down to the cut. */
    public List<String> weights() {
        return trained.stream().flatMap(layer -> layer.weights().stream()).toList();
    }

    /** The cut without tensors that the head needs nothing of, such as an input of a part that is left out. */
    private static Cut kept(Cut cut, OnnxGraph whole, String headOn) {
        Set<String> there = new LinkedHashSet<>();
        whole.inputs().forEach(input -> there.add(input.name()));
        whole.nodes().forEach(node -> there.addAll(node.outputs()));
        List<String> kept = cut.tensors().stream().filter(there::contains).toList();
        if (kept.isEmpty()) {
            throw new GraphException("the cut at " + Names.quoted(cut.tensors()) + " is not on the way to '" + headOn
                    + "', on which the head stands; cut there or before it");
        }
        return new Cut(kept);
    }

    /** Refuses a frontier that is no batch of rows: rows are kept, shuffled and put into other batches. */
    private static void checkRows(SplitGraph split) {
        for (TensorSpec input : split.whole().inputs()) {
            if (input.shape().isEmpty() || input.shape().get(0).isFixed()) {
                throw new GraphException("the input " + input + " has no open batch: its first dimension must be"
                        + " dynamic, so export the model with a dynamic batch");
            }
        }
        Dim batch = split.whole().inputs().get(0).shape().get(0);
        for (TensorSpec tensor : split.frontier()) {
            Dim first = tensor.shape().isEmpty() ? Dim.of(1) : tensor.shape().get(0);
            boolean other = !first.equals(Dim.UNKNOWN) && !batch.equals(Dim.UNKNOWN) && !first.equals(batch);
            if (first.isFixed() || other) {
                throw new GraphException("the tensor " + tensor + " crosses the cut and is no batch of rows: its first"
                        + " dimension is not the batch's, " + batch + "; another cut is needed");
            }
        }
    }

    private static List<TrainedLayer> trained(SplitGraph split, List<String> headWeights, Layers layers) {
        Set<String> weights = new LinkedHashSet<>();
        WeightFlow flow = new WeightFlow(split.suffix());
        split.suffix().nodes().forEach(node -> weights.addAll(flow.weights(node)));
        weights.remove(HeadNames.INTERCEPT);
        weights.removeAll(split.frozen());
        headWeights.forEach(weights::remove);

        Map<String, String> originals = new HashMap<>();
        split.clones().forEach((original, clone) -> originals.put(clone, original));
        Map<String, Layer> first = layers.ofWeights(false);
        Map<String, Layer> last = layers.ofWeights(true);
        Map<Integer, Layer> named = new TreeMap<>(Comparator.reverseOrder());
        Map<Integer, List<String>> members = new LinkedHashMap<>();
        for (String weight : weights) {
            String original = originals.get(weight);
            Layer layer = original == null ? first.get(weight) : last.get(original);
            if (layer == null) {
                throw new IllegalStateException("the weight '" + weight + "' belongs to no layer of the backbone");
            }
            named.put(layer.order(), layer);
            members.computeIfAbsent(layer.order(), key -> new ArrayList<>()).add(weight);
        }
        List<TrainedLayer> trained = new ArrayList<>(List.of(new TrainedLayer(HEAD, headWeights)));
        named.forEach(
                (order, layer) -> trained.add(new TrainedLayer(layer.name(), members.getOrDefault(order, List.of()))));
        return trained;
    }
}
