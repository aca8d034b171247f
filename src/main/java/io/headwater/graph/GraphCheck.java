package io.headwater.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** What a model must be before anything here works on it; every refusal names the cause. */
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

    private static boolean isStandard(String domain) {
        return domain.isEmpty() || domain.equals("ai.onnx");
    }

    /** Refuses what this program cannot treat as one self-contained graph. */
    static void wellFormed(ModelProto model) {
        GraphProto graph = model.getGraph();
        if (!model.hasIrVersion() || graph.getNodeCount() == 0 || graph.getOutputCount() == 0) {
            throw new GraphException("not an ONNX model: it has no IR version, no nodes or no outputs");
        }
        int opset = opset(model);
        if (opset < OnnxGraph.MIN_OPSET || opset > OnnxGraph.MAX_OPSET) {
            throw new GraphException("the model uses opset " + opset + "; " + OnnxGraph.MIN_OPSET + " to "
                    + OnnxGraph.MAX_OPSET + " are supported");
        }
        if (model.getFunctionsCount() > 0 || graph.getSparseInitializerCount() > 0) {
            throw new GraphException("models with functions or sparse initializers are not supported");
        }
        Set<String> foreign = new TreeSet<>();
        Set<String> control = new TreeSet<>();
        for (NodeProto node : graph.getNodeList()) {
            if (!isStandard(node.getDomain())) {
                foreign.add(node.getDomain() + ":" + node.getOpType());
            }
            if (new Node(node).isControlFlow()) {
                control.add(node.getOpType());
            }
        }
        refuse(foreign, "operators outside the ONNX standard");
        refuse(control, "control flow");
        Set<String> external = new TreeSet<>();
        for (TensorProto tensor : graph.getInitializerList()) {
            if (tensor.getExternalDataCount() > 0 || tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
                external.add(tensor.getName());
            }
        }
        refuse(external, "weights in external files");
    }

    private static void refuse(Set<String> found, String what) {
        if (!found.isEmpty()) {
            throw new GraphException(what + " are not supported: " + String.join(", ", found));
        }
    }

    /** Refuses a graph that reads a tensor before it is made, or makes one twice. */
    static void connected(OnnxGraph graph) {
        Set<String> made = new HashSet<>(graph.initializers().keySet());
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
