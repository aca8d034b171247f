package io.headwater.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Shapes of matrix products and of reductions. */
final class MatrixShapes {
    private MatrixShapes() {}

    static void addTo(Map<String, ShapeRule> rules) {
        rules.put("Gemm", MatrixShapes::gemm);
        rules.put("MatMul", MatrixShapes::matMul);
        rules.put("Einsum", MatrixShapes::einsum);
        for (String op : "Sum Mean Max Min Prod L1 L2 LogSum LogSumExp SumSquare".split(" ")) {
            rules.put("Reduce" + op, MatrixShapes::reduce);
        }
        for (String op : List.of("ArgMax", "ArgMin")) {
            rules.put(
                    op,
                    call -> ShapeCall.one(ElementType.INT64, reduced(call, new int[] {call.axis(0, call.rank(0))})));
        }
        rules.put("TopK", MatrixShapes::topK);
    }

    private static List<TensorSpec> gemm(ShapeCall call) {
        Dim rows = call.shape(0).get(call.node().integer("transA", 0) == 0 ? 0 : 1);
        Dim columns = call.shape(1).get(call.node().integer("transB", 0) == 0 ? 1 : 0);
        return ShapeCall.one(call.input(0), List.of(rows, columns));
    }

    private static List<TensorSpec> matMul(ShapeCall call) {
        List<Dim> left = call.shape(0);
        List<Dim> right = call.shape(1);
        List<Dim> shape = new ArrayList<>(ShapeCall.broadcast(
                left.subList(0, Math.max(0, left.size() - 2)), right.subList(0, Math.max(0, right.size() - 2))));
        if (left.size() > 1) {
            shape.add(left.get(left.size() - 2));
        }
        if (right.size() > 1) {
            shape.add(right.get(right.size() - 1));
        }
        return ShapeCall.one(call.input(0), shape);
    }

    /** Letters only; an ellipsis is not followed. */
    private static List<TensorSpec> einsum(ShapeCall call) {
        String[] sides = call.node().text("equation", "").replace(" ", "").split("->", -1);
        if (sides.length != 2 || sides[0].contains(".")) {
            return List.of();
        }
        Map<Character, Dim> dims = new HashMap<>();
        String[] terms = sides[0].split(",", -1);
        for (int i = 0; i < terms.length; i++) {
            for (int j = 0; j < terms[i].length(); j++) {
                dims.put(terms[i].charAt(j), call.shape(i).get(j));
            }
        }
        List<Dim> shape = new ArrayList<>();
        for (char letter : sides[1].toCharArray()) {
            shape.add(dims.getOrDefault(letter, Dim.UNKNOWN));
        }
        return ShapeCall.one(call.input(0), shape);
    }

    private static List<TensorSpec> reduce(ShapeCall call) {
        long[] axes = call.setting("axes", 1);
        if (axes.length == 0 && call.node().integer("noop_with_empty_axes", 0) != 0) {
            return List.of(call.input(0));
        }
        int rank = call.rank(0);
        int[] all = new int[rank];
        for (int i = 0; i < rank; i++) {
            all[i] = i;
        }
        return ShapeCall.one(call.input(0), reduced(call, axes.length == 0 ? all : ShapeCall.axesOf(axes, rank)));
    }

    private static List<Dim> reduced(ShapeCall call, int[] axes) {
        boolean keep = call.node().integer("keepdims", 1) != 0;
        List<Dim> shape = new ArrayList<>(call.shape(0));
        for (int i = axes.length - 1; i >= 0; i--) {
            if (keep) {
                shape.set(axes[i], Dim.of(1));
            } else {
                shape.remove(axes[i]);
            }
        }
        return shape;
    }

    private static List<TensorSpec> topK(ShapeCall call) {
        List<Dim> shape = new ArrayList<>(call.shape(0));
        shape.set(call.axis(-1, shape.size()), call.values(1).get(0).dim());
        return List.of(new TensorSpec("", call.input(0).type(), shape), new TensorSpec("", ElementType.INT64, shape));
    }
}
