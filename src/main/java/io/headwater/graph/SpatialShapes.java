package io.headwater.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Shapes of convolutions, pools and what else works on images, {@code [batch, channels, rows, columns...]}. */
final class SpatialShapes {
    private SpatialShapes() {}

    static void addTo(Map<String, ShapeRule> rules) {
        rules.put("Conv", SpatialShapes::conv);
        rules.put("ConvTranspose", SpatialShapes::transposed);
        for (String op : List.of("MaxPool", "AveragePool", "LpPool")) {
            rules.put(op, SpatialShapes::pool);
        }
        for (String op : List.of("GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool")) {
            rules.put(
                    op,
                    call -> ShapeCall.one(
                            call.input(0),
                            join(call.shape(0).subList(0, 2), Collections.nCopies(call.rank(0) - 2, Dim.of(1)))));
        }
        rules.put("Resize", SpatialShapes::resize);
        rules.put("DepthToSpace", call -> blocks(call, true));
        rules.put("SpaceToDepth", call -> blocks(call, false));
    }

    private static List<Dim> join(List<Dim> front, List<Dim> back) {
        List<Dim> shape = new ArrayList<>(front);
        shape.addAll(back);
        return shape;
    }

    private static List<TensorSpec> conv(ShapeCall call) {
        List<Dim> weight = call.shape(1);
        long[] kernel =
                weight.subList(2, weight.size()).stream().mapToLong(Dim::size).toArray();
        return ShapeCall.one(call.input(0), join(List.of(call.shape(0).get(0), weight.get(0)), window(call, kernel)));
    }

    private static List<TensorSpec> pool(ShapeCall call) {
        List<Dim> shape =
                join(call.shape(0).subList(0, 2), window(call, call.node().integers("kernel_shape")));
        return List.of(new TensorSpec("", call.input(0).type(), shape), new TensorSpec("", ElementType.INT64, shape));
    }

    private static List<Dim> window(ShapeCall call, long[] kernel) {
        Node node = call.node();
        List<Dim> image = call.shape(0).subList(2, call.rank(0));
        long[] strides = or(node.integers("strides"), kernel.length, 1);
        long[] dilations = or(node.integers("dilations"), kernel.length, 1);
        long[] pads = or(node.integers("pads"), 2 * kernel.length, 0);
        String auto = node.text("auto_pad", "NOTSET");
        boolean up = node.integer("ceil_mode", 0) != 0;
        List<Dim> made = new ArrayList<>();
        for (int i = 0; i < kernel.length; i++) {
            Dim in = image.get(i);
            if (!in.isFixed() || kernel[i] < 0) {
                made.add(auto.startsWith("SAME") && strides[i] == 1 ? in : Dim.UNKNOWN);
                continue;
            }
            if (auto.startsWith("SAME")) {
                made.add(Dim.of((in.size() + strides[i] - 1) / strides[i]));
                continue;
            }
            long padding = auto.equals("VALID") ? 0 : pads[i] + pads[i + kernel.length];
            long room = in.size() + padding - dilations[i] * (kernel[i] - 1) - 1;
            long steps = up ? (room + strides[i] - 1) / strides[i] : room / strides[i];
            // A window that would begin in the padding behind the image is left out.
            boolean outside = up && steps * strides[i] >= in.size() + pads[i];
            made.add(Dim.of(steps + (outside ? 0 : 1)));
        }
        return made;
    }

    private static List<TensorSpec> transposed(ShapeCall call) {
        List<Dim> weight = call.shape(1);
        Dim perGroup = weight.get(1);
        Dim channels = perGroup.isFixed() ? Dim.of(perGroup.size() * call.node().integer("group", 1)) : Dim.UNKNOWN;
        return ShapeCall.one(
                call.input(0),
                join(List.of(call.shape(0).get(0), channels), Collections.nCopies(weight.size() - 2, Dim.UNKNOWN)));
    }

    private static List<TensorSpec> resize(ShapeCall call) {
        if (call.has(3) && call.values(3).size() == call.rank(0)) {
            return ShapeCall.one(
                    call.input(0), call.values(3).stream().map(ShapeValue::dim).toList());
        }
        List<Dim> shape = new ArrayList<>(Collections.nCopies(call.rank(0), Dim.UNKNOWN));
        shape.set(0, call.shape(0).get(0));
        shape.set(1, call.shape(0).get(1));
        return ShapeCall.one(call.input(0), shape);
    }

    private static List<TensorSpec> blocks(ShapeCall call, boolean toSpace) {
        long block = call.node().integer("blocksize", 1);
        List<Dim> shape = new ArrayList<>(call.shape(0));
        for (int i = 1; i < 4; i++) {
            Dim dim = shape.get(i);
            boolean grows = toSpace == i > 1;
            long factor = i == 1 ? block * block : block;
            shape.set(i, !dim.isFixed() ? Dim.UNKNOWN : Dim.of(grows ? dim.size() * factor : dim.size() / factor));
        }
        return ShapeCall.one(call.input(0), shape);
    }

    private static long[] or(long[] given, int length, long otherwise) {
        if (given.length > 0) {
            return given;
        }
        long[] filled = new long[length];
        Arrays.fill(filled, otherwise);
        return filled;
    }
}
