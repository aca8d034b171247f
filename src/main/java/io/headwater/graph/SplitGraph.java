package io.headwater.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A graph in two parts that together are the whole.
 *
 * @param whole the graph that was cut; where a weight served both sides, the suffix has a copy of its own in it, so that
 *     writing a trained weight back changes nothing left of the cut
 * @param prefix makes the frontier from the graph's inputs; empty where the cut leaves no node on its left
 * @param suffix makes the graph's outputs from the frontier
 * @param frontier every tensor that the suffix reads from its left, graph inputs among them; the tensors of the cut
 *     first
 * @param clones the copies by the name of the weight that both sides read
 * @param frozen float initializers of the suffix that belong to what is left of the cut: they must not be trained
 */
public record SplitGraph(
        OnnxGraph whole,
        Optional<OnnxGraph> prefix,
        OnnxGraph suffix,
        List<TensorSpec> frontier,
        Map<String, String> clones,
        Set<String> frozen) {
    public SplitGraph {
        frontier = List.copyOf(frontier);
        clones = Collections.unmodifiableMap(new LinkedHashMap<>(clones));
        frozen = Collections.unmodifiableSet(new LinkedHashSet<>(frozen));
    }

    /**
     * The graph that was cut, in one file, with trained weights: nodes, names and initializers are the original's, but
     * for the given values and for a copy that training has made differ from the weight it was copied from.
     *
     * @param weights values by the names that the suffix gives them
     * @throws GraphException if one names no float initializer of the suffix, or a frozen one, or has another number of
     *     values
     */
    public OnnxGraph merge(Map<String, float[]> weights) {
        weights.keySet().forEach(suffix::initializer);
        weights.keySet().stream().filter(frozen::contains).forEach(name -> {
            throw new GraphException("'" + name + "' belongs to the frozen part; it cannot be trained");
        });
        OnnxGraph trained = whole.withInitializers(weights);
        Map<String, String> equal = new HashMap<>();
        clones.forEach((original, clone) -> {
            if (trained.initializer(original).sameValues(trained.initializer(clone))) {
                equal.put(clone, original);
            }
        });
        return equal.isEmpty() ? trained : without(trained, equal);
    }

    /**
     * As {@link #merge(Map)}, with every weight as {@code trained} has it.
     *
     * @param trained the suffix after training
     */
    public OnnxGraph merge(OnnxGraph trained) {
        Map<String, float[]> weights = new LinkedHashMap<>();
        for (Initializer weight : trained.initializers().values()) {
            if (weight.isWeight() && !frozen.contains(weight.name())) {
                weights.put(weight.name(), weight.floats());
            }
        }
        return merge(weights);
    }

    private static OnnxGraph without(OnnxGraph graph, Map<String, String> originals) {
        GraphProto source = graph.model().getGraph();
        GraphProto.Builder out = source.toBuilder().clearNode().clearInitializer();
        Set<String> dropped = new HashSet<>(originals.keySet());
        graph.nodes().forEach(node -> out.addNode(GraphSplitter.renamed(node, originals)));
        source.getInitializerList().stream()
                .filter(tensor -> !dropped.contains(tensor.getName()))
                .forEach(out::addInitializer);
        return OnnxGraph.of(graph.model().toBuilder().setGraph(out).build());
    }
}
