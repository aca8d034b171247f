package io.headwater.torch;

import io.headwater.graph.Dim;
import io.headwater.graph.ElementType;
import io.headwater.graph.GraphBuilder;
import io.headwater.graph.GraphBuilder.Attribute;
import io.headwater.graph.OnnxGraph;
import io.headwater.graph.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One-node graphs over every operator of the table, with random shapes, attributes and operands. */
final class OpCases {
    /** An operand: floats, or indices where {@code integers} is not null. */
    record Operand(long[] shape, float[] floats, long[] integers) {
        boolean isFloat() {
            return integers.length == 0;
        }
    }

    record Case(String name, OnnxGraph graph, Map<String, Operand> operands) {
        @Override
        public String toString() {
            return name;
        }
    }

    private final Random random;
    private final List<Case> cases = new ArrayList<>();

    private OpCases(long seed) {
        this.random = new Random(seed);
    }

    static List<Case> all(long seed) {
        OpCases all = new OpCases(seed);
        all.linear();
        all.arithmetic();
        all.activations();
        all.shapes();
        all.selections();
        return all.cases;
    }

    private int size() {
        return 1 + random.nextInt(5);
    }

    private void linear() {
        int n = size();
        int k = size();
        int m = size();
        add("Gemm fused", "Gemm", List.of(floats(n, k), floats(m, k), floats(m)), Attribute.of("transB", 1L));
        add("Gemm plain", "Gemm", List.of(floats(n, k), floats(k, m)));
        add(
                "Gemm all attributes",
                "Gemm",
                List.of(floats(k, n), floats(m, k), floats(n, 1)),
                Attribute.of("transA", 1L),
                Attribute.of("transB", 1L),
                Attribute.of("alpha", 0.5f),
                Attribute.of("beta", -1.5f));
        add("Gemm scalar bias", "Gemm", List.of(floats(n, k), floats(m, k), floats(1)), Attribute.of("transB", 1L));
        unusedBias(floats(n, k), floats(k, m), floats(m));
        add("MatMul", "MatMul", List.of(floats(n, k), floats(k, m)));
        add("MatMul batched", "MatMul", List.of(floats(3, 2, n, k), floats(2, k, m)));
    }

    private void unusedBias(Operand a, Operand b, Operand c) {
        GraphBuilder builder = new GraphBuilder("gemm");
        builder.input(spec("x0", a));
        builder.input(spec("x1", b));
        builder.floats("c", c.floats(), c.shape());
        Map<String, Operand> operands = Map.of("x0", a, "x1", b);
        finish(builder, "Gemm beta 0", "Gemm", List.of("x0", "x1", "c"), operands, Attribute.of("beta", 0f));
    }

    private void arithmetic() {
        int n = size();
        int m = size();
        for (String op : List.of("Add", "Sub", "Mul", "Div")) {
            add(op, op, List.of(floats(n, m), floats(n, m)));
            add(op + " broadcast", op, List.of(floats(n, m), floats(m)));
            add(op + " outer", op, List.of(floats(n, 1), floats(2, 1, m)));
        }
    }

    private void activations() {
        int n = size();
        for (String op : List.of("Relu", "Tanh", "Sigmoid")) {
            add(op, op, List.of(floats(n, 3)));
        }
        clip("both", 0.4f, -0.7f);
        clip("max only", 0.4f, Float.NaN);
        clip("min only", Float.NaN, -0.7f);
    }

    private void clip(String name, float max, float min) {
        GraphBuilder builder = new GraphBuilder("clip");
        Operand data = floats(size(), 4);
        builder.input(spec("x0", data));
        String low = Float.isNaN(min) ? "" : builder.floats("min", new float[] {min});
        String high = Float.isNaN(max) ? "" : builder.floats("max", new float[] {max});
        finish(builder, "Clip " + name, "Clip", List.of("x0", low, high), Map.of("x0", data));
    }

    private void shapes() {
        int n = size();
        int m = size();
        reshape(floats(n, m, 4), 0, -1);
        reshape(floats(n, m, 4), -1, 2, 2);
        reshape(floats(n, m), 1, 0, 1, -1);
        for (long axis : new long[] {0, 1, 2, 3, -1}) {
            add("Flatten " + axis, "Flatten", List.of(floats(n, m, 2)), Attribute.of("axis", axis));
        }
        add("Flatten default", "Flatten", List.of(floats(n, m, 2)));
        axes("Squeeze", floats(n + 1, 1, m, 1), 1, -1);
        axes("Squeeze", floats(n, 1), 1);
        axes("Unsqueeze", floats(n, m), 0, -1);
        axes("Unsqueeze", floats(n), 1);
        axesAttribute("Squeeze", floats(n, 1, m), 1);
        axesAttribute("Unsqueeze", floats(n, m), 0, 3);
        Operand bare = floats(2, 1, 3, 1);
        GraphBuilder builder = new GraphBuilder("squeeze");
        builder.input(spec("x0", bare));
        finish(builder, "Squeeze all", "Squeeze", List.of("x0"), Map.of("x0", bare));
    }

    private void reshape(Operand data, long... target) {
        GraphBuilder builder = new GraphBuilder("reshape");
        builder.input(spec("x0", data));
        String shape = builder.longs("shape", target, target.length);
        finish(builder, "Reshape " + Arrays.toString(target), "Reshape", List.of("x0", shape), Map.of("x0", data));
    }

    private void axes(String op, Operand data, long... axes) {
        GraphBuilder builder = new GraphBuilder(op);
        builder.input(spec("x0", data));
        String list = builder.longs("axes", axes, axes.length);
        finish(builder, op + " " + Arrays.toString(axes), op, List.of("x0", list), Map.of("x0", data));
    }

    /** The form of opset 11 and 12. */
    private void axesAttribute(String op, Operand data, long... axes) {
        GraphBuilder builder = new GraphBuilder(op, 11);
        builder.input(spec("x0", data));
        finish(
                builder,
                op + " opset 11 " + Arrays.toString(axes),
                op,
                List.of("x0"),
                Map.of("x0", data),
                Attribute.of("axes", axes));
    }

    private void selections() {
        int n = size();
        add("Concat last", "Concat", List.of(floats(n, 2), floats(n, 3), floats(n, 1)), Attribute.of("axis", -1L));
        add("Concat 0", "Concat", List.of(floats(2, n), floats(3, n)), Attribute.of("axis", 0L));
        add("Identity", "Identity", List.of(floats(n, 2)));
        add("Gather rows", "Gather", List.of(floats(7, 3), indices(7, n, 2)));
    }

    private void add(String name, String op, List<Operand> operands, Attribute... attributes) {
        GraphBuilder builder = new GraphBuilder(op);
        Map<String, Operand> named = new LinkedHashMap<>();
        for (int i = 0; i < operands.size(); i++) {
            builder.input(spec("x" + i, operands.get(i)));
            named.put("x" + i, operands.get(i));
        }
        finish(builder, name, op, List.copyOf(named.keySet()), named, attributes);
    }

    private void finish(
            GraphBuilder builder,
            String name,
            String op,
            List<String> inputs,
            Map<String, Operand> operands,
            Attribute... attributes) {
        builder.nodeTo("y", "/" + op, op, inputs, attributes);
        builder.output(TensorSpec.of("y", ElementType.FLOAT));
        cases.add(new Case(name, builder.build(), operands));
    }

    private static TensorSpec spec(String name, Operand operand) {
        List<Dim> shape = Arrays.stream(operand.shape()).mapToObj(Dim::of).toList();
        return new TensorSpec(name, operand.isFloat() ? ElementType.FLOAT : ElementType.INT64, shape);
    }

    /** Normal values, kept away from 0 and from the bounds of Clip, where the derivative jumps. */
    private Operand floats(long... shape) {
        int count = 1;
        for (long dim : shape) {
            count *= (int) dim;
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            do {
                values[i] = (float) random.nextGaussian();
            } while (near(values[i], 0) || near(values[i], 0.4f) || near(values[i], -0.7f));
        }
        return new Operand(shape, values, new long[0]);
    }

    private static boolean near(float value, float kink) {
        return Math.abs(value - kink) < 0.05f;
    }

    private Operand indices(int bound, long... shape) {
        int count = 1;
        for (long dim : shape) {
            count *= (int) dim;
        }
        return new Operand(shape, new float[0], random.longs(count, 0, bound).toArray());
    }
}
