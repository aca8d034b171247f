package io.headwater.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Shapes of operators that pick elements: gather, slice, one-hot. */
final class SelectionShapes {
    private SelectionShapes() {}

    static void addTo(Map<String, ShapeRule> rules) {
        rules.put("Gather", SelectionShapes::gather);
        rules.put("GatherElements", call -> ShapeCall.one(call.input(0), call.shape(1)));
        rules.put("GatherND", SelectionShapes::gatherNd);
        rules.put("Slice", SelectionShapes::slice);
        rules.put("OneHot", SelectionShapes::oneHot);
        rules.put("NonZero", call -> ShapeCall.one(ElementType.INT64, List.of(Dim.of(call.rank(0)), Dim.UNKNOWN)));
    }

    private static List<TensorSpec> gather(ShapeCall call) {
        List<Dim> data = call.shape(0);
        int axis = call.axis(0, data.size());
        List<Dim> shape = new ArrayList<>(data.subList(0, axis));
        shape.addAll(call.shape(1));
        shape.addAll(data.subList(axis + 1, data.size()));
        return ShapeCall.one(call.input(0), shape);
    }

    private static List<TensorSpec> gatherNd(ShapeCall call) {
        List<Dim> indices = call.shape(1);
        Dim depth = indices.get(indices.size() - 1);
        int batch = (int) call.node().integer("batch_dims", 0);
        if (!depth.isFixed()) {
            return List.of();
        }
        List<Dim> shape = new ArrayList<>(indices.subList(0, indices.size() - 1));
        shape.addAll(call.shape(0).subList(batch + (int) depth.size(), call.rank(0)));
        return ShapeCall.one(call.input(0), shape);
    }

    private static List<TensorSpec> slice(ShapeCall call) {
        List<Dim> shape = new ArrayList<>(call.shape(0));
        List<ShapeValue> starts = call.values(1);
        List<ShapeValue> ends = call.values(2);
        long[] axes = call.setting("axes", 3);
        long[] steps = call.setting("steps", 4);
        for (int i = 0; i < starts.size(); i++) {
            int axis = axes.length == 0 ? i : ShapeCall.axisOf(axes[i], shape.size());
            shape.set(axis, cut(shape.get(axis), starts.get(i), ends.get(i), steps.length == 0 ? 1 : steps[i]));
        }
        return ShapeCall.one(call.input(0), shape);
    }

    private static Dim cut(Dim dim, ShapeValue start, ShapeValue end, long step) {
        boolean all = start.is(0) && end.known() && end.number() >= Integer.MAX_VALUE && step == 1;
        if (all) {
            return dim;
        }
        // Position tables are sliced to the length of the sequence, which they are at least as long as.
        if (start.is(0) && !end.name().isEmpty() && step == 1) {
            return end.dim();
        }
        if (!dim.isFixed() || !start.known() || !end.known() || step == 0) {
            return Dim.UNKNOWN;
        }
        long size = dim.size();
        long lowest = step > 0 ? 0 : -1;
        long highest = step > 0 ? size : size - 1;
        long from = clamp(start.number(), size, 0, highest);
        long to = clamp(end.number(), size, lowest, highest);
        long count = step > 0 ? (to - from + step - 1) / step : (from - to - step - 1) / -step;
        return Dim.of(Math.max(0, count));
    }

    private static long clamp(long index, long size, long lowest, long highest) {
        return Math.max(lowest, Math.min(highest, index < 0 ? index + size : index));
    }

    private static List<TensorSpec> oneHot(ShapeCall call) {
        List<Dim> shape = new ArrayList<>(call.shape(0));
        shape.add(call.axis(-1, shape.size() + 1), call.values(1).get(0).dim());
        return ShapeCall.one(call.input(2), shape);
    }
}
