package io.headwater.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The layers of a backbone, from its input to its output: found in the names of its nodes and weights, or in its
 * structure where those say nothing. With them, the words that name a cut.
 */
public final class Layers {
    private static final Pattern LAST = Pattern.compile("last:(\\d{1,9})");

    private final OnnxGraph graph;
    private final WeightFlow flow;
    private final Optional<OwnHead> head;
    private final Map<Node, Integer> orders = new HashMap<>();
    private final List<Layer> layers;

    private Layers(OnnxGraph graph) {
        this.graph = graph;
        this.flow = new WeightFlow(graph);
        this.head = OwnHead.of(graph, flow);
        List<Node> nodes = flow.carriers();
        Map<Node, String> names = NamedLayers.of(nodes, flow);
        names = new HashMap<>(names.isEmpty() ? RepeatedLayers.of(nodes, flow) : names);
        this.layers = describe(order(nodes, names));
    }

    public static Layers of(OnnxGraph graph) {
        return new Layers(graph);
    }

    /** Gives each node the number of its layer; a node comes no earlier than what it reads. */
    private List<String> order(List<Node> nodes, Map<Node, String> names) {
        String headName = head.map(own -> nameOfHead(nodes, names, own)).orElse("");
        Map<String, String> merged = withoutLightOnes(nodes, names, headName);
        List<String> found = new ArrayList<>();
        Map<String, Integer> numbers = new HashMap<>();
        for (Node node : nodes) {
            String name = merged.get(names.getOrDefault(node, ""));
            if (name != null && !flow.weights(node).isEmpty() && !numbers.containsKey(name)) {
                numbers.put(name, found.size());
                found.add(name);
            }
        }
        Map<String, Integer> reached = new HashMap<>();
        for (Node node : nodes) {
            String name = merged.get(names.getOrDefault(node, ""));
            int number = name == null ? 0 : numbers.getOrDefault(name, 0);
            for (String input : node.inputs()) {
                number = Math.max(number, reached.getOrDefault(input, 0));
            }
            orders.put(node, number);
            for (String output : node.outputs()) {
                reached.put(output, number);
            }
        }
        return found;
    }

    /** The own head is a layer of its own, also where its module holds more. */
    private String nameOfHead(List<Node> nodes, Map<Node, String> names, OwnHead own) {
        String module = names.getOrDefault(own.node(), "");
        boolean alone = nodes.stream()
                .noneMatch(node -> node != own.node() && flow.isHeavy(node) && module.equals(names.get(node)));
        String name = alone && !module.isEmpty()
                ? module
                : ScopedName.of(own.node(), flow.weights(own.node()))
                        .map(ScopedName::toString)
                        .filter(scope -> !scope.equals(module))
                        .orElse("head");
        names.put(own.node(), name);
        return name;
    }

    /** A module of norms alone belongs to the layer before it, or at the start to the one behind it. */
    private Map<String, String> withoutLightOnes(List<Node> nodes, Map<Node, String> names, String headName) {
        Map<String, Boolean> heavy = new LinkedHashMap<>();
        for (Node node : nodes) {
            String name = names.get(node);
            if (name != null && !flow.weights(node).isEmpty()) {
                heavy.merge(name, flow.isHeavy(node), Boolean::logicalOr);
            }
        }
        Map<String, String> merged = new HashMap<>();
        String before = heavy.keySet().stream()
                .filter(name -> Boolean.TRUE.equals(heavy.get(name)) && !name.equals(headName))
                .findFirst()
                .orElse("");
        for (Map.Entry<String, Boolean> entry : heavy.entrySet()) {
            boolean stays = entry.getValue() || before.isEmpty();
            merged.put(entry.getKey(), stays ? entry.getKey() : before);
            if (stays && !entry.getKey().equals(headName)) {
                before = entry.getKey();
            }
        }
        return merged;
    }

    private List<Layer> describe(List<String> names) {
        Map<Integer, List<Node>> members = new TreeMap<>();
        for (Node node : graph.nodes()) {
            Integer order = orders.get(node);
            if (order != null) {
                members.computeIfAbsent(order, key -> new ArrayList<>()).add(node);
            }
        }
        Set<String> counted = new HashSet<>();
        List<Layer> described = new ArrayList<>();
        for (Map.Entry<Integer, List<Node>> entry : members.entrySet()) {
            List<Node> nodes = entry.getValue();
            long parameters = 0;
            long bytes = 0;
            for (Node node : nodes) {
                for (String weight : flow.weights(node)) {
                    if (counted.add(weight)) {
                        Initializer tensor = graph.initializer(weight);
                        parameters += tensor.size();
                        bytes += tensor.type().bytes(tensor.size());
                    }
                }
            }
            int order = entry.getKey();
            boolean isHead = head.filter(own -> nodes.contains(own.node())).isPresent();
            described.add(new Layer(
                    names.isEmpty() ? "part.0" : names.get(order),
                    described.size(),
                    nodes.get(0).name(),
                    nodes.get(nodes.size() - 1).name(),
                    parameters,
                    bytes,
                    ends(order),
                    isHead));
        }
        return List.copyOf(described);
    }

    /** The learned tensors that are made up to layer {@code order} and read behind it, or are outputs of the graph. */
    private List<String> ends(int order) {
        Set<String> before = new HashSet<>();
        Set<String> crossing = new LinkedHashSet<>();
        boolean last = orders.values().stream().noneMatch(other -> other > order);
        for (Node node : graph.nodes()) {
            Integer own = orders.get(node);
            if (own != null && own <= order) {
                node.outputs().stream().filter(flow::carries).forEach(before::add);
            } else if (own != null) {
                node.inputs().stream().filter(before::contains).forEach(crossing::add);
            }
        }
        if (last) {
            graph.outputs().forEach(output -> crossing.add(output.name()));
        }
        return List.copyOf(crossing);
    }

    /** All of them in order, the model's own head included. */
    public List<Layer> all() {
        return layers;
    }

    /**
     * Those that {@code last:K} counts: all up to the {@linkplain #hidden last hidden output}, so neither the model's own
     * head nor a pooler beside it.
     */
    public List<Layer> body() {
        return body(hidden());
    }

    /** All up to the one that makes {@code top}, but for the model's own head. */
    private List<Layer> body(String top) {
        int end = graph.nodes().stream()
                .filter(node -> node.outputs().contains(top))
                .mapToInt(node -> orders.getOrDefault(node, -1))
                .findFirst()
                .orElse(-1);
        int count = (int) orders.values().stream()
                .distinct()
                .filter(number -> number <= end)
                .count();
        return layers.subList(0, count).stream()
                .filter(layer -> !layer.isHead())
                .toList();
    }

    /**
     * The last hidden output: what the model's own head reads, or the first output of a model that has none. A new head
     * stands on it.
     */
    public String hidden() {
        return head.map(OwnHead::hidden).orElse(graph.outputs().get(0).name());
    }

    /**
     * The layer of each weight: the first one that reads it, or the last one.
     *
     * @param last whether it is the last one, as for the copy of a weight that both sides of a cut read
     */
    Map<String, Layer> ofWeights(boolean last) {
        List<Integer> numbers = orders.values().stream().distinct().sorted().toList();
        Map<String, Layer> found = new HashMap<>();
        for (Node node : graph.nodes()) {
            Integer number = orders.get(node);
            if (number != null) {
                Layer layer = layers.get(numbers.indexOf(number));
                for (String weight : flow.weights(node)) {
                    Layer other = found.getOrDefault(weight, layer);
                    found.put(weight, layer.order() > other.order() == last ? layer : other);
                }
            }
        }
        return found;
    }

    /**
     * The cut that a user means: {@code head} at the last hidden output, so that only the head trains; {@code last:K}
     * before the K-th layer from the end, the model's own head not counted; {@code all} at the inputs; else the name of a
     * tensor or input.
     *
     * @throws GraphException if there is no such tensor or there are fewer than K layers; the message names those there
     *     are
     */
    public Cut cut(String words) {
        return cut(words, hidden());
    }

    /** As {@link #cut(String)} for a backbone whose head stands on {@code top}: what follows from there is left out. */
    Cut cut(String words, String top) {
        if (words.equals("head")) {
            return Cut.at(top);
        }
        if (words.equals("all")) {
            return inputs();
        }
        List<Layer> body = body(top);
        Matcher last = LAST.matcher(words);
        if (last.matches()) {
            return last(Integer.parseInt(last.group(1)), body);
        }
        Set<String> tensors = tensors();
        if (tensors.contains(words)) {
            return Cut.at(words);
        }
        for (Layer layer : layers) {
            if (layer.name().equals(words)) {
                throw new GraphException("the cut '" + words + "' is a layer; the tensor at its end is "
                        + Names.quoted(layer.outputs()));
            }
        }
        throw new GraphException("the backbone has no tensor '" + words + "' to cut at; the nearest are "
                + Names.nearest(words, tensors) + "; 'head', 'all' and 'last:K' with K from 1 to "
                + body.size() + " are cuts too");
    }

    /** Names of all that a graph can be cut at: its inputs and what its nodes make. */
    private Set<String> tensors() {
        Set<String> tensors = new LinkedHashSet<>();
        graph.inputs().forEach(input -> tensors.add(input.name()));
        graph.nodes().forEach(node -> tensors.addAll(node.outputs()));
        return tensors;
    }

    private Cut inputs() {
        return new Cut(graph.inputs().stream().map(TensorSpec::name).toList());
    }

    private Cut last(int count, List<Layer> body) {
        if (count < 1 || count > body.size()) {
            List<String> names = body.stream().map(Layer::name).toList();
            throw new GraphException("the cut 'last:" + count + "' does not exist: the backbone has " + body.size()
                    + " layers (" + Names.some(names) + "), so K goes from 1 to " + body.size());
        }
        return count == body.size()
                ? inputs()
                : body.get(body.size() - count - 1).cutBehind();
    }
}
