package io.headwater.graph;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which weights each node of a graph reads, and which tensors carry what was learned from the input: those that depend
 * on the values of an input, not on its shape alone, and on a weight. An attention mask is not one of them.
 */
final class WeightFlow {
    /** Positions of the inputs that are settings or statistics of an operator, not weights. */
    private static final Map<String, Set<Integer>> SETTINGS = Map.of(
            "BatchNormalization", Set.of(3, 4),
            "Clip", Set.of(1, 2),
            "Resize", Set.of(1, 2),
            "Pad", Set.of(1, 2));
    /** Operators whose weights make the width of a layer; a norm alone is no layer. */
    private static final Set<String> HEAVY =
            Set.of("Conv", "ConvTranspose", "Gemm", "MatMul", "Gather", "Einsum", "LSTM", "GRU", "RNN");

    private final OnnxGraph graph;
    private final Set<String> data = new HashSet<>();
    private final Set<String> carried = new HashSet<>();
    private final Map<String, Set<String>> folded = new HashMap<>();
    private final Map<Node, Set<String>> weights = new HashMap<>();

    WeightFlow(OnnxGraph graph) {
        this.graph = graph;
        graph.inputs().forEach(input -> data.add(input.name()));
        Set<Node> needed = needed(graph);
        graph.nodes().stream().filter(needed::contains).forEach(this::follow);
    }

    /** Nodes that no output follows from are no part of a layer. */
    private static Set<Node> needed(OnnxGraph graph) {
        Set<String> read = new HashSet<>();
        graph.outputs().forEach(output -> read.add(output.name()));
        Set<Node> needed = new HashSet<>();
        for (int i = graph.nodes().size() - 1; i >= 0; i--) {
            Node node = graph.nodes().get(i);
            if (node.outputs().stream().anyMatch(read::contains)) {
                needed.add(node);
                read.addAll(node.inputs());
            }
        }
        return needed;
    }

    private void follow(Node node) {
        boolean ofShape = node.op().equals("Shape") || node.op().equals("Size");
        boolean fromData = !ofShape && node.inputs().stream().anyMatch(data::contains);
        Set<String> read = read(node);
        if (fromData) {
            data.addAll(node.outputs());
            weights.put(node, read);
            if (!read.isEmpty() || node.inputs().stream().anyMatch(carried::contains)) {
                carried.addAll(node.outputs());
            }
        } else if (!ofShape && !read.isEmpty()) {
            // A weight that is transposed or reshaped on its way belongs to the node that uses it.
            node.outputs().forEach(output -> folded.put(output, read));
        }
    }

    private Set<String> read(Node node) {
        Set<Integer> settings = SETTINGS.getOrDefault(node.op(), Set.of());
        Set<String> read = new LinkedHashSet<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            String input = node.input(i);
            Initializer tensor = graph.initializers().get(input);
            if (tensor != null && tensor.isWeight() && !settings.contains(i)) {
                read.add(input);
            }
            read.addAll(folded.getOrDefault(input, Set.of()));
        }
        return read;
    }

    /** The weights that the node reads, itself or through nodes that work on weights alone; empty for most nodes. */
    Set<String> weights(Node node) {
        return weights.getOrDefault(node, Set.of());
    }

    boolean isHeavy(Node node) {
        return HEAVY.contains(node.op()) && !weights(node).isEmpty();
    }

    /** Whether the tensor carries what weights made of the input. */
    boolean carries(String tensor) {
        return carried.contains(tensor);
    }

    boolean carries(Node node) {
        return node.outputs().stream().anyMatch(carried::contains);
    }

    /** Nodes that make what was learned, in order. */
    List<Node> carriers() {
        return graph.nodes().stream().filter(this::carries).toList();
    }
}
