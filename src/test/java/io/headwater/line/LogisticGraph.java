package io.headwater.line;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import io.headwater.feature.FeatureSchema;
import io.headwater.feature.ModelSignature;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** A logistic regression over the numeric columns as an ONNX file: {@code (numeric - mean) * weights + bias}. */
final class LogisticGraph {
    private LogisticGraph() {}

    static byte[] of(FeatureSchema schema, float[] weights, float[] mean, float bias) {
        int width = schema.numericWidth();
        OnnxMl.GraphProto.Builder graph = OnnxMl.GraphProto.newBuilder()
                .setName("logistic")
                .addInput(value(ModelSignature.NUMERIC, OnnxMl.TensorProto.DataType.FLOAT, width))
                .addOutput(value(ModelSignature.LOGIT, OnnxMl.TensorProto.DataType.FLOAT, 0))
                .addOutput(value(ModelSignature.PROBABILITY, OnnxMl.TensorProto.DataType.FLOAT, 0))
                .addInitializer(floats("mean", mean, width))
                .addInitializer(floats("weights", weights, width, 1))
                .addInitializer(floats("bias", new float[] {bias}, 1))
                .addInitializer(OnnxMl.TensorProto.newBuilder()
                        .setName("columns")
                        .setDataType(OnnxMl.TensorProto.DataType.INT64.getNumber())
                        .addDims(1)
                        .addInt64Data(1))
                .addNode(node("Sub", "centred", ModelSignature.NUMERIC, "mean"))
                .addNode(node("MatMul", "product", "centred", "weights"))
                .addNode(node("Add", "sum", "product", "bias"))
                .addNode(node("Squeeze", ModelSignature.LOGIT, "sum", "columns"))
                .addNode(node("Sigmoid", ModelSignature.PROBABILITY, ModelSignature.LOGIT));
        if (schema.categoricalWidth() > 0) {
            graph.addInput(
                    value(ModelSignature.CATEGORICAL, OnnxMl.TensorProto.DataType.INT64, schema.categoricalWidth()));
        }
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
                .setRawData(ByteString.copyFrom(bytes.array()));
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
