package io.headwater.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One node as a {@link ShapeRule} sees it. */
final class ShapeCall {
    /** A rule asked for an input of which nothing is known. */
    static final class UnknownInputException extends RuntimeException {
        UnknownInputException() {
            super(null, null, false, false);
        }
    }

    private final Node node;
    private final Map<String, TensorSpec> specs;
    private final ShapeValues values;

    ShapeCall(Node node, Map<String, TensorSpec> specs, ShapeValues values) {
        this.node = node;
        this.specs = specs;
        this.values = values;
    }

    Node node() {
        return node;
    }

    boolean has(int index) {
        return !node.input(index).isEmpty();
    }

    /** Type and shape of input {@code index}; ends the rule where they are not known. */
    TensorSpec input(int index) {
        TensorSpec spec = specs.get(node.input(index));
        if (spec == null) {
            throw new UnknownInputException();
        }
        return spec;
    }

    List<Dim> shape(int index) {
        return input(index).shape();
    }

    int rank(int index) {
        return input(index).shape().size();
    }

    /** The elements of integer input {@code index}; ends the rule where nothing is known of them. */
    List<ShapeValue> values(int index) {
        List<ShapeValue> found = values.of(node.input(index));
        if (found == null) {
            throw new UnknownInputException();
        }
        return found;
    }

    /** The numbers of integer input {@code index}, or null where it is left out or not all are known. */
    long @Nullable [] numbers(int index) {
        return has(index) ? values.numbers(node.input(index)) : null;
    }

    /** An attribute before some opset, input {@code index} from then on; empty where neither is given. */
    long[] setting(String attribute, int index) {
        if (node.has(attribute)) {
            return node.integers(attribute);
        }
        if (!has(index)) {
            return new long[0];
        }
        long[] found = numbers(index);
        if (found == null) {
            throw new UnknownInputException();
        }
        return found;
    }

    /** The attribute {@code axis}, counted from the front. */
    int axis(long otherwise, int rank) {
        return axisOf(node.integer("axis", otherwise), rank);
    }

    static int axisOf(long axis, int rank) {
        int found = Math.toIntExact(axis < 0 ? axis + rank : axis);
        if (found < 0 || found > rank) {
            throw new IndexOutOfBoundsException(found);
        }
        return found;
    }

    static int[] axesOf(long[] axes, int rank) {
        return Arrays.stream(axes).mapToInt(axis -> axisOf(axis, rank)).sorted().toArray();
    }

    static List<TensorSpec> one(TensorSpec type, List<Dim> shape) {
        return one(type.type(), shape);
    }

    static List<TensorSpec> one(ElementType type, List<Dim> shape) {
        return List.of(new TensorSpec("", type, shape));
    }

    /** The shape that two shapes have together under ONNX's (and NumPy's) broadcasting. */
    static List<Dim> broadcast(List<Dim> a, List<Dim> b) {
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

    /** The product of dimensions; a single dynamic one keeps its name where all others are 1. */
    static Dim product(List<Dim> dims) {
        long fixed = 1;
        Dim dynamic = null;
        for (Dim dim : dims) {
            if (dim.isFixed()) {
                fixed = Math.multiplyExact(fixed, dim.size());
            } else if (dynamic == null) {
                dynamic = dim;
            } else {
                return Dim.UNKNOWN;
            }
        }
        return dynamic == null ? Dim.of(fixed) : fixed == 1 ? dynamic : Dim.UNKNOWN;
    }
}
