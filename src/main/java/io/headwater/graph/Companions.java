package io.headwater.graph;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The nodes left of a cut that the suffix takes a copy of, instead of being handed what they make: constants; what is
 * computed from the shape of a tensor that crosses anyway or of an input of the graph; and what plain arithmetic makes
 * of an input of integers, such as an attention mask in the form that the layers read.
 *
 * @param nodes those that are copied
 * @param frozen those of them that work on weights which belong to the left side: the copy must not train
 * @param shapes what the copy of a node that asks for a shape reads instead: a tensor of the same shape that is at hand
 * @param frontier what crosses nevertheless: the tensors of the cut, inputs of integers and all else that depends on
 *     values of the input
 */
record Companions(Set<Node> nodes, Set<Node> frozen, Map<Node, String> shapes, Set<String> frontier) {
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

    static Companions of(
            OnnxGraph graph,
            Map<String, Node> makers,
            Map<String, TensorSpec> types,
            Collection<String> cut,
            Set<String> frontier) {
        return new Search(graph, makers, types, cut).run(frontier);
    }

    /** What has to be copied to have a tensor, and what has to cross for that. */
    private record Recipe(Set<Node> nodes, Map<Node, String> shapes, Set<String> sources) {
        Recipe() {
            this(new HashSet<>(), new HashMap<>(), new LinkedHashSet<>());
        }
    }

    private static final class Search {
        private final OnnxGraph graph;
        private final Map<String, Node> makers;
        private final Map<String, TensorSpec> types;
        private final Collection<String> cut;
        private final Set<String> inputs = new LinkedHashSet<>();
        private final Set<String> integers = new HashSet<>();
        private final Set<String> data = new HashSet<>();
        private final Set<String> crossing = new LinkedHashSet<>();
        private final Set<Node> copied = new HashSet<>();
        private final Set<Node> frozen = new HashSet<>();
        private final Map<Node, String> shapes = new HashMap<>();

        Search(OnnxGraph graph, Map<String, Node> makers, Map<String, TensorSpec> types, Collection<String> cut) {
            this.graph = graph;
            this.makers = makers;
            this.types = types;
            this.cut = cut;
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

        Companions run(Set<String> frontier) {
            frontier.stream().filter(cut::contains).forEach(crossing::add);
            for (String tensor : frontier) {
                if (data.contains(tensor) && !crossing.contains(tensor)) {
                    Recipe recipe = new Recipe();
                    if (plain(tensor, recipe)) {
                        take(recipe);
                    } else {
                        crossing.add(tensor);
                    }
                }
            }
            Set<Node> left = back(crossing);
            for (String tensor : frontier) {
                if (!data.contains(tensor) && !crossing.contains(tensor)) {
                    Recipe recipe = new Recipe();
                    if (constant(tensor, recipe)) {
                        take(recipe);
                        boolean ofShapes = recipe.nodes().stream().anyMatch(Search::ofShape);
                        recipe.nodes().stream()
                                .filter(node -> readsWeight(node) && (ofShapes || left.contains(node)))
                                .forEach(frozen::add);
                    } else {
                        crossing.add(tensor);
                        left.addAll(back(Set.of(tensor)));
                    }
                }
            }
            return new Companions(copied, frozen, shapes, crossing);
        }

        private void take(Recipe recipe) {
            copied.addAll(recipe.nodes());
            shapes.putAll(recipe.shapes());
            crossing.addAll(recipe.sources());
        }

        /** Whether {@code tensor} depends on nothing but constants and shapes that are at hand; if so, also how. */
        private boolean constant(String tensor, Recipe recipe) {
            Node maker = makers.get(tensor);
            if (maker == null || !recipe.nodes().add(maker)) {
                return true;
            }
            return ofShape(maker)
                    ? shape(maker, recipe)
                    : maker.inputs().stream().allMatch(input -> constant(input, recipe));
        }

        /** Whether {@code tensor} is plain arithmetic on inputs of integers; if so, also by which nodes from which. */
        private boolean plain(String tensor, Recipe recipe) {
            if (crossing.contains(tensor)) {
                return true;
            }
            Node maker = makers.get(tensor);
            if (maker == null) {
                if (integers.contains(tensor)) {
                    recipe.sources().add(tensor);
                }
                return !inputs.contains(tensor) || integers.contains(tensor);
            }
            if (!recipe.nodes().add(maker)) {
                return true;
            }
            if (ofShape(maker)) {
                return shape(maker, recipe);
            }
            boolean plain = !data.contains(tensor) || PLAIN.contains(maker.op());
            return plain && !readsWeight(maker) && maker.inputs().stream().allMatch(input -> plain(input, recipe));
        }

        /** Whether a tensor is at hand that has the shape which {@code node} asks for; if so, notes it. */
        private boolean shape(Node node, Recipe recipe) {
            String asked = node.input(0);
            if (graph.initializers().containsKey(asked)) {
                return true;
            }
            Optional<String> source = crossing.contains(asked) ? Optional.of(asked) : sameShape(asked, crossing);
            if (source.isEmpty()) {
                source = inputs.contains(asked) ? Optional.of(asked) : sameShape(asked, inputs);
            }
            source.ifPresent(tensor -> {
                recipe.sources().add(tensor);
                if (!tensor.equals(asked)) {
                    recipe.shapes().put(node, tensor);
                }
            });
            return source.isPresent();
        }

        /** One of {@code others} with the dimensions of {@code tensor}, all of them known by size or name. */
        private Optional<String> sameShape(String tensor, Set<String> others) {
            TensorSpec spec = types.get(tensor);
            if (spec == null || spec.shape().contains(Dim.UNKNOWN)) {
                return Optional.empty();
            }
            return others.stream()
                    .filter(other -> Optional.ofNullable(types.get(other))
                            .filter(found -> found.shape().equals(spec.shape()))
                            .isPresent())
                    .findFirst();
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
