package io.headwater.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Shapes of operators that arrange elements anew: reshape, transpose, join, split, select, fill. */
final class LayoutShapes {
    private LayoutShapes() {}

    static void addTo(Map<String, ShapeRule> rules) {
        rules.put("Constant", LayoutShapes::constant);
        rules.put("ConstantOfShape", LayoutShapes::filled);
        rules.put("Shape", LayoutShapes::shape);
        rules.put("Size", call -> ShapeCall.one(ElementType.INT64, List.of()));
        rules.put("Range", call -> ShapeCall.one(call.input(0), List.of(range(call))));
        rules.put("Reshape", LayoutShapes::reshape);
        rules.put("Flatten", LayoutShapes::flatten);
        rules.put("Squeeze", LayoutShapes::squeeze);
        rules.put("Unsqueeze", LayoutShapes::unsqueeze);
        rules.put("Transpose", LayoutShapes::transpose);
        rules.put(
                "Expand",
                call -> ShapeCall.one(call.input(0), ShapeCall.broadcast(call.shape(0), dims(call.values(1)))));
        rules.put("Tile", LayoutShapes::tile);
        rules.put("Pad", LayoutShapes::pad);
        rules.put("Concat", LayoutShapes::concat);
        rules.put("Split", LayoutShapes::split);
        SelectionShapes.addTo(rules);
    }

    private static List<Dim> dims(List<ShapeValue> values) {
        return values.stream().map(ShapeValue::dim).toList();
    }

    private static List<TensorSpec> constant(ShapeCall call) {
        Node node = call.node();
        Initializer value = node.tensor("value");
        if (value != null) {
            return List.of(value.spec());
        }
        boolean real = node.has("value_float") || node.has("value_floats");
        boolean list = node.has("value_floats") || node.has("value_ints");
        boolean known = real || list || node.has("value_int");
        int length = node.reals("value_floats").length + node.integers("value_ints").length;
        return known
                ? ShapeCall.one(
                        real ? ElementType.FLOAT : ElementType.INT64, list ? List.of(Dim.of(length)) : List.of())
                : List.of();
    }

    private static List<TensorSpec> filled(ShapeCall call) {
        Initializer value = call.node().tensor("value");
        return ShapeCall.one(value == null ? ElementType.FLOAT : value.type(), dims(call.values(0)));
    }

    private static List<TensorSpec> shape(ShapeCall call) {
        int rank = call.rank(0);
        int from = ShapeCall.axisOf(call.node().integer("start", 0), rank);
        int to = ShapeCall.axisOf(Math.min(rank, call.node().integer("end", rank)), rank);
        return ShapeCall.one(ElementType.INT64, List.of(Dim.of(Math.max(0, to - from))));
    }

    private static Dim range(ShapeCall call) {
        if (call.input(0).type() != ElementType.INT64) {
            return Dim.UNKNOWN;
        }
        ShapeValue start = call.values(0).get(0);
        ShapeValue limit = call.values(1).get(0);
        ShapeValue step = call.values(2).get(0);
        return step.is(1) ? ShapeValue.calculate("Sub", limit, start).dim() : Dim.UNKNOWN;
    }

    private static List<TensorSpec> reshape(ShapeCall call) {
        List<ShapeValue> target = call.values(1);
        boolean copiesZero = call.node().integer("allowzero", 0) == 0;
        List<Dim> left = new ArrayList<>(call.shape(0));
        Dim[] shape = new Dim[target.size()];
        long fixed = 1;
        int open = -1;
        for (int i = 0; i < shape.length; i++) {
            ShapeValue wanted = target.get(i);
            if (wanted.is(-1)) {
                open = i;
                continue;
            }
            shape[i] = wanted.is(0) && copiesZero ? call.shape(0).get(i) : wanted.dim();
            if (shape[i].isFixed()) {
                fixed *= shape[i].size();
            } else if (!left.remove(shape[i]) || shape[i].name().isEmpty()) {
                // Of what is not named, nothing can be cancelled.
                left.add(Dim.UNKNOWN);
                left.add(Dim.UNKNOWN);
            }
        }
        if (open >= 0) {
            shape[open] = quotient(left, fixed);
        }
        return ShapeCall.one(call.input(0), Arrays.asList(shape));
    }

    /** What remains of {@code dims} after {@code fixed} elements are taken. */
    private static Dim quotient(List<Dim> dims, long fixed) {
        Dim all = ShapeCall.product(dims);
        if (all.isFixed()) {
            return fixed == 0 ? Dim.UNKNOWN : Dim.of(all.size() / fixed);
        }
        Dim sizes = ShapeCall.product(dims.stream().filter(Dim::isFixed).toList());
        Dim names =
                ShapeCall.product(dims.stream().filter(dim -> !dim.isFixed()).toList());
        return sizes.size() == fixed ? names : Dim.UNKNOWN;
    }

    private static List<TensorSpec> flatten(ShapeCall call) {
        List<Dim> shape = call.shape(0);
        int axis = call.axis(1, shape.size());
        return ShapeCall.one(
                call.input(0),
                List.of(
                        ShapeCall.product(shape.subList(0, axis)),
                        ShapeCall.product(shape.subList(axis, shape.size()))));
    }

    private static List<TensorSpec> squeeze(ShapeCall call) {
        long[] axes = call.setting("axes", 1);
        List<Dim> shape = new ArrayList<>(call.shape(0));
        if (axes.length == 0) {
            if (!shape.stream().allMatch(Dim::isFixed)) {
                return List.of();
            }
            shape.removeIf(dim -> dim.size() == 1);
        }
        int[] sorted = ShapeCall.axesOf(axes, shape.size());
        for (int i = sorted.length - 1; i >= 0; i--) {
            shape.remove(sorted[i]);
        }
        return ShapeCall.one(call.input(0), shape);
    }

    private static List<TensorSpec> unsqueeze(ShapeCall call) {
        long[] axes = call.setting("axes", 1);
        List<Dim> shape = new ArrayList<>(call.shape(0));
        for (int axis : ShapeCall.axesOf(axes, shape.size() + axes.length)) {
            shape.add(axis, Dim.of(1));
        }
        return ShapeCall.one(call.input(0), shape);
    }

    private static List<TensorSpec> transpose(ShapeCall call) {
        long[] order = call.node().integers("perm");
        List<Dim> shape = new ArrayList<>();
        int rank = call.rank(0);
        for (int i = 0; i < rank; i++) {
            shape.add(call.shape(0).get(order.length == 0 ? rank - 1 - i : Math.toIntExact(order[i])));
        }
        return ShapeCall.one(call.input(0), shape);
    }

    private static List<TensorSpec> tile(ShapeCall call) {
        List<Dim> shape = new ArrayList<>();
        for (int i = 0; i < call.rank(0); i++) {
            ShapeValue size = ShapeValue.of(call.shape(0).get(i));
            shape.add(ShapeValue.calculate("Mul", size, call.values(1).get(i)).dim());
        }
        return ShapeCall.one(call.input(0), shape);
    }

    private static List<TensorSpec> pad(ShapeCall call) {
        if (call.has(3)) {
            return List.of();
        }
        long[] pads = call.setting("pads", 1);
        List<Dim> shape = new ArrayList<>();
        int rank = call.rank(0);
        for (int i = 0; i < rank; i++) {
            ShapeValue size = ShapeValue.of(call.shape(0).get(i));
            shape.add(ShapeValue.calculate("Add", size, ShapeValue.of(pads[i] + pads[i + rank]))
                    .dim());
        }
        return ShapeCall.one(call.input(0), shape);
    }

    private static List<TensorSpec> concat(ShapeCall call) {
        int axis = call.axis(0, call.rank(0));
        ShapeValue total = ShapeValue.of(0);
        for (int i = 0; i < call.node().inputs().size(); i++) {
            total = ShapeValue.calculate(
                    "Add", total, ShapeValue.of(call.shape(i).get(axis)));
        }
        List<Dim> shape = new ArrayList<>(call.shape(0));
        shape.set(axis, total.dim());
        return ShapeCall.one(call.input(0), shape);
    }

    private static List<TensorSpec> split(ShapeCall call) {
        int axis = call.axis(0, call.rank(0));
        Dim whole = call.shape(0).get(axis);
        int parts = call.node().outputs().size();
        long[] sizes = call.setting("split", 1);
        List<TensorSpec> made = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            List<Dim> shape = new ArrayList<>(call.shape(0));
            // Parts of equal size are rounded up; the last one takes what is left.
            long even = (whole.size() + parts - 1) / parts;
            long size = sizes.length > 0 ? sizes[i] : Math.min(even, whole.size() - i * even);
            shape.set(axis, sizes.length > 0 || whole.isFixed() ? Dim.of(size) : Dim.UNKNOWN);
            made.add(new TensorSpec("", call.input(0).type(), shape));
        }
        return made;
    }
}
