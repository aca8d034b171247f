package io.headwater.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.HashSet;
import java.util.Set;

/** Joins a head to the part of a backbone that it needs. */
final class Joint {
    private Joint() {}

    /**
     * The nodes of {@code backbone} that the head's inputs follow from, then the head's. Its outputs are the head's.
     *
     * @param head reads tensors of the backbone by name; what it makes itself may have the names of what is left out
     */
    static OnnxGraph of(OnnxGraph backbone, GraphProto head) {
        Set<String> read = new HashSet<>();
        head.getNodeList().forEach(node -> read.addAll(node.getInputList()));
        head.getNodeList().forEach(node -> node.getOutputList().forEach(read::remove));
        head.getInitializerList().forEach(tensor -> read.remove(tensor.getName()));
        Set<Node> needed = new HashSet<>();
        for (int i = backbone.nodes().size() - 1; i >= 0; i--) {
            Node node = backbone.nodes().get(i);
            if (node.outputs().stream().anyMatch(read::contains)) {
                needed.add(node);
                read.addAll(node.inputs());
            }
        }
        GraphProto source = backbone.model().getGraph();
        GraphProto.Builder out =
                source.toBuilder().clearNode().clearInitializer().clearInput().clearOutput();
        backbone.nodes().stream().filter(needed::contains).forEach(node -> out.addNode(node.proto()));
        for (TensorProto tensor : source.getInitializerList()) {
            if (read.contains(tensor.getName())) {
                out.addInitializer(tensor);
            }
        }
        source.getInputList().stream()
                .filter(input -> read.contains(input.getName()))
                .forEach(out::addInput);
        out.addAllNode(head.getNodeList());
        out.addAllInitializer(head.getInitializerList());
        out.addAllOutput(head.getOutputList());
        return OnnxGraph.of(backbone.model().toBuilder().setGraph(out).build());
    }
}
