package io.headwater.learn;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
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

    private final String kind;
    private final int version;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    public StateWriter(String kind, int version) {
        this.kind = kind;
        this.version = version;
    }

    private interface Write {
        void run() throws IOException;
    }

    private StateWriter write(Write write) {
        try {
            write.run();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
    }

    public StateWriter integer(int value) {
        return write(() -> out.writeInt(value));
    }

    public StateWriter integer64(long value) {
        return write(() -> out.writeLong(value));
    }

    public StateWriter real(float value) {
        return write(() -> out.writeFloat(value));
    }

    public StateWriter real64(double value) {
        return write(() -> out.writeDouble(value));
    }

    public StateWriter bytes(byte[] value) {
        return write(() -> {
            out.writeInt(value.length);
            out.write(value);
        });
    }

    public StateWriter text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    public StateWriter reals(float[] values) {
        return reals(FloatBuffer.wrap(values), values.length);
    }

    /** The first {@code count} values. */
    public StateWriter reals(FloatBuffer values, int count) {
        ByteBuffer block = ByteBuffer.allocate(Math.multiplyExact(count, Float.BYTES));
        block.asFloatBuffer().put(0, values, 0, count);
        return bytes(block.array());
    }

    public StateWriter reals64(double[] values) {
        ByteBuffer block = ByteBuffer.allocate(Math.multiplyExact(values.length, Double.BYTES));
        block.asDoubleBuffer().put(values);
        return bytes(block.array());
    }

    /** The first {@code count} values. */
    public StateWriter integers64(LongBuffer values, int count) {
        ByteBuffer block = ByteBuffer.allocate(Math.multiplyExact(count, Long.BYTES));
        block.asLongBuffer().put(0, values, 0, count);
        return bytes(block.array());
    }

    public byte[] toBytes() {
        byte[] name = kind.getBytes(StandardCharsets.UTF_8);
        byte[] values = bytes.toByteArray();
        ByteBuffer whole = ByteBuffer.allocate(4 * Integer.BYTES + name.length + values.length + Integer.BYTES)
                .putInt(MARK)
                .putInt(name.length)
                .put(name)
                .putInt(version)
                .putInt(values.length)
                .put(values);
        CRC32C checksum = new CRC32C();
        checksum.update(whole.array(), 0, whole.position());
        return whole.putInt((int) checksum.getValue()).array();
    }
}
