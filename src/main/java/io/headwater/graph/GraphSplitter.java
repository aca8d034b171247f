package io.headwater.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Cuts a graph in two at named tensors. */
public final class GraphSplitter {
    /*
     * A node is in the suffix if it depends on a tensor of the cut, no tensor of the cut depends on it, and an output
     * of the graph needs it. All other needed nodes are in the prefix, so the frontier is whatever the suffix reads
     * from there: usually more than the cut names (an attention mask that every layer reads, say). Constants and shapes
     * are not handed over but worked out on both sides, see Companions.
     *
     * A float weight that both sides read is cloned: the suffix reads a copy, so that training changes nothing left of
     * the cut. Where a companion reads it, its original is in the suffix too and is frozen there. Whatever else both
     * sides read (shapes, indices, scalars) never trains, and each part holds it as it is.
     */
    private static final String CLONE = "/suffix";

    private final OnnxGraph graph;
    private final Map<String, Node> makers = new LinkedHashMap<>();
    private final Map<String, TensorSpec> types;

    private GraphSplitter(OnnxGraph graph) {
        this.graph = graph;
        for (Node node : graph.nodes()) {
            node.outputs().forEach(output -> makers.put(output, node));
        }
        this.types = ShapeInference.of(graph);
    }

    /**
     * An output that does not follow from the cut belongs to no part.
     *
     * @throws GraphException if a tensor of the cut does not exist, no output follows from the cut, or the type of a
     *     frontier tensor cannot be inferred
     */
    public static SplitGraph split(OnnxGraph graph, Cut cut) {
        return new GraphSplitter(graph).split(cut);
    }

    /**
     * The part of {@code graph} that makes {@code tensors}, with those as its outputs; inputs that it does not need are
     * left out.
     *
     * @throws GraphException if no node makes one of them, or its type cannot be inferred
     */
    public static OnnxGraph endingAt(OnnxGraph graph, List<String> tensors) {
        return new GraphSplitter(graph).endingAt(tensors);
    }

    /** Type and shape of a tensor of {@code graph}, if they can be inferred; a dynamic dimension keeps its name. */
    public static Optional<TensorSpec> typeOf(OnnxGraph graph, String tensor) {
        return Optional.ofNullable(ShapeInference.of(graph).get(tensor));
    }

    private OnnxGraph endingAt(List<String> tensors) {
        for (String tensor : tensors) {
            if (!makers.containsKey(tensor)) {
                throw new GraphException(
                        "no node makes '" + tensor + "'; the nearest are " + Names.nearest(tensor, makers.keySet()));
            }
        }
        Set<Node> nodes = ancestors(tensors);
        return part(
                graph,
                asTheyAre(nodes),
                inputsOf(nodes),
                tensors.stream().map(this::type).toList());
    }

    private SplitGraph split(Cut cut) {
        cut.tensors().forEach(this::checkExists);
        Set<Node> suffixNodes = suffixNodes(cut);
        if (suffixNodes.isEmpty()) {
            throw new GraphException("no output of the graph follows from " + cut.tensors() + ": nothing to train");
        }
        List<TensorSpec> outputs = graph.outputs().stream()
                .filter(output -> suffixNodes.contains(makers.get(output.name())))
                .toList();
        Companions companions = Companions.of(graph, makers, types, cut.tensors(), frontier(cut, suffixNodes));
        Set<String> frontierNames = companions.frontier();
        List<TensorSpec> frontier = frontierNames.stream().map(this::type).toList();
        List<String> made = frontierNames.stream().filter(makers::containsKey).toList();
        Set<Node> prefixNodes = ancestors(made);

        Set<String> frozen = weightsOf(companions.frozen());
        Set<String> left = new HashSet<>(frozen);
        prefixNodes.forEach(node -> left.addAll(node.inputs()));
        // A companion that only the suffix needs, such as the second name of a weight, trains as the suffix does.
        companions.nodes().stream()
                .filter(node ->
                        !prefixNodes.contains(node) && !companions.frozen().contains(node))
                .forEach(suffixNodes::add);
        Map<String, String> clones = clones(left, suffixNodes);
        OnnxGraph whole = clones.isEmpty() ? graph : withClones(suffixNodes, clones);
        Map<Node, Map<String, String>> renamed = new HashMap<>();
        suffixNodes.forEach(node -> renamed.put(node, clones));
        companions.nodes().forEach(node -> renamed.putIfAbsent(node, Map.of()));
        companions.shapes().forEach((node, tensor) -> renamed.put(node, Map.of(node.input(0), tensor)));
        OnnxGraph suffix = part(whole, renamed, frontier, outputs);
        Optional<OnnxGraph> prefix = made.isEmpty()
                ? Optional.empty()
                : Optional.of(part(
                        graph,
                        asTheyAre(prefixNodes),
                        inputsOf(prefixNodes),
                        made.stream().map(this::type).toList()));
        return new SplitGraph(whole, prefix, suffix, frontier, clones, frozen);
    }

    private void checkExists(String tensor) {
        boolean input = graph.inputs().stream().anyMatch(spec -> spec.name().equals(tensor));
        if (!input && !makers.containsKey(tensor)) {
            Set<String> names = new LinkedHashSet<>(makers.keySet());
            graph.inputs().forEach(spec -> names.add(spec.name()));
            throw new GraphException(
                    "the graph has no tensor '" + tensor + "'; the nearest are " + Names.nearest(tensor, names));
        }
    }

    private TensorSpec type(String tensor) {
        TensorSpec spec = types.get(tensor);
        if (spec == null) {
            throw new GraphException("the type of '" + tensor + "', made by " + makers.get(tensor)
                    + ", cannot be inferred: this cut is not supported");
        }
        return spec;
    }

    /** The nodes that make {@code tensors}, and theirs. */
    private Set<Node> ancestors(Collection<String> tensors) {
        Set<Node> found = new HashSet<>();
        List<String> open = new ArrayList<>(tensors);
        while (!open.isEmpty()) {
            Node maker = makers.get(open.remove(open.size() - 1));
            if (maker != null && found.add(maker)) {
                open.addAll(maker.inputs());
            }
        }
        return found;
    }

    private Set<Node> suffixNodes(Cut cut) {
        Set<Node> left = ancestors(cut.tensors());
        Set<Node> needed =
                ancestors(graph.outputs().stream().map(TensorSpec::name).toList());
        Set<String> reached = new HashSet<>(cut.tensors());
        Set<Node> suffix = new LinkedHashSet<>();
        for (Node node : graph.nodes()) {
            if (!left.contains(node) && node.inputs().stream().anyMatch(reached::contains)) {
                reached.addAll(node.outputs());
                if (needed.contains(node)) {
                    suffix.add(node);
                }
            }
        }
        return suffix;
    }

    private Set<String> frontier(Cut cut, Set<Node> suffix) {
        Set<String> read = new LinkedHashSet<>();
        for (Node node : suffix) {
            for (String input : node.inputs()) {
                Node maker = makers.get(input);
                boolean fromLeft = maker == null ? isInput(input) : !suffix.contains(maker);
                if (fromLeft) {
                    read.add(input);
                }
            }
        }
        Set<String> ordered = new LinkedHashSet<>(cut.tensors());
        ordered.retainAll(read);
        ordered.addAll(read);
        return ordered;
    }

    private boolean isInput(String tensor) {
        return graph.inputs().stream().anyMatch(spec -> spec.name().equals(tensor));
    }

    private List<TensorSpec> inputsOf(Set<Node> nodes) {
        Set<String> read = new HashSet<>();
        nodes.forEach(node -> read.addAll(node.inputs()));
        return graph.inputs().stream()
                .filter(spec -> read.contains(spec.name()))
                .toList();
    }

    private Set<String> weightsOf(Set<Node> nodes) {
        Set<String> weights = new LinkedHashSet<>();
        for (Node node : graph.nodes()) {
            if (nodes.contains(node)) {
                node.inputs().stream().filter(this::isWeight).forEach(weights::add);
            }
        }
        return weights;
    }

    private boolean isWeight(String tensor) {
        Initializer initializer = graph.initializers().get(tensor);
        return initializer != null && initializer.isWeight();
    }

    /** Weights that the suffix reads as the frozen side does, with the name of the suffix's own copy. */
    private Map<String, String> clones(Set<String> left, Set<Node> suffix) {
        Map<String, String> clones = new LinkedHashMap<>();
        for (Node node : suffix) {
            node.inputs().stream()
                    .filter(input -> left.contains(input) && isWeight(input))
                    .forEach(input -> clones.put(input, input + CLONE));
        }
        return clones;
    }

    private OnnxGraph withClones(Set<Node> suffix, Map<String, String> clones) {
        GraphProto.Builder out = graph.model().getGraph().toBuilder().clearNode();
        for (Node node : graph.nodes()) {
            out.addNode(suffix.contains(node) ? renamed(node, clones) : node.proto());
        }
        clones.forEach((name, clone) ->
                out.addInitializer(graph.initializer(name).named(clone).proto()));
        return OnnxGraph.of(graph.model().toBuilder().setGraph(out).build());
    }

    static NodeProto renamed(Node node, Map<String, String> names) {
        NodeProto.Builder out = node.proto().toBuilder().clearInput();
        node.inputs().forEach(input -> out.addInput(names.getOrDefault(input, input)));
        return out.build();
    }

    private static Map<Node, Map<String, String>> asTheyAre(Set<Node> nodes) {
        Map<Node, Map<String, String>> unchanged = new HashMap<>();
        nodes.forEach(node -> unchanged.put(node, Map.of()));
        return unchanged;
    }

    /**
     * Nodes of {@code source}, in their order, with the initializers that they read.
     *
     * @param nodes with other names for some of their inputs
     */
    private OnnxGraph part(
            OnnxGraph source, Map<Node, Map<String, String>> nodes, List<TensorSpec> inputs, List<TensorSpec> outputs) {
        GraphProto.Builder out =
                GraphProto.newBuilder().setName(source.model().getGraph().getName());
        Set<String> read = new HashSet<>();
        for (Node node : graph.nodes()) {
            Map<String, String> renamed = nodes.get(node);
            if (renamed != null) {
                NodeProto proto = renamed(node, renamed);
                out.addNode(proto);
                read.addAll(proto.getInputList());
            }
        }
        for (TensorProto tensor : source.model().getGraph().getInitializerList()) {
            if (read.contains(tensor.getName())) {
                out.addInitializer(tensor);
            }
        }
        inputs.forEach(spec -> out.addInput(spec.write()));
        outputs.forEach(spec -> out.addOutput(spec.write()));
        return OnnxGraph.of(source.model().toBuilder().setGraph(out).build());
    }
}
