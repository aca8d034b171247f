package io.headwater.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The contents of a graph's small integer tensors (shapes, axes, indices), as far as they can be told. */
final class ShapeValues {
    /** Longer tensors are data, not shapes. */
    private static final int MAX_LENGTH = 64;

    private final Map<String, TensorSpec> specs;
    private final Map<String, List<ShapeValue>> values = new HashMap<>();

    /** @param specs types and shapes by tensor, which the caller fills before it asks for a node's values */
    ShapeValues(OnnxGraph graph, Map<String, TensorSpec> specs) {
        this.specs = specs;
        graph.initializers().values().forEach(tensor -> put(tensor.name(), tensor));
    }

    private void put(String name, @Nullable Initializer tensor) {
        if (tensor != null && tensor.size() <= MAX_LENGTH && tensor.shape().length <= 1 && tensor.isInteger()) {
            values.put(
                    name,
                    Arrays.stream(tensor.integers()).mapToObj(ShapeValue::of).toList());
        }
    }

    /** The elements of a tensor of at most one dimension, or null where nothing is known of it. */
    @Nullable
    List<ShapeValue> of(String tensor) {
        return values.get(tensor);
    }

    /** The elements if each is a number, else null. */
    long @Nullable [] numbers(String tensor) {
        List<ShapeValue> found = values.get(tensor);
        return found == null || !found.stream().allMatch(ShapeValue::known)
                ? null
                : found.stream().mapToLong(ShapeValue::number).toArray();
    }

    /** Works out what {@code node} makes, if it works on shapes. */
    void follow(Node node) {
        String output = node.outputs().get(0);
        if (node.op().equals("Constant")) {
            constant(node, output);
            return;
        }
        List<ShapeValue> made = make(node);
        if (made != null && made.size() <= MAX_LENGTH) {
            values.put(output, made);
        }
    }

    private void constant(Node node, String output) {
        put(output, node.tensor("value"));
        if (node.has("value_int")) {
            values.put(output, List.of(ShapeValue.of(node.integer("value_int", 0))));
        } else if (node.has("value_ints")) {
            values.put(
                    output,
                    Arrays.stream(node.integers("value_ints"))
                            .mapToObj(ShapeValue::of)
                            .toList());
        }
    }

    private @Nullable List<ShapeValue> make(Node node) {
        return switch (node.op()) {
            case "Shape" -> shape(node);
            case "Cast" -> node.integer("to", 0) == ElementType.INT64.onnx() ? values.get(node.input(0)) : null;
            case "Identity", "Squeeze", "Unsqueeze" -> values.get(node.input(0));
            case "Reshape" -> values.get(node.input(0));
            case "Gather" -> gather(node);
            case "Slice" -> slice(node);
            case "Concat" -> concat(node);
            case "ConstantOfShape" -> filled(node);
            case "Where" -> where(node);
            case "ReduceProd" -> product(values.get(node.input(0)));
            case "Add", "Sub", "Mul", "Div", "Min", "Max", "Equal" ->
                node.inputs().size() == 2 ? pairwise(node) : null;
            default -> null;
        };
    }

    private @Nullable List<ShapeValue> shape(Node node) {
        TensorSpec of = specs.get(node.input(0));
        if (of == null) {
            return null;
        }
        List<ShapeValue> dims = of.shape().stream().map(ShapeValue::of).toList();
        int from = bound(node.integer("start", 0), dims.size());
        int to = bound(node.integer("end", dims.size()), dims.size());
        return from > to ? List.of() : dims.subList(from, to);
    }

    private static int bound(long index, int length) {
        return (int) Math.max(0, Math.min(length, index < 0 ? index + length : index));
    }

    private @Nullable List<ShapeValue> gather(Node node) {
        List<ShapeValue> data = values.get(node.input(0));
        long[] indices = numbers(node.input(1));
        if (data == null || indices == null) {
            return null;
        }
        List<ShapeValue> made = new ArrayList<>();
        for (long index : indices) {
            made.add(data.get(Math.toIntExact(index < 0 ? index + data.size() : index)));
        }
        return made;
    }

    private @Nullable List<ShapeValue> slice(Node node) {
        List<ShapeValue> data = values.get(node.input(0));
        long[] starts = numbers(node.input(1));
        long[] ends = numbers(node.input(2));
        long[] steps = node.input(4).isEmpty() ? new long[] {1} : numbers(node.input(4));
        if (data == null || starts == null || ends == null || steps == null || steps[0] != 1) {
            return null;
        }
        int from = bound(starts[0], data.size());
        int to = bound(ends[0], data.size());
        return from > to ? List.of() : data.subList(from, to);
    }

    private @Nullable List<ShapeValue> concat(Node node) {
        List<ShapeValue> all = new ArrayList<>();
        for (String input : node.inputs()) {
            List<ShapeValue> part = values.get(input);
            if (part == null) {
                return null;
            }
            all.addAll(part);
        }
        return all;
    }

    private @Nullable List<ShapeValue> filled(Node node) {
        long[] length = numbers(node.input(0));
        Initializer value = node.tensor("value");
        if (length == null || length.length > 1 || value == null || !value.isInteger()) {
            return null;
        }
        int count = length.length == 0 ? 1 : Math.toIntExact(Math.min(length[0], MAX_LENGTH + 1));
        return Collections.nCopies(count, ShapeValue.of(value.integers()[0]));
    }

    private @Nullable List<ShapeValue> where(Node node) {
        List<ShapeValue> condition = values.get(node.input(0));
        List<ShapeValue> yes = values.get(node.input(1));
        List<ShapeValue> no = values.get(node.input(2));
        if (condition == null || yes == null || no == null) {
            return null;
        }
        int length = Math.max(condition.size(), Math.max(yes.size(), no.size()));
        List<ShapeValue> made = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            ShapeValue test = at(condition, i);
            made.add(!test.known() ? ShapeValue.UNKNOWN : test.is(0) ? at(no, i) : at(yes, i));
        }
        return made;
    }

    private @Nullable List<ShapeValue> pairwise(Node node) {
        List<ShapeValue> a = values.get(node.input(0));
        List<ShapeValue> b = values.get(node.input(1));
        if (a == null || b == null) {
            return null;
        }
        List<ShapeValue> made = new ArrayList<>();
        for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
            made.add(ShapeValue.calculate(node.op(), at(a, i), at(b, i)));
        }
        return made;
    }

    private static @Nullable List<ShapeValue> product(@Nullable List<ShapeValue> factors) {
        if (factors == null) {
            return null;
        }
        ShapeValue product = ShapeValue.of(1);
        for (ShapeValue factor : factors) {
            product = ShapeValue.calculate("Mul", product, factor);
        }
        return List.of(product);
    }

    /** One element stands for every position. */
    private static ShapeValue at(List<ShapeValue> list, int index) {
        return list.size() == 1 ? list.get(0) : list.get(index);
    }
}
