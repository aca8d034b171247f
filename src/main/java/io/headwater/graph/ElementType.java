package io.headwater.graph;

import java.util.Locale;

/** The type of a tensor's elements, with ONNX's number for it. */
public enum ElementType {
    FLOAT(1, 32),
    UINT8(2, 8),
    INT8(3, 8),
    UINT16(4, 16),
    INT16(5, 16),
    INT32(6, 32),
    INT64(7, 64),
    STRING(8, 0),
    BOOL(9, 8),
    FLOAT16(10, 16),
    DOUBLE(11, 64),
    UINT32(12, 32),
    UINT64(13, 64),
    COMPLEX64(14, 64),
    COMPLEX128(15, 128),
    BFLOAT16(16, 16),
    FLOAT8E4M3FN(17, 8),
    FLOAT8E4M3FNUZ(18, 8),
    FLOAT8E5M2(19, 8),
    FLOAT8E5M2FNUZ(20, 8),
    UINT4(21, 4),
    INT4(22, 4);

    private final int onnx;
    private final int bits;

    ElementType(int onnx, int bits) {
        this.onnx = onnx;
        this.bits = bits;
    }

    public int onnx() {
        return onnx;
    }

    /** The bytes that {@code elements} of it take in a file; 0 for strings, whose length is their own. */
    long bytes(long elements) {
        return (Math.multiplyExact(elements, bits) + 7) / 8;
    }

    /** Whether it is a floating-point type of fewer than 32 bits. */
    boolean isHalf() {
        return switch (this) {
            case FLOAT16, BFLOAT16, FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ -> true;
            default -> false;
        };
    }

    /** Whether a tensor of it can be a weight: floating point of any width. */
    boolean isFloating() {
        return this == FLOAT || this == DOUBLE || isHalf();
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
