package io.headwater.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What in a model keeps this program from working on it, although it is a whole graph: each kind with the names of what
 * was found, branches of control flow included.
 */
final class Refusals {
    private static final Set<String> CONTROL_FLOW = Set.of("If", "Loop", "Scan", "SequenceMap");
    private static final Set<String> QUANTIZED = Set.of(
            "QuantizeLinear",
            "DequantizeLinear",
            "DynamicQuantizeLinear",
            "QLinearConv",
            "QLinearMatMul",
            "MatMulInteger",
            "ConvInteger");

    private final SortedSet<String> foreign = new TreeSet<>();
    private final SortedSet<String> control = new TreeSet<>();
    private final SortedSet<String> quantized = new TreeSet<>();
    private final SortedSet<String> half = new TreeSet<>();
    private final SortedSet<String> external = new TreeSet<>();
    private final SortedSet<String> sparse = new TreeSet<>();

    private Refusals(ModelProto model) {
        graph(model.getGraph());
        model.getFunctionsList().forEach(function -> foreign.add(function.getDomain() + ":" + function.getName()));
    }

    static Refusals of(ModelProto model) {
        return new Refusals(model);
    }

    private void graph(GraphProto graph) {
        graph.getNodeList().forEach(this::node);
        graph.getInitializerList().forEach(tensor -> tensor(tensor, tensor.getName()));
        graph.getSparseInitializerList()
                .forEach(tensor -> sparse.add(tensor.getValues().getName()));
        graph.getInputList().forEach(this::value);
        graph.getOutputList().forEach(this::value);
        graph.getValueInfoList().forEach(this::value);
    }

    private void node(NodeProto node) {
        if (!GraphCheck.isStandard(node.getDomain())) {
            foreign.add(node.getDomain() + ":" + node.getOpType());
        } else if (CONTROL_FLOW.contains(node.getOpType()) || new Node(node).hasGraphs()) {
            control.add(node.getOpType());
        } else if (QUANTIZED.contains(node.getOpType())) {
            quantized.add(node.getOpType());
        }
        for (AttributeProto attribute : node.getAttributeList()) {
            if (attribute.hasG()) {
                graph(attribute.getG());
            }
            attribute.getGraphsList().forEach(this::graph);
            if (attribute.hasT()) {
                tensor(attribute.getT(), new Node(node).name());
            }
            attribute.getTensorsList().forEach(tensor -> tensor(tensor, new Node(node).name()));
        }
    }

    private void tensor(TensorProto tensor, String name) {
        if (Initializer.isExternal(tensor)) {
            external.add(name);
        }
        if (ElementType.of(tensor.getDataType(), name).isHalf()) {
            half.add(name);
        }
    }

    private void value(ValueInfoProto value) {
        int type = value.getType().getTensorType().getElemType();
        if (type != 0 && ElementType.of(type, value.getName()).isHalf()) {
            half.add(value.getName());
        }
    }

    /** Names of the operators that are no standard, float, straight-line ones. */
    SortedSet<String> operators() {
        SortedSet<String> all = new TreeSet<>(foreign);
        all.addAll(control);
        all.addAll(quantized);
        return all;
    }

    /** One phrase for each kind that was found, with its names; empty where nothing stands in the way. */
    List<String> phrases() {
        List<String> phrases = new ArrayList<>();
        phrase(phrases, "operators outside the ONNX standard", foreign);
        phrase(phrases, "control flow", control);
        phrase(phrases, "quantized operators", quantized);
        phrase(phrases, "tensors of half precision", half);
        phrase(phrases, "weights in external files", external);
        phrase(phrases, "sparse weights", sparse);
        return phrases;
    }

    private static void phrase(List<String> phrases, String what, SortedSet<String> names) {
        if (!names.isEmpty()) {
            phrases.add(what + " (" + Names.some(names) + ")");
        }
    }
}
