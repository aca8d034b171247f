package io.headwater.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.ByteString;
import java.util.List;

/**
 * Builds a graph node by node. The output of node {@code /a/Gemm} is named {@code /a/Gemm_output_0}, as PyTorch's
 * exporter names it, unless the caller names it.
 */
public final class GraphBuilder {
    public static final String PRODUCER = "headwater";

    /*
     * IR version 8 and opset 17 are the pair of ONNX 1.12 (2022): old enough for any runtime in use, new enough for
     * LayerNormalization.
     */
    private static final long IR_VERSION = 8;

    public static final int OPSET = 17;

    private final GraphProto.Builder graph;
    private final int opset;

    public GraphBuilder(String name) {
        this(name, OPSET);
    }

    public GraphBuilder(String name, int opset) {
        this.graph = GraphProto.newBuilder().setName(name);
        this.opset = opset;
    }

    /** Adds an input and gives its name back. */
    public String input(TensorSpec spec) {
        graph.addInput(spec.write());
        return spec.name();
    }

    public GraphBuilder output(TensorSpec spec) {
        graph.addOutput(spec.write());
        return this;
    }

    /** Adds a float initializer (a scalar where no shape is given) and gives its name back. */
    public String floats(String name, float[] values, long... shape) {
        graph.addInitializer(Initializer.floats(name, values, shape));
        return name;
    }

    /** Adds an int64 initializer (a scalar where no shape is given) and gives its name back. */
    public String longs(String name, long[] values, long... shape) {
        graph.addInitializer(Initializer.longs(name, values, shape));
        return name;
    }

    /** Adds an initializer of int64, int32, int8, uint8 or bool (a scalar where no shape is given); gives its name back. */
    public String integers(String name, ElementType type, long[] values, long... shape) {
        graph.addInitializer(Initializer.integers(name, type, values, shape));
        return name;
    }

    /** Adds a node of one output and gives the output's name back. */
    public String node(String name, String op, List<String> inputs, Attribute... attributes) {
        return nodeTo(name + "_output_0", name, op, inputs, attributes);
    }

    /** Adds a node whose one output is named {@code output}, and gives that back. */
    public String nodeTo(String output, String name, String op, List<String> inputs, Attribute... attributes) {
        NodeProto.Builder node =
                graph.addNodeBuilder().setName(name).setOpType(op).addOutput(output);
        inputs.forEach(node::addInput);
        for (Attribute attribute : attributes) {
            node.addAttribute(attribute.proto);
        }
        return output;
    }

    /** What was added so far, unchecked: a part of another graph. */
    GraphProto proto() {
        return graph.build();
    }

    /** @throws GraphException if the nodes do not connect */
    public OnnxGraph build() {
        return OnnxGraph.of(ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName(PRODUCER)
                .addOpsetImport(OnnxGraph.opsetId(opset))
                .setGraph(graph)
                .build());
    }

    /** A named setting of a node. */
    public static final class Attribute {
        private final AttributeProto proto;

        private Attribute(AttributeProto.Builder proto) {
            this.proto = proto.build();
        }

        public static Attribute of(String name, long value) {
            return new Attribute(AttributeProto.newBuilder()
                    .setName(name)
                    .setType(AttributeProto.AttributeType.INT)
                    .setI(value));
        }

        public static Attribute of(String name, float value) {
            return new Attribute(AttributeProto.newBuilder()
                    .setName(name)
                    .setType(AttributeProto.AttributeType.FLOAT)
                    .setF(value));
        }

        public static Attribute of(String name, String value) {
            return new Attribute(AttributeProto.newBuilder()
                    .setName(name)
                    .setType(AttributeProto.AttributeType.STRING)
                    .setS(ByteString.copyFromUtf8(value)));
        }

        public static Attribute of(String name, long[] values) {
            AttributeProto.Builder proto =
                    AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
            for (long value : values) {
                proto.addInts(value);
            }
            return new Attribute(proto);
        }

        public static Attribute of(String name, float[] values) {
            AttributeProto.Builder proto =
                    AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.FLOATS);
            for (float value : values) {
                proto.addFloats(value);
            }
            return new Attribute(proto);
        }
    }
}
