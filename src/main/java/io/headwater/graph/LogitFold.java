package io.headwater.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts {@code scale * logit + shift} in the place of a graph's logit without another node: the last linear layer takes
 * the factor into its weights and the intercept the rest.
 */
final class LogitFold {
    /** What changes nothing but the shape. */
    private static final List<String> PASSED = List.of("Squeeze", "Unsqueeze", "Reshape", "Flatten", "Identity");

    private final OnnxGraph graph;
    private final double scale;
    private final double shift;
    private final Map<String, Node> makers = new HashMap<>();
    private final Map<String, Integer> readers = new HashMap<>();
    private final Map<String, float[]> folded = new HashMap<>();
    private boolean shifted;

    LogitFold(OnnxGraph graph, double scale, double shift) {
        this.graph = graph;
        this.scale = scale;
        this.shift = shift;
        for (Node node : graph.nodes()) {
            node.outputs().forEach(output -> makers.put(output, node));
            node.inputs().forEach(input -> readers.merge(input, 1, Integer::sum));
        }
    }

    /** @throws GraphException if no linear layer makes {@code logit}, or what it holds is read elsewhere too */
    OnnxGraph of(String logit) {
        String tensor = logit;
        while (true) {
            Node node = makers.get(tensor);
            if (node == null) {
                throw new GraphException(
                        "nothing linear makes '" + logit + "': the graph gives '" + tensor + "' as it is");
            }
            switch (node.op()) {
                case "Add" -> tensor = added(node);
                case "Gemm" -> {
                    return layer(node, node.input(1), node.input(2));
                }
                case "MatMul" -> {
                    return layer(node, node.input(1), "");
                }
                default -> tensor = passed(node);
            }
            // Another reader would find the tensor scaled.
            if (readers.getOrDefault(tensor, 0) != 1 || isOutput(tensor)) {
                throw new GraphException("'" + tensor + "' is read by more than '" + logit + "'");
            }
        }
    }

    private boolean isOutput(String tensor) {
        return graph.outputs().stream().anyMatch(output -> output.name().equals(tensor));
    }

    private String passed(Node node) {
        if (!PASSED.contains(node.op())) {
            throw new GraphException("the logit is made by " + node + "; Add, Gemm, MatMul and " + PASSED
                    + " are allowed on the way to it");
        }
        return node.input(0);
    }

    /** Folds what is added, and gives what it is added to. */
    private String added(Node node) {
        boolean first = graph.initializers().containsKey(node.input(0));
        String bias = node.input(first ? 0 : 1);
        fold(bias, 1);
        return node.input(first ? 1 : 0);
    }

    private OnnxGraph layer(Node node, String weight, String bias) {
        fold(weight, 0);
        if (!bias.isEmpty()) {
            fold(bias, node.real("beta", 1));
        }
        if (!shifted && shift != 0) {
            throw new GraphException(node + " and what follows it have no intercept that could take a shift");
        }
        return graph.withInitializers(folded);
    }

    /** @param passedOn factor by which the values reach the logit; 0 of weights, which are not shifted */
    private void fold(String name, double passedOn) {
        float[] values = graph.initializer(name).floats();
        if (readers.getOrDefault(name, 0) != 1 || isOutput(name)) {
            throw new GraphException("the weights '" + name + "' are read by more than the logit");
        }
        double added = passedOn == 0 || shifted ? 0 : shift / passedOn;
        shifted |= passedOn != 0;
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (scale * values[i] + added);
        }
        folded.put(name, values);
    }
}
