package io.headwater.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The linear map from which a model's output follows without another weight or non-linear layer.
 *
 * @param node the Gemm or MatMul
 * @param hidden the tensor that it reads: the model's last hidden output
 */
record OwnHead(Node node, String hidden) {
    /** What may stand between a head and the output: biases, scores of a distribution, changes of shape. */
    private static final Set<String> PASSED = Set.of(
            "Add",
            "Softmax",
            "LogSoftmax",
            "Sigmoid",
            "Identity",
            "Squeeze",
            "Unsqueeze",
            "Reshape",
            "Flatten",
            "Cast",
            "ArgMax");

    static Optional<OwnHead> of(OnnxGraph graph, WeightFlow flow) {
        Map<String, Node> makers = new HashMap<>();
        graph.nodes().forEach(node -> node.outputs().forEach(output -> makers.put(output, node)));
        String tensor = graph.outputs().get(0).name();
        while (makers.containsKey(tensor)) {
            Node node = makers.get(tensor);
            List<String> learned = node.inputs().stream().filter(flow::carries).toList();
            boolean linear = node.op().equals("Gemm") || node.op().equals("MatMul");
            if (linear && !flow.weights(node).isEmpty()) {
                return Optional.of(new OwnHead(node, node.input(0)));
            }
            if (!PASSED.contains(node.op()) || learned.size() != 1) {
                return Optional.empty();
            }
            tensor = learned.get(0);
        }
        return Optional.empty();
    }
}
