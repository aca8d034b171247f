package io.headwater.graph;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** A constant tensor of a graph: a weight, a running statistic, a shape. */
public final class Initializer {
    private final TensorProto proto;
    private final ElementType type;

    Initializer(TensorProto proto) {
        this.proto = proto;
        this.type = ElementType.of(proto.getDataType(), proto.getName());
    }

    static TensorProto floats(String name, float[] values, long... shape) {
        ByteBuffer raw = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        return tensor(name, ElementType.FLOAT, raw, values.length, shape);
    }

    static TensorProto longs(String name, long[] values, long... shape) {
        return integers(name, ElementType.INT64, values, shape);
    }

    /** @param type int64, int32, int8, uint8 or bool */
    static TensorProto integers(String name, ElementType type, long[] values, long... shape) {
        int width = Math.toIntExact(type.bytes(1));
        ByteBuffer raw =
                ByteBuffer.allocate(Math.multiplyExact(values.length, width)).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            switch (width) {
                case Long.BYTES -> raw.putLong(value);
                case Integer.BYTES -> raw.putInt((int) value);
                default -> raw.put((byte) value);
            }
        }
        return tensor(name, type, raw.flip(), values.length, shape);
    }

    private static TensorProto tensor(String name, ElementType type, ByteBuffer raw, int elements, long... shape) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(type.onnx()).setRawData(ByteString.copyFrom(raw));
        long product = 1;
        for (long dim : shape) {
            tensor.addDims(dim);
            product = Math.multiplyExact(product, dim);
        }
        if (product != elements) {
            throw new GraphException("'" + name + "' has " + elements + " values for a shape of " + product);
        }
        return tensor.build();
    }

    TensorProto proto() {
        return proto;
    }

    Initializer named(String name) {
        return new Initializer(proto.toBuilder().setName(name).build());
    }

    public String name() {
        return proto.getName();
    }

    public ElementType type() {
        return type;
    }

    /** A new array each time; empty for a scalar. */
    public long[] shape() {
        return proto.getDimsList().stream().mapToLong(Long::longValue).toArray();
    }

    static boolean isExternal(TensorProto tensor) {
        return tensor.getExternalDataCount() > 0 || tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
    }

    /** Refuses a tensor whose values are fewer or more than its shape says. */
    void checkLength() {
        for (long dim : proto.getDimsList()) {
            if (dim < 0) {
                throw new GraphException("the initializer '" + name() + "' has a dimension of " + dim);
            }
        }
        if (isExternal(proto)) {
            return;
        }
        long bytes = type.bytes(size());
        if (proto.hasRawData()
                && type != ElementType.STRING
                && proto.getRawData().size() != bytes) {
            throw new GraphException("the initializer " + spec() + " holds "
                    + proto.getRawData().size() + " bytes; its shape needs " + bytes);
        }
        if (!proto.hasRawData() && type == ElementType.FLOAT) {
            counted(proto.getFloatDataList());
        } else if (!proto.hasRawData() && type == ElementType.INT64) {
            counted(proto.getInt64DataList());
        } else if (!proto.hasRawData() && isNarrow()) {
            counted(proto.getInt32DataList());
        }
    }

    private boolean isNarrow() {
        return switch (type) {
            case INT32, INT8, UINT8, BOOL -> true;
            default -> false;
        };
    }

    /** This tensor with other float values. */
    Initializer with(float[] values) {
        ByteBuffer raw = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        return new Initializer(proto.toBuilder()
                .clearFloatData()
                .setRawData(ByteString.copyFrom(raw))
                .build());
    }

    /** Whether the tensors hold the same bits, names aside. */
    boolean sameValues(Initializer other) {
        return named("").proto.equals(other.named("").proto);
    }

    /** Whether training can change it: floating point, with at least one dimension. */
    boolean isWeight() {
        return type.isFloating() && proto.getDimsCount() > 0;
    }

    /** The number of elements. */
    public int size() {
        long product = 1;
        try {
            for (long dim : proto.getDimsList()) {
                product = Math.multiplyExact(product, dim);
            }
            return Math.toIntExact(product);
        } catch (ArithmeticException e) {
            throw new GraphException("the initializer '" + name() + "' has too many elements: " + proto.getDimsList());
        }
    }

    public TensorSpec spec() {
        return new TensorSpec(
                name(), type, proto.getDimsList().stream().map(Dim::of).toList());
    }

    /**
     * The values, row-major, in a new array.
     *
     * @throws GraphException if this is not a float tensor
     */
    public float[] floats() {
        expect(ElementType.FLOAT);
        float[] values = new float[size()];
        if (proto.hasRawData()) {
            raw(values.length * (long) Float.BYTES).asFloatBuffer().get(values);
        } else {
            List<Float> list = counted(proto.getFloatDataList());
            for (int i = 0; i < values.length; i++) {
                values[i] = list.get(i);
            }
        }
        return values;
    }

    /**
     * The values, row-major, in a new array.
     *
     * @throws GraphException if this is not an int64 tensor
     */
    public long[] longs() {
        expect(ElementType.INT64);
        long[] values = new long[size()];
        if (proto.hasRawData()) {
            raw(values.length * (long) Long.BYTES).asLongBuffer().get(values);
        } else {
            List<Long> list = counted(proto.getInt64DataList());
            for (int i = 0; i < values.length; i++) {
                values[i] = list.get(i);
            }
        }
        return values;
    }

    /** Whether it holds lengths, axes or positions: int64 or int32. */
    boolean isInteger() {
        return type == ElementType.INT64 || type == ElementType.INT32;
    }

    /**
     * The values of a tensor of int64, int32, int8, uint8 or bool, row-major, in a new array; truth is 1.
     *
     * @throws GraphException if this is none of them
     */
    public long[] integers() {
        return switch (type) {
            case INT64 -> longs();
            case INT32, INT8, UINT8, BOOL -> proto.hasRawData() ? unpacked() : narrow();
            default -> throw new GraphException("'" + name() + "' is " + type + "; integers or bool are needed");
        };
    }

    private long[] unpacked() {
        int width = Math.toIntExact(type.bytes(1));
        long[] values = new long[size()];
        ByteBuffer raw = raw(values.length * (long) width);
        for (int i = 0; i < values.length; i++) {
            long value = width == Integer.BYTES ? raw.getInt() : raw.get();
            values[i] = type == ElementType.UINT8 ? value & 0xff : value;
        }
        return values;
    }

    /** ONNX keeps all integers below int64 in one list of int32. */
    private long[] narrow() {
        return counted(proto.getInt32DataList()).stream()
                .mapToLong(Integer::longValue)
                .toArray();
    }

    /**
     * The one element of a double tensor as a float.
     *
     * @throws GraphException if this is not a double tensor of one element
     */
    public float narrowed() {
        expect(ElementType.DOUBLE);
        if (size() != 1) {
            throw new GraphException("'" + name() + "' has " + size() + " elements; one is needed");
        }
        return (float)
                (proto.hasRawData()
                        ? raw(Double.BYTES).getDouble()
                        : counted(proto.getDoubleDataList()).get(0));
    }

    private void expect(ElementType wanted) {
        if (type != wanted) {
            throw new GraphException("'" + name() + "' is " + type + "; " + wanted + " is needed");
        }
    }

    private ByteBuffer raw(long bytes) {
        ByteString raw = proto.getRawData();
        if (raw.size() != bytes) {
            throw new GraphException("'" + name() + "' holds " + raw.size() + " bytes; its shape needs " + bytes);
        }
        return raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    private <T> List<T> counted(List<T> values) {
        if (values.size() != size()) {
            throw new GraphException("'" + name() + "' holds " + values.size() + " values; its shape needs " + size());
        }
        return values;
    }
}
