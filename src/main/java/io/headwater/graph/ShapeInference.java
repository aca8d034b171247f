package io.headwater.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Element types and shapes of a graph's tensors, as far as they can be told without running it. What the file states
 * is believed; the rest follows operator by operator; a tensor behind an operator that is not known here has no entry.
 */
final class ShapeInference {
    private static final Set<String> SAME_AS_FIRST = Set.of(
            "Relu",
            "Tanh",
            "Sigmoid",
            "Clip",
            "Identity",
            "Neg",
            "Abs",
            "Exp",
            "Log",
            "Sqrt",
            "Erf",
            "Softmax",
            "Elu",
            "LeakyRelu",
            "Gelu",
            "LayerNormalization",
            "Dropout");
    private static final Set<String> BROADCAST = Set.of("Add", "Sub", "Mul", "Div", "Pow", "Min", "Max");

    private final OnnxGraph graph;
    private final Map<String, TensorSpec> known = new LinkedHashMap<>();

    private ShapeInference(OnnxGraph graph) {
        this.graph = graph;
    }

    static Map<String, TensorSpec> of(OnnxGraph graph) {
        ShapeInference inference = new ShapeInference(graph);
        graph.initializers().values().forEach(tensor -> inference.known.put(tensor.name(), tensor.spec()));
        graph.inputs().forEach(spec -> inference.known.put(spec.name(), spec));
        graph.model().getGraph().getValueInfoList().stream()
                .filter(info -> info.getType().hasTensorType()
                        && info.getType().getTensorType().hasShape())
                .map(TensorSpec::read)
                .forEach(spec -> inference.known.put(spec.name(), spec));
        for (Node node : graph.nodes()) {
            String output = node.outputs().get(0);
            if (!inference.known.containsKey(output)) {
                TensorSpec found = inference.infer(node);
                if (found != null) {
                    inference.known.put(output, found.named(output));
                }
            }
        }
        return inference.known;
    }

    private @Nullable TensorSpec infer(Node node) {
        String op = node.op();
        if (op.equals("Constant")) {
            Initializer value = node.tensor("value");
            return value == null ? null : value.spec();
        }
        TensorSpec first = known.get(node.input(0));
        if (first == null) {
            return null;
        }
        if (SAME_AS_FIRST.contains(op)) {
            return first;
        }
        TensorSpec second = known.get(node.input(1));
        if (BROADCAST.contains(op)) {
            return second == null ? null : with(first, broadcast(first.shape(), second.shape()));
        }
        return switch (op) {
            case "IsNaN", "Not" -> new TensorSpec("", ElementType.BOOL, first.shape());
            case "Equal", "Greater", "Less" ->
                second == null ? null : new TensorSpec("", ElementType.BOOL, broadcast(first.shape(), second.shape()));
            case "Cast" -> new TensorSpec("", ElementType.of((int) node.integer("to", 1), node.name()), first.shape());
            case "Where" -> where(first, second, known.get(node.input(2)));
            case "Gemm" -> second == null ? null : gemm(node, first, second);
            case "MatMul" -> second == null ? null : matMul(first, second);
            case "Gather" -> second == null ? null : gather(node, first, second);
            case "Flatten" -> flatten(node, first);
            case "Reshape" -> reshape(node, first);
            case "Squeeze" -> squeeze(node, first);
            case "Unsqueeze" -> unsqueeze(node, first);
            case "Concat" -> concat(node, first);
            default -> null;
        };
    }

    private static TensorSpec with(TensorSpec type, List<Dim> shape) {
        return new TensorSpec("", type.type(), shape);
    }

    private static List<Dim> broadcast(List<Dim> a, List<Dim> b) {
        int rank = Math.max(a.size(), b.size());
        List<Dim> shape = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            Dim left = i < rank - a.size() ? Dim.of(1) : a.get(i - rank + a.size());
            Dim right = i < rank - b.size() ? Dim.of(1) : b.get(i - rank + b.size());
            shape.add(wider(left, right));
        }
        return shape;
    }

    private static Dim wider(Dim a, Dim b) {
        if (a.equals(b) || b.size() == 1) {
            return a;
        }
        if (a.size() == 1) {
            return b;
        }
        // A dimension beside one that is fixed and not 1 can only be that or broadcast to it.
        return a.isFixed() ? a : b.isFixed() ? b : Dim.UNKNOWN;
    }

    private static @Nullable TensorSpec where(TensorSpec condition, @Nullable TensorSpec yes, @Nullable TensorSpec no) {
        return yes == null || no == null
                ? null
                : with(yes, broadcast(condition.shape(), broadcast(yes.shape(), no.shape())));
    }

    private static TensorSpec gemm(Node node, TensorSpec a, TensorSpec b) {
        Dim rows = a.shape().get(node.integer("transA", 0) == 0 ? 0 : 1);
        Dim columns = b.shape().get(node.integer("transB", 0) == 0 ? 1 : 0);
        return with(a, List.of(rows, columns));
    }

    private static @Nullable TensorSpec matMul(TensorSpec a, TensorSpec b) {
        int ranks = Math.min(a.shape().size(), b.shape().size());
        if (ranks < 2) {
            return null;
        }
        List<Dim> left = a.shape();
        List<Dim> right = b.shape();
        List<Dim> shape =
                new ArrayList<>(broadcast(left.subList(0, left.size() - 2), right.subList(0, right.size() - 2)));
        shape.add(left.get(left.size() - 2));
        shape.add(right.get(right.size() - 1));
        return with(a, shape);
    }

    private static TensorSpec gather(Node node, TensorSpec data, TensorSpec indices) {
        int axis = axis(node.integer("axis", 0), data.shape().size());
        List<Dim> shape = new ArrayList<>(data.shape().subList(0, axis));
        shape.addAll(indices.shape());
        shape.addAll(data.shape().subList(axis + 1, data.shape().size()));
        return with(data, shape);
    }

    private static TensorSpec flatten(Node node, TensorSpec data) {
        List<Dim> shape = data.shape();
        int axis = axis(node.integer("axis", 1), shape.size());
        return with(data, List.of(product(shape.subList(0, axis)), product(shape.subList(axis, shape.size()))));
    }

    private @Nullable TensorSpec reshape(Node node, TensorSpec data) {
        long[] target = constant(node.input(1));
        if (target == null || node.integer("allowzero", 0) != 0) {
            return null;
        }
        List<Dim> left = new ArrayList<>(data.shape());
        long fixed = 1;
        Dim[] shape = new Dim[target.length];
        int open = -1;
        for (int i = 0; i < target.length; i++) {
            if (target[i] == -1) {
                open = i;
            } else {
                shape[i] = target[i] == 0 ? data.shape().get(i) : Dim.of(target[i]);
                if (shape[i].isFixed()) {
                    fixed *= shape[i].size();
                } else {
                    left.remove(shape[i]);
                }
            }
        }
        if (open >= 0) {
            shape[open] = divide(product(left), left, fixed);
        }
        return with(data, Arrays.asList(shape));
    }

    /** What remains of {@code dims} after {@code fixed} elements are taken. */
    private static Dim divide(Dim product, List<Dim> dims, long fixed) {
        if (product.isFixed()) {
            return Dim.of(product.size() / fixed);
        }
        long known = 1;
        List<Dim> dynamic = new ArrayList<>();
        for (Dim dim : dims) {
            if (dim.isFixed()) {
                known *= dim.size();
            } else {
                dynamic.add(dim);
            }
        }
        return dynamic.size() == 1 && known == fixed ? dynamic.get(0) : Dim.UNKNOWN;
    }

    private static Dim product(List<Dim> dims) {
        long fixed = 1;
        Dim dynamic = null;
        for (Dim dim : dims) {
            if (dim.isFixed()) {
                fixed *= dim.size();
            } else if (dynamic == null) {
                dynamic = dim;
            } else {
                return Dim.UNKNOWN;
            }
        }
        return dynamic == null ? Dim.of(fixed) : fixed == 1 ? dynamic : Dim.UNKNOWN;
    }

    private @Nullable TensorSpec squeeze(Node node, TensorSpec data) {
        long[] axes = axes(node);
        if (axes == null) {
            return null;
        }
        List<Dim> shape = new ArrayList<>(data.shape());
        int[] sorted = sorted(axes, shape.size());
        for (int i = sorted.length - 1; i >= 0; i--) {
            shape.remove(sorted[i]);
        }
        return with(data, shape);
    }

    private @Nullable TensorSpec unsqueeze(Node node, TensorSpec data) {
        long[] axes = axes(node);
        if (axes == null) {
            return null;
        }
        List<Dim> shape = new ArrayList<>(data.shape());
        for (int axis : sorted(axes, shape.size() + axes.length)) {
            shape.add(axis, Dim.of(1));
        }
        return with(data, shape);
    }

    /** An attribute before opset 13, an input from then on. */
    private long @Nullable [] axes(Node node) {
        return node.has("axes") ? node.integers("axes") : constant(node.input(1));
    }

    private @Nullable TensorSpec concat(Node node, TensorSpec first) {
        int axis = axis(node.integer("axis", 0), first.shape().size());
        long total = 0;
        for (String input : node.inputs()) {
            TensorSpec part = known.get(input);
            if (part == null) {
                return null;
            }
            Dim dim = part.shape().get(axis);
            total = total < 0 || !dim.isFixed() ? -1 : total + dim.size();
        }
        List<Dim> shape = new ArrayList<>(first.shape());
        shape.set(axis, total < 0 ? Dim.UNKNOWN : Dim.of(total));
        return with(first, shape);
    }

    private long @Nullable [] constant(String tensor) {
        Initializer value = graph.initializers().get(tensor);
        return value == null ? null : value.longs();
    }

    private static int[] sorted(long[] axes, int rank) {
        return Arrays.stream(axes).mapToInt(axis -> axis(axis, rank)).sorted().toArray();
    }

    private static int axis(long axis, int rank) {
        return Math.toIntExact(axis < 0 ? axis + rank : axis);
    }
}
