package io.headwater.graph;

import java.util.Locale;

/** The type of a tensor's elements, with ONNX's number for it. */
public enum ElementType {
    FLOAT(1),
    UINT8(2),
    INT8(3),
    UINT16(4),
    INT16(5),
    INT32(6),
    INT64(7),
    STRING(8),
    BOOL(9),
    FLOAT16(10),
    DOUBLE(11),
    UINT32(12),
    UINT64(13),
    BFLOAT16(16);

    private final int onnx;

    ElementType(int onnx) {
        this.onnx = onnx;
    }

    int onnx() {
        return onnx;
    }

    static ElementType of(int onnx, String tensor) {
        for (ElementType type : values()) {
            if (type.onnx == onnx) {
                return type;
            }
        }
        throw new GraphException("tensor '" + tensor + "' has element type " + onnx + ", which is not known here");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
