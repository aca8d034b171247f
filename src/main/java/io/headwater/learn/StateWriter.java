package io.headwater.learn;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Writes state as bytes that say what they are: a mark, the kind, the format's version, the length, the values, and a
 * checksum over all of it. {@link StateReader} takes the values back in the same order.
 */
public final class StateWriter {
    static final int MARK = 0x48575354; // HWST

    private static final int FIRST_BYTES = 1 << 10;

    private final int begin;
    private ByteBuffer out;

    public StateWriter(String kind, int version) {
        byte[] name = kind.getBytes(StandardCharsets.UTF_8);
        out = ByteBuffer.allocate(FIRST_BYTES + name.length);
        out.putInt(MARK).putInt(name.length).put(name).putInt(version).putInt(0);
        begin = out.position();
    }

    /** The buffer, with room for {@code bytes} more. */
    private ByteBuffer room(int bytes) {
        if (out.remaining() < bytes) {
            int needed = Math.addExact(out.position(), bytes);
            int doubled = (int) Math.min(Integer.MAX_VALUE - 8L, 2L * out.capacity());
            out = ByteBuffer.allocate(Math.max(needed, doubled)).put(out.flip());
        }
        return out;
    }

    public StateWriter integer(int value) {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    public StateWriter integer64(long value) {
        room(Long.BYTES).putLong(value);
        return this;
    }

    public StateWriter real(float value) {
        room(Float.BYTES).putFloat(value);
        return this;
    }

    public StateWriter real64(double value) {
        room(Double.BYTES).putDouble(value);
        return this;
    }

    public StateWriter bytes(byte[] value) {
        block(value.length).put(value);
        return this;
    }

    public StateWriter text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    /** The buffer where a part of {@code bytes} begins, its length written. */
    private ByteBuffer block(int bytes) {
        return room(Math.addExact(Integer.BYTES, bytes)).putInt(bytes);
    }

    private void skip(int bytes) {
        out.position(out.position() + bytes);
    }

    public StateWriter reals(float[] values) {
        return reals(FloatBuffer.wrap(values), values.length);
    }

    /** The first {@code count} values. */
    public StateWriter reals(FloatBuffer values, int count) {
        int bytes = Math.multiplyExact(count, Float.BYTES);
        block(bytes).asFloatBuffer().put(0, values, 0, count);
        skip(bytes);
        return this;
    }

    public StateWriter reals64(double[] values) {
        int bytes = Math.multiplyExact(values.length, Double.BYTES);
        block(bytes).asDoubleBuffer().put(values);
        skip(bytes);
        return this;
    }

    /** The first {@code count} values. */
    public StateWriter integers64(LongBuffer values, int count) {
        int bytes = Math.multiplyExact(count, Long.BYTES);
        block(bytes).asLongBuffer().put(0, values, 0, count);
        skip(bytes);
        return this;
    }

    public byte[] toBytes() {
        int end = out.position();
        byte[] whole = new byte[end + Integer.BYTES];
        out.get(0, whole, 0, end);
        ByteBuffer marks = ByteBuffer.wrap(whole).putInt(begin - Integer.BYTES, end - begin);
        CRC32C checksum = new CRC32C();
        checksum.update(whole, 0, end);
        marks.putInt(end, (int) checksum.getValue());
        return whole;
    }
}
