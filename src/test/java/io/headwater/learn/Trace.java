package io.headwater.learn;

import java.nio.ByteBuffer;

/** Looks in a checkpoint for a value that only one row has. */
public final class Trace {
    private Trace() {}

    /** Whether the value's bytes are anywhere in {@code bytes}, as a float or as a double, in either order. */
    public static boolean isIn(byte[] bytes, float value) {
        byte[] single = ByteBuffer.allocate(Float.BYTES).putFloat(value).array();
        byte[] twice = ByteBuffer.allocate(Double.BYTES).putDouble(value).array();
        return contains(bytes, single)
                || contains(bytes, reversed(single))
                || contains(bytes, twice)
                || contains(bytes, reversed(twice));
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    private static boolean contains(byte[] bytes, byte[] wanted) {
        for (int from = 0; from <= bytes.length - wanted.length; from++) {
            int same = 0;
            while (same < wanted.length && bytes[from + same] == wanted[same]) {
                same++;
            }
            if (same == wanted.length) {
                return true;
            }
        }
        return false;
    }
}
