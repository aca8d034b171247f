package io.headwater.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.HashSet;
import java.util.Set;

/** What a file must be to be a graph at all; every refusal names the cause. */
final class GraphCheck {
    private GraphCheck() {}

    static int opset(ModelProto model) {
        for (OperatorSetIdProto id : model.getOpsetImportList()) {
            if (isStandard(id.getDomain())) {
                return Math.toIntExact(id.getVersion());
            }
        }
        return 0;
    }

    static boolean isStandard(String domain) {
        return domain.isEmpty() || domain.equals("ai.onnx");
    }

    /** Refuses what is no model, or one of an opset that is not supported. */
    static void wellFormed(ModelProto model) {
        GraphProto graph = model.getGraph();
        if (!model.hasIrVersion() || graph.getNodeCount() == 0 || graph.getOutputCount() == 0) {
            throw new GraphException("not an ONNX model: it has no IR version, no nodes or no outputs");
        }
        int opset = opset(model);
        if (opset < OnnxGraph.MIN_OPSET || opset > OnnxGraph.MAX_OPSET) {
            throw new GraphException("the model uses " + (opset == 0 ? "no opset of the standard" : "opset " + opset)
                    + "; " + OnnxGraph.MIN_OPSET + " to " + OnnxGraph.MAX_OPSET + " are supported");
        }
        Set<String> names = new HashSet<>();
        for (TensorProto tensor : graph.getInitializerList()) {
            if (!names.add(tensor.getName())) {
                throw new GraphException("the initializer '" + tensor.getName() + "' is there twice");
            }
            new Initializer(tensor).checkLength();
        }
    }

    /** Refuses a graph that reads a tensor before it is made, or makes one twice. */
    static void connected(OnnxGraph graph) {
        Set<String> made = new HashSet<>(graph.initializers().keySet());
        graph.model()
                .getGraph()
                .getSparseInitializerList()
                .forEach(sparse -> made.add(sparse.getValues().getName()));
        graph.inputs().forEach(input -> made.add(input.name()));
        for (Node node : graph.nodes()) {
            for (String input : node.inputs()) {
                if (!input.isEmpty() && !made.contains(input)) {
                    throw new GraphException("node " + node + " reads '" + input + "', which nothing before it makes");
                }
            }
            for (String output : node.outputs()) {
                if (!output.isEmpty() && !made.add(output)) {
                    throw new GraphException("node " + node + " makes '" + output + "' a second time");
                }
            }
        }
        for (TensorSpec output : graph.outputs()) {
            if (!made.contains(output.name())) {
                throw new GraphException("no node makes the output '" + output.name() + "'");
            }
        }
    }
}
