package io.headwater.torch;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.headwater.graph.Dim;
import io.headwater.graph.ElementType;
import io.headwater.graph.GraphBuilder;
import io.headwater.graph.GraphBuilder.Attribute;
import io.headwater.graph.OnnxGraph;
import io.headwater.graph.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** A graph of one operator, with operands for it. Output {@code y} is float: what is not is cast behind the operator. */
record OpCase(String name, String op, OnnxGraph graph, Map<String, Operand> operands) {
    enum Kind {
        /** Float input whose gradient is checked. */
        VARIES,
        /** Float input through which nothing is differentiated. */
        FIXED,
        /** Float initializer. */
        CONSTANT,
        /** int64 input: a tensor on the device. */
        INDEX,
        /** int64 initializer: kept in Java. */
        SHAPE,
        /** int32 initializer: kept in Java. */
        SHORT,
        /** bool initializer: kept in Java. */
        MASK,
        /** int64 input of 0 and 1 that is cast to bool on the device. */
        TRUTH,
        /** An operand that is left out. */
        NONE
    }

    record Operand(Kind kind, long[] shape, float[] floats, long[] integers) {
        static final Operand NONE = new Operand(Kind.NONE, new long[0], new float[0], new long[0]);

        static Operand shape(long... values) {
            return new Operand(Kind.SHAPE, new long[] {values.length}, new float[0], values);
        }

        static Operand scalar(long value) {
            return new Operand(Kind.SHAPE, new long[0], new float[0], new long[] {value});
        }

        static Operand constant(float value) {
            return new Operand(Kind.CONSTANT, new long[0], new float[] {value}, new long[0]);
        }

        Operand as(Kind other) {
            return new Operand(other, shape, floats, integers);
        }

        boolean isInput() {
            return switch (kind) {
                case VARIES, FIXED, INDEX, TRUTH -> true;
                case CONSTANT, SHAPE, SHORT, MASK, NONE -> false;
            };
        }

        boolean isFloat() {
            return kind == Kind.VARIES || kind == Kind.FIXED || kind == Kind.CONSTANT;
        }
    }

    @Override
    public String toString() {
        return name;
    }

    static Builder of(String name, String op, Operand... operands) {
        return new Builder(name, op, List.of(operands));
    }

    /** Collects what a case needs beside its operands. */
    static final class Builder {
        private final String name;
        private final String op;
        private final List<Operand> operands;
        private final List<Attribute> attributes = new ArrayList<>();
        private int opset = GraphBuilder.OPSET;
        private int outputs = 1;
        private boolean cast;
        private TensorProto.Builder tensor = TensorProto.newBuilder();

        private Builder(String name, String op, List<Operand> operands) {
            this.name = name;
            this.op = op;
            this.operands = operands;
        }

        Builder with(String attribute, long value) {
            attributes.add(Attribute.of(attribute, value));
            return this;
        }

        Builder with(String attribute, float value) {
            attributes.add(Attribute.of(attribute, value));
            return this;
        }

        Builder with(String attribute, String value) {
            attributes.add(Attribute.of(attribute, value));
            return this;
        }

        Builder list(String attribute, long... values) {
            attributes.add(Attribute.of(attribute, values));
            return this;
        }

        Builder list(String attribute, float... values) {
            attributes.add(Attribute.of(attribute, values));
            return this;
        }

        /** Attribute {@code value}, which the graph room's builder cannot write. */
        Builder value(ElementType type, long[] shape, Number... values) {
            tensor = TensorProto.newBuilder()
                    .setDataType(TensorProto.DataType.valueOf(type.name()).getNumber());
            Arrays.stream(shape).forEach(tensor::addDims);
            for (Number each : values) {
                switch (type) {
                    case FLOAT -> tensor.addFloatData(each.floatValue());
                    case DOUBLE -> tensor.addDoubleData(each.doubleValue());
                    case INT64 -> tensor.addInt64Data(each.longValue());
                    default -> tensor.addInt32Data(each.intValue());
                }
            }
            return this;
        }

        Builder opset(int version) {
            opset = version;
            return this;
        }

        /** This many outputs, joined along axis 0 in reverse order. */
        Builder outputs(int count) {
            outputs = count;
            return this;
        }

        /** The output is of integers or truth values. */
        Builder integral() {
            cast = true;
            return this;
        }

        OpCase build() {
            GraphBuilder builder = new GraphBuilder(op, opset);
            Map<String, Operand> named = new LinkedHashMap<>();
            List<String> inputs = new ArrayList<>();
            for (int i = 0; i < operands.size(); i++) {
                Operand operand = operands.get(i);
                String input = "x" + i;
                inputs.add(operand(builder, input, operand));
                if (operand.isInput()) {
                    named.put(input, operand);
                }
            }
            String made = builder.nodeTo(
                    cast || outputs > 1 ? "made" : "y", "/op", op, inputs, attributes.toArray(new Attribute[0]));
            if (outputs > 1) {
                made = builder.nodeTo(
                        cast ? "joined" : "y", "/join", "Concat", List.of(made), Attribute.of("axis", 0L));
            }
            if (cast) {
                builder.nodeTo("y", "/cast", "Cast", List.of(made), Attribute.of("to", 1L));
            }
            builder.output(TensorSpec.of("y", ElementType.FLOAT));
            return new OpCase(name, op, edited(builder.build()), named);
        }

        private static String operand(GraphBuilder builder, String name, Operand operand) {
            List<Dim> dims = Arrays.stream(operand.shape()).mapToObj(Dim::of).toList();
            return switch (operand.kind()) {
                case NONE -> "";
                case CONSTANT -> builder.floats(name, operand.floats(), operand.shape());
                case SHAPE -> builder.longs(name, operand.integers(), operand.shape());
                case SHORT -> builder.integers(name, ElementType.INT32, operand.integers(), operand.shape());
                case MASK -> builder.integers(name, ElementType.BOOL, operand.integers(), operand.shape());
                case VARIES, FIXED -> builder.input(new TensorSpec(name, ElementType.FLOAT, dims));
                case INDEX -> builder.input(new TensorSpec(name, ElementType.INT64, dims));
                case TRUTH -> {
                    builder.input(new TensorSpec(name, ElementType.INT64, dims));
                    yield builder.nodeTo(name + "_true", "/" + name, "Cast", List.of(name), Attribute.of("to", 9L));
                }
            };
        }

        /** What the graph room's builder cannot write: attributes that are tensors, nodes of several outputs. */
        private OnnxGraph edited(OnnxGraph graph) {
            OnnxGraph result = graph;
            if (tensor.getDataType() != 0) {
                result = edit(
                        result,
                        "/op",
                        node -> node.addAttribute(AttributeProto.newBuilder()
                                .setName("value")
                                .setType(AttributeProto.AttributeType.TENSOR)
                                .setT(tensor)));
            }
            List<String> more =
                    IntStream.range(1, outputs).mapToObj(i -> "made" + i).toList();
            if (!more.isEmpty()) {
                result = edit(result, "/op", node -> node.addAllOutput(more));
                List<String> reversed = new ArrayList<>(more);
                Collections.reverse(reversed);
                result = edit(
                        result,
                        "/join",
                        node -> node.clearInput().addAllInput(reversed).addInput("made"));
            }
            return result;
        }

        private static OnnxGraph edit(OnnxGraph graph, String node, Consumer<NodeProto.Builder> edit) {
            try {
                ModelProto.Builder model = ModelProto.parseFrom(graph.toBytes()).toBuilder();
                model.getGraphBuilder().getNodeBuilderList().stream()
                        .filter(each -> each.getName().equals(node))
                        .forEach(edit);
                return OnnxGraph.read(model.build().toByteArray());
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
