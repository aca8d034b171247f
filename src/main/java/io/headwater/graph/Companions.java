package io.headwater.graph;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The nodes left of a cut that the suffix takes a copy of, instead of being handed what they make: constants; what is
 * computed from the shape of a tensor that crosses anyway or of an input of the graph; and what plain arithmetic makes
 * of an input of integers, such as an attention mask in the form that the layers read.
 *
 * @param nodes those that are copied
 * @param frozen those of them that work on weights which belong to the left side: the copy must not train
 * @param frontier what crosses nevertheless: the tensors of the cut, inputs of integers and all else that depends on
 *     values of the input
 */
record Companions(Set<Node> nodes, Set<Node> frozen, Set<String> frontier) {
    /*
     * A node that draws random numbers is never copied: it would draw others. A weight that makes something of a shape,
     * or that the left side needs too, is no part of what trains: a bias for each distance of two tokens, which all
     * layers read. It is copied and stays as it is.
     *
     * A mask as it came in is as small as a row gets, while a net has several forms of it, up to one number for each
     * pair of tokens. Plain are operators that cost next to nothing and that anything can run.
     */
    private static final Set<String> PLAIN = Set.of(
            ("Add And Cast Clip Concat Div Equal Expand Flatten Gather Greater GreaterOrEqual Identity Less LessOrEqual"
                            + " Max Min Mul Neg Not Or ReduceSum Reshape Slice Squeeze Sub Tile Transpose Unsqueeze Where")
                    .split(" "));

    static Companions of(OnnxGraph graph, Map<String, Node> makers, Collection<String> cut, Set<String> frontier) {
        return new Search(graph, makers).run(cut, frontier);
    }

    private static final class Search {
        private final OnnxGraph graph;
        private final Map<String, Node> makers;
        private final Set<String> inputs = new HashSet<>();
        private final Set<String> integers = new HashSet<>();
        private final Set<String> data = new HashSet<>();

        Search(OnnxGraph graph, Map<String, Node> makers) {
            this.graph = graph;
            this.makers = makers;
            for (TensorSpec input : graph.inputs()) {
                inputs.add(input.name());
                if (!input.type().isFloating()) {
                    integers.add(input.name());
                }
            }
            data.addAll(inputs);
            for (Node node : graph.nodes()) {
                boolean random = node.op().startsWith("Random")
                        || Set.of("Bernoulli", "Multinomial").contains(node.op());
                if (random || !ofShape(node) && node.inputs().stream().anyMatch(data::contains)) {
                    data.addAll(node.outputs());
                }
            }
        }

        private static boolean ofShape(Node node) {
            return node.op().equals("Shape") || node.op().equals("Size");
        }

        Companions run(Collection<String> cut, Set<String> frontier) {
            Set<String> crossing = new LinkedHashSet<>();
            Set<Node> copied = new HashSet<>();
            Set<Node> frozen = new HashSet<>();
            frontier.stream().filter(cut::contains).forEach(crossing::add);
            for (String tensor : frontier) {
                if (data.contains(tensor) && !crossing.contains(tensor)) {
                    Set<Node> nodes = new HashSet<>();
                    Set<String> sources = new LinkedHashSet<>();
                    if (collectPlain(tensor, crossing, nodes, sources)) {
                        copied.addAll(nodes);
                        crossing.addAll(sources);
                    } else {
                        crossing.add(tensor);
                    }
                }
            }
            Set<Node> left = back(crossing);
            for (String tensor : frontier) {
                if (!data.contains(tensor) && !crossing.contains(tensor)) {
                    Set<String> sources = new LinkedHashSet<>();
                    Set<Node> nodes = new HashSet<>();
                    collect(tensor, nodes, sources);
                    boolean shapesAtHand =
                            sources.stream().allMatch(source -> inputs.contains(source) || crossing.contains(source));
                    if (shapesAtHand) {
                        copied.addAll(nodes);
                        crossing.addAll(sources);
                        nodes.stream()
                                .filter(node -> readsWeight(node) && (!sources.isEmpty() || left.contains(node)))
                                .forEach(frozen::add);
                    } else {
                        crossing.add(tensor);
                        left.addAll(back(Set.of(tensor)));
                    }
                }
            }
            return new Companions(copied, frozen, crossing);
        }

        /** Whether {@code tensor} is plain arithmetic on inputs of integers; if so, also by which nodes from which. */
        private boolean collectPlain(String tensor, Set<String> crossing, Set<Node> nodes, Set<String> sources) {
            if (crossing.contains(tensor)) {
                return true;
            }
            Node maker = makers.get(tensor);
            if (maker == null) {
                if (integers.contains(tensor)) {
                    sources.add(tensor);
                }
                return !inputs.contains(tensor) || integers.contains(tensor);
            }
            if (!nodes.add(maker)) {
                return true;
            }
            if (ofShape(maker)) {
                String source = maker.input(0);
                sources.add(source);
                return inputs.contains(source) || crossing.contains(source);
            }
            boolean plain = !data.contains(tensor) || PLAIN.contains(maker.op());
            return plain
                    && !readsWeight(maker)
                    && maker.inputs().stream().allMatch(input -> collectPlain(input, crossing, nodes, sources));
        }

        /** The nodes behind {@code tensor} up to shapes, and the tensors whose shapes are asked. */
        private void collect(String tensor, Set<Node> nodes, Set<String> sources) {
            Node maker = makers.get(tensor);
            if (maker == null || !nodes.add(maker)) {
                return;
            }
            if (ofShape(maker)) {
                if (!graph.initializers().containsKey(maker.input(0))) {
                    sources.add(maker.input(0));
                }
            } else {
                maker.inputs().forEach(input -> collect(input, nodes, sources));
            }
        }

        private boolean readsWeight(Node node) {
            return node.inputs().stream()
                    .map(graph.initializers()::get)
                    .anyMatch(tensor -> tensor != null && tensor.isWeight());
        }

        private Set<Node> back(Collection<String> tensors) {
            Set<Node> found = new HashSet<>();
            ArrayDeque<String> open = new ArrayDeque<>(tensors);
            while (!open.isEmpty()) {
                Node maker = makers.get(open.remove());
                if (maker != null && found.add(maker)) {
                    open.addAll(maker.inputs());
                }
            }
            return found;
        }
    }
}
