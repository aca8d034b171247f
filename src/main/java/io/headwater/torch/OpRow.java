package io.headwater.torch;

import io.headwater.graph.Node;

/**
 * What the table says of one operator.
 *
 * @param name ONNX's
 * @param op how it is computed
 * @param outputs how many outputs it may have
 * @param attributes those that are honoured, the forms of older opsets, and what is refused
 * @param refusal what is not computed
 */
record OpRow(String name, Op op, int outputs, String attributes, Refusal refusal) {
    /** What of a node is not supported: a phrase, empty where all is well. */
    @FunctionalInterface
    interface Refusal {
        String of(Node node, int opset);
    }

    static OpRow of(String name, Op op) {
        return new OpRow(name, op, 1, "", (node, opset) -> "");
    }

    OpRow says(String text) {
        return new OpRow(name, op, outputs, text, refusal);
    }

    OpRow refuses(Refusal other) {
        return new OpRow(name, op, outputs, attributes, other);
    }

    OpRow manyOutputs() {
        return new OpRow(name, op, Integer.MAX_VALUE, attributes, refusal);
    }

    /** The operator's name with what is wrong with {@code node}, or empty. */
    String problem(Node node, int opset) {
        for (int i = outputs; i < node.outputs().size(); i++) {
            if (!node.outputs().get(i).isEmpty()) {
                return name + " (output " + (i + 1) + ")";
            }
        }
        String problem = refusal.of(node, opset);
        return problem.isEmpty() ? "" : name + " (" + problem + ")";
    }
}
