package io.headwater.graph;

import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.List;

/** Name, element type and shape of a tensor in a graph. */
public record TensorSpec(String name, ElementType type, List<Dim> shape) {
    public TensorSpec {
        shape = List.copyOf(shape);
    }

    public static TensorSpec of(String name, ElementType type, Dim... shape) {
        return new TensorSpec(name, type, List.of(shape));
    }

    TensorSpec named(String other) {
        return new TensorSpec(other, type, shape);
    }

    static TensorSpec read(ValueInfoProto info) {
        if (!info.getType().hasTensorType()) {
            throw new GraphException(
                    "'" + info.getName() + "' is not a tensor; sequences, maps and optionals are not" + " supported");
        }
        TypeProto.Tensor tensor = info.getType().getTensorType();
        List<Dim> shape = new ArrayList<>();
        for (TensorShapeProto.Dimension dimension : tensor.getShape().getDimList()) {
            shape.add(
                    dimension.hasDimValue() && dimension.getDimValue() >= 0
                            ? Dim.of(dimension.getDimValue())
                            : Dim.dynamic(dimension.getDimParam()));
        }
        return new TensorSpec(info.getName(), ElementType.of(tensor.getElemType(), info.getName()), shape);
    }

    ValueInfoProto write() {
        TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
        for (Dim dim : shape) {
            TensorShapeProto.Dimension.Builder out = dims.addDimBuilder();
            if (dim.isFixed()) {
                out.setDimValue(dim.size());
            } else if (!dim.name().isEmpty()) {
                out.setDimParam(dim.name());
            }
        }
        TypeProto.Tensor.Builder tensor =
                TypeProto.Tensor.newBuilder().setElemType(type.onnx()).setShape(dims);
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    @Override
    public String toString() {
        return name + " " + type + shape;
    }
}
