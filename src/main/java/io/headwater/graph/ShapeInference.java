package io.headwater.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Element types and shapes of a graph's tensors, as far as they can be told without running it. What the file states
 * is believed; the rest follows operator by operator, through the small integer tensors that carry shapes; a dynamic
 * dimension keeps its name. A tensor behind an operator that is not known here has no entry.
 */
final class ShapeInference {
    private static final Map<String, ShapeRule> RULES = rules();

    private final Map<String, TensorSpec> stated = new HashMap<>();
    private final Map<String, TensorSpec> known = new LinkedHashMap<>();
    private final ShapeValues values;

    private ShapeInference(OnnxGraph graph) {
        graph.initializers().values().forEach(tensor -> known.put(tensor.name(), tensor.spec()));
        GraphProto proto = graph.model().getGraph();
        state(proto.getInputList());
        state(proto.getValueInfoList());
        state(proto.getOutputList());
        graph.inputs().stream()
                .filter(input -> stated.containsKey(input.name()))
                .forEach(input -> known.put(input.name(), input));
        this.values = new ShapeValues(graph, known);
    }

    private static Map<String, ShapeRule> rules() {
        Map<String, ShapeRule> rules = new HashMap<>();
        ElementwiseShapes.addTo(rules);
        MatrixShapes.addTo(rules);
        SpatialShapes.addTo(rules);
        LayoutShapes.addTo(rules);
        return Map.copyOf(rules);
    }

    static Map<String, TensorSpec> of(OnnxGraph graph) {
        ShapeInference inference = new ShapeInference(graph);
        graph.nodes().forEach(inference::follow);
        return inference.known;
    }

    private void state(List<ValueInfoProto> infos) {
        for (ValueInfoProto info : infos) {
            if (info.getType().hasTensorType()
                    && info.getType().getTensorType().hasShape()
                    && info.getType().getTensorType().getElemType() != 0) {
                stated.put(info.getName(), TensorSpec.read(info));
            }
        }
    }

    private void follow(Node node) {
        List<TensorSpec> found = infer(node);
        for (int i = 0; i < node.outputs().size(); i++) {
            String output = node.outputs().get(i);
            TensorSpec file = stated.get(output);
            TensorSpec inferred = i < found.size() ? found.get(i).named(output) : null;
            if (file != null) {
                known.put(output, inferred == null ? file : completed(file, inferred));
            } else if (inferred != null && !output.isEmpty()) {
                known.put(output, inferred);
            }
        }
        try {
            values.follow(node);
        } catch (IndexOutOfBoundsException | ArithmeticException malformed) {
            // The runtime will say what is wrong with the node; here its values are merely unknown.
        }
    }

    private List<TensorSpec> infer(Node node) {
        ShapeRule rule = GraphCheck.isStandard(node.domain()) ? RULES.get(node.op()) : null;
        if (rule == null) {
            return List.of();
        }
        try {
            return rule.apply(new ShapeCall(node, known, values));
        } catch (ShapeCall.UnknownInputException
                | IndexOutOfBoundsException
                | ArithmeticException
                | GraphException unknown) {
            return List.of();
        }
    }

    /** What the file states, with what it leaves open filled in; an inferred name is one of the inputs' own. */
    private static TensorSpec completed(TensorSpec file, TensorSpec inferred) {
        if (file.shape().size() != inferred.shape().size()) {
            return file;
        }
        List<Dim> shape = new ArrayList<>();
        for (int i = 0; i < file.shape().size(); i++) {
            Dim dim = file.shape().get(i);
            Dim found = inferred.shape().get(i);
            shape.add(dim.isFixed() || found.equals(Dim.UNKNOWN) ? dim : found);
        }
        return new TensorSpec(file.name(), file.type(), shape);
    }
}
