package io.headwater.learn;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/** Reads what {@link StateWriter} wrote; anything else is an {@link IllegalArgumentException} with the reason. */
public final class StateReader {
    private static final int MAX_KIND = 1_000;

    private final String kind;
    private final ByteBuffer in;
    private final int format;

    /** @throws IllegalArgumentException if the bytes are damaged, cut short, or of another kind or version */
    public StateReader(byte[] bytes, String kind, int version) {
        this(bytes, kind, version, version);
    }

    /**
     * Reads formats of earlier releases too, which are told apart by {@link #format}.
     *
     * @throws IllegalArgumentException if the bytes are damaged, cut short, or of another kind or version
     */
    public StateReader(byte[] bytes, String kind, int oldest, int version) {
        this.kind = kind;
        this.in = ByteBuffer.wrap(bytes);
        if (read(in::getInt) != StateWriter.MARK) {
            throw bad("they do not begin as state does");
        }
        String found = new String(bytes(), StandardCharsets.UTF_8);
        if (!found.equals(kind)) {
            throw bad("they are '" + found + "'");
        }
        format = integer();
        if (format < oldest || format > version) {
            throw bad("they have format " + format + "; this program reads " + version);
        }
        int length = integer();
        if (length < 0 || in.remaining() != (long) length + Integer.BYTES) {
            throw bad("they hold " + in.remaining() + " bytes where " + length + " and a checksum should follow");
        }
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, bytes.length - Integer.BYTES);
        if ((int) checksum.getValue() != in.getInt(bytes.length - Integer.BYTES)) {
            throw bad("their checksum does not match");
        }
        in.limit(bytes.length - Integer.BYTES);
    }

    /** The version that the bytes were written in. */
    public int format() {
        return format;
    }

    /**
     * What kind of state {@code bytes} begin as; empty if they do not begin as state does.
     *
     * @throws IllegalArgumentException if they end before that is said
     */
    public static String kind(byte[] bytes) {
        ByteBuffer begin = ByteBuffer.wrap(bytes);
        try {
            int mark = begin.getInt();
            byte[] kind = new byte[mark == StateWriter.MARK ? Math.min(begin.getInt(), MAX_KIND) : 0];
            begin.get(kind);
            return new String(kind, StandardCharsets.UTF_8);
        } catch (BufferUnderflowException | NegativeArraySizeException e) {
            throw new IllegalArgumentException("the bytes do not begin as state does", e);
        }
    }

    private IllegalArgumentException bad(String why) {
        return new IllegalArgumentException("the bytes are no " + kind + ": " + why);
    }

    private <T> T read(Supplier<T> value) {
        try {
            return value.get();
        } catch (BufferUnderflowException e) {
            throw bad("they end early");
        }
    }

    public int integer() {
        return read(in::getInt);
    }

    /** @throws IllegalArgumentException if the value is outside {@code min..max} */
    public int integer(int min, int max) {
        int value = integer();
        if (value < min || value > max) {
            throw bad("a count is " + value + " where " + min + " to " + max + " is allowed");
        }
        return value;
    }

    public long integer64() {
        return read(in::getLong);
    }

    public float real() {
        return read(in::getFloat);
    }

    public double real64() {
        return read(in::getDouble);
    }

    public byte[] bytes() {
        int length = integer();
        if (length < 0 || length > in.remaining()) {
            throw bad("a part of " + length + " bytes does not fit in the " + in.remaining() + " that are left");
        }
        byte[] value = new byte[length];
        in.get(value);
        return value;
    }

    public String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    public float[] reals() {
        ByteBuffer block = block(Float.BYTES);
        float[] values = new float[block.remaining() / Float.BYTES];
        block.asFloatBuffer().get(values);
        return values;
    }

    /** @throws IllegalArgumentException if there are not {@code count} of them */
    public float[] reals(int count) {
        float[] values = reals();
        expect(values.length, count);
        return values;
    }

    public double[] reals64() {
        ByteBuffer block = block(Double.BYTES);
        double[] values = new double[block.remaining() / Double.BYTES];
        block.asDoubleBuffer().get(values);
        return values;
    }

    public double[] reals64(int count) {
        double[] values = reals64();
        expect(values.length, count);
        return values;
    }

    /** @throws IllegalArgumentException if there are neither {@code count} nor {@code or} of them */
    public double[] reals64(int count, int or) {
        double[] values = reals64();
        expect(values.length, values.length == or ? or : count);
        return values;
    }

    public long[] integers64(int count) {
        ByteBuffer block = block(Long.BYTES);
        long[] values = new long[block.remaining() / Long.BYTES];
        block.asLongBuffer().get(values);
        expect(values.length, count);
        return values;
    }

    private ByteBuffer block(int unit) {
        ByteBuffer block = ByteBuffer.wrap(bytes());
        if (block.remaining() % unit != 0) {
            throw bad("a part of " + block.remaining() + " bytes is no multiple of " + unit);
        }
        return block;
    }

    private void expect(int found, int count) {
        if (found != count) {
            throw bad("a part has " + found + " values where " + count + " are needed");
        }
    }

    /** @throws IllegalArgumentException if something is left unread */
    public void end() {
        if (in.hasRemaining()) {
            throw bad(in.remaining() + " bytes are left over");
        }
    }
}
