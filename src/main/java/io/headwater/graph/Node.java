package io.headwater.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One operation of a graph, with the names of the tensors that it reads and makes. */
public final class Node {
    private final NodeProto proto;

    Node(NodeProto proto) {
        this.proto = proto;
    }

    NodeProto proto() {
        return proto;
    }

    /** The node's name; for a node without one, that of its first output. */
    public String name() {
        return proto.getName().isEmpty() && proto.getOutputCount() > 0 ? proto.getOutput(0) : proto.getName();
    }

    /** The operator: {@code Gemm}, {@code Relu}... */
    public String op() {
        return proto.getOpType();
    }

    public String domain() {
        return proto.getDomain();
    }

    /** Names of the tensors read, in the operator's order; empty where an optional one is left out. */
    public List<String> inputs() {
        return proto.getInputList();
    }

    /** The name of input {@code index}, or empty where it is left out. */
    public String input(int index) {
        return index < proto.getInputCount() ? proto.getInput(index) : "";
    }

    public List<String> outputs() {
        return proto.getOutputList();
    }

    public boolean has(String attribute) {
        return find(attribute) != null;
    }

    public long integer(String attribute, long otherwise) {
        AttributeProto found = find(attribute);
        return found == null ? otherwise : found.getI();
    }

    public float real(String attribute, float otherwise) {
        AttributeProto found = find(attribute);
        return found == null ? otherwise : found.getF();
    }

    public String text(String attribute, String otherwise) {
        AttributeProto found = find(attribute);
        return found == null ? otherwise : found.getS().toStringUtf8();
    }

    /** The list of integers, or an empty one where the attribute is left out. */
    public long[] integers(String attribute) {
        AttributeProto found = find(attribute);
        return found == null
                ? new long[0]
                : found.getIntsList().stream().mapToLong(Long::longValue).toArray();
    }

    /** The tensor, or null where the attribute is left out. */
    public @Nullable Initializer tensor(String attribute) {
        AttributeProto found = find(attribute);
        return found == null ? null : new Initializer(found.getT());
    }

    /** Whether the node carries graphs of its own (If, Loop, Scan), which may read any tensor around it. */
    boolean hasGraphs() {
        return proto.getAttributeList().stream()
                .anyMatch(attribute -> attribute.hasG() || attribute.getGraphsCount() > 0);
    }

    /** The list of reals, or an empty one where the attribute is left out. */
    public float[] reals(String attribute) {
        AttributeProto found = find(attribute);
        if (found == null) {
            return new float[0];
        }
        float[] values = new float[found.getFloatsCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = found.getFloats(i);
        }
        return values;
    }

    private @Nullable AttributeProto find(String attribute) {
        for (AttributeProto candidate : proto.getAttributeList()) {
            if (candidate.getName().equals(attribute)) {
                return candidate;
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return op() + " " + name();
    }
}
