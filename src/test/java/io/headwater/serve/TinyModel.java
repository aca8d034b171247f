package io.headwater.serve;

import ai.onnx.proto.OnnxMl;
import io.headwater.event.Event;
import io.headwater.event.EventLayout;
import io.headwater.feature.FeatureSchema;
import io.headwater.feature.ModelSignature;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A real ONNX model of one matrix product: the logit of an event is its first field plus {@link #bias} of the version,
 * so that every score tells both its event and the version that made it.
 */
public final class TinyModel {
    public static final FeatureSchema SCHEMA =
            new FeatureSchema(new EventLayout(List.of("x", "y"), List.of("kind")), false, false, 16);

    private TinyModel() {}

    public static float bias(long version) {
        return 0.01f * version;
    }

    /** What the model of {@code version} says of an event whose first field is {@code x}. */
    public static float expected(float x, long version) {
        return (float) (1 / (1 + Math.exp(-(x + bias(version)))));
    }

    public static Event event(String id, float x) {
        return new Event(id, 0, new float[] {x, 1}, new @Nullable String[] {"a"});
    }

    public static byte[] onnx(long version) {
        return onnx(version, 2, ModelSignature.PROBABILITY);
    }

    static byte[] onnx(long version, int numericWidth, String probability) {
        float[] weights = new float[numericWidth];
        weights[0] = 1;
        OnnxMl.GraphProto graph = OnnxMl.GraphProto.newBuilder()
                .setName("tiny")
                .addInput(value(ModelSignature.NUMERIC, OnnxMl.TensorProto.DataType.FLOAT, numericWidth))
                .addInput(value(ModelSignature.CATEGORICAL, OnnxMl.TensorProto.DataType.INT64, 1))
                .addOutput(value(ModelSignature.LOGIT, OnnxMl.TensorProto.DataType.FLOAT, 0))
                .addOutput(value(probability, OnnxMl.TensorProto.DataType.FLOAT, 0))
                .addInitializer(floats("weights", weights, numericWidth, 1))
                .addInitializer(floats("bias", new float[] {bias(version)}, 1))
                .addInitializer(OnnxMl.TensorProto.newBuilder()
                        .setName("columns")
                        .setDataType(OnnxMl.TensorProto.DataType.INT64.getNumber())
                        .addDims(1)
                        .addInt64Data(1))
                .addNode(node("MatMul", "product", ModelSignature.NUMERIC, "weights"))
                .addNode(node("Add", "sum", "product", "bias"))
                .addNode(node("Squeeze", ModelSignature.LOGIT, "sum", "columns"))
                .addNode(node("Sigmoid", probability, ModelSignature.LOGIT))
                .build();
        return OnnxMl.ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(graph)
                .build()
                .toByteArray();
    }

    private static OnnxMl.NodeProto node(String op, String output, String... inputs) {
        return OnnxMl.NodeProto.newBuilder()
                .setOpType(op)
                .setName(output)
                .addAllInput(List.of(inputs))
                .addOutput(output)
                .build();
    }

    private static OnnxMl.TensorProto floats(String name, float[] values, long... dims) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        OnnxMl.TensorProto.Builder tensor = OnnxMl.TensorProto.newBuilder()
                .setName(name)
                .setDataType(OnnxMl.TensorProto.DataType.FLOAT.getNumber())
                .setRawData(com.google.protobuf.ByteString.copyFrom(bytes.array()));
        for (long dim : dims) {
            tensor.addDims(dim);
        }
        return tensor.build();
    }

    /** A tensor {@code [rows]}, or {@code [rows, columns]} where there are any. */
    private static OnnxMl.ValueInfoProto value(String name, OnnxMl.TensorProto.DataType type, int columns) {
        OnnxMl.TensorShapeProto.Builder shape = OnnxMl.TensorShapeProto.newBuilder()
                .addDim(OnnxMl.TensorShapeProto.Dimension.newBuilder().setDimParam("rows"));
        if (columns > 0) {
            shape.addDim(OnnxMl.TensorShapeProto.Dimension.newBuilder().setDimValue(columns));
        }
        return OnnxMl.ValueInfoProto.newBuilder()
                .setName(name)
                .setType(OnnxMl.TypeProto.newBuilder()
                        .setTensorType(OnnxMl.TypeProto.Tensor.newBuilder()
                                .setElemType(type.getNumber())
                                .setShape(shape)))
                .build();
    }
}
