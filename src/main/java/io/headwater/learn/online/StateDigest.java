package io.headwater.learn.online;

import io.headwater.learn.SeededRandom;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 over state in which {@value #BLOCK} floats or keys at a time stand as one sum of their bits times fixed odd numbers,
 * modulo 2<sup>64</sup>. States that differ in one float of a block are told apart for certain, others but for a chance of
 * some 2<sup>-64</sup>, and of 2<sup>-32</sup> for whatever differences are worst. It is no proof against somebody who makes
 * a state to fit a digest.
 */
final class StateDigest implements StateSink {
    /*
     * Lemire & Kaser, Strongly universal string hashing is fast (The Computer Journal 57, 2014): the sums, MULTILINEAR.
     * A learner's weights are hashed after each mini-batch, and SHA-256 over all 0.7 MB of them cost as much as learning
     * 32 rows; the sums cost a ninth of it. What proves a version is the SHA-256 of its file, which has no such short cut.
     */
    static final int BLOCK = 512;

    private static final long[] KEYS = keys();

    private final MessageDigest sha256;
    private final ByteBuffer pending = ByteBuffer.allocate(1 << 12);

    StateDigest() {
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static long[] keys() {
        SeededRandom random = new SeededRandom(0x6d756c74696c696eL);
        long[] keys = new long[BLOCK];
        for (int i = 0; i < keys.length; i++) {
            // Odd: no difference of 32 bits times it is 0.
            keys[i] = random.nextLong() | 1;
        }
        return keys;
    }

    private ByteBuffer room(int bytes) {
        if (pending.remaining() < bytes) {
            sha256.update(pending.flip());
            pending.clear();
        }
        return pending;
    }

    @Override
    public StateSink text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        integer(bytes.length);
        sha256.update(pending.flip());
        pending.clear();
        sha256.update(bytes);
        return this;
    }

    @Override
    public StateSink integer(int value) {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    @Override
    public StateSink integer64(long value) {
        room(Long.BYTES).putLong(value);
        return this;
    }

    @Override
    public StateSink real64(double value) {
        room(Double.BYTES).putDouble(value);
        return this;
    }

    @Override
    public StateSink reals(float[] values) {
        integer(values.length);
        for (int from = 0; from < values.length; from += BLOCK) {
            block(values, from, Math.min(BLOCK, values.length - from));
        }
        return this;
    }

    private void block(float[] values, int from, int count) {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Float.floatToRawIntBits(values[from + i]) * KEYS[i];
        }
        integer64(sum);
    }

    @Override
    public StateSink reals64(double[] values) {
        integer(values.length);
        for (double value : values) {
            real64(value);
        }
        return this;
    }

    /** As {@link #reals}: an odd number times a difference of 64 bits is not 0 either. */
    @Override
    public StateSink integers64(long[] values) {
        integer(values.length);
        for (int from = 0; from < values.length; from += BLOCK) {
            long sum = 0;
            for (int i = from; i < Math.min(values.length, from + BLOCK); i++) {
                sum += values[i] * KEYS[i - from];
            }
            integer64(sum);
        }
        return this;
    }

    /** The digest of all that came, in hexadecimal digits; nothing may follow. */
    String hex() {
        sha256.update(pending.flip());
        return HexFormat.of().formatHex(sha256.digest());
    }
}
