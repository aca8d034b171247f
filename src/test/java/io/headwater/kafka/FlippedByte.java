package io.headwater.kafka;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Changes one bit of one record's value in a segment file of a stopped broker, as somebody would who does not want to be
 * noticed: the checksum of the batch is mended, unless told otherwise. Kafka itself then serves the record as if it had
 * always been so.
 */
public final class FlippedByte {
    /*
     * A batch: base offset 8, length 4, leader epoch 4, magic 1, CRC 4 (of all that follows), attributes 2, ... records
     * from byte 61. A record: length, attributes 1, timestamp delta, offset delta, key length, key, value length, value;
     * numbers are zigzag varints.
     */
    private static final int LENGTH = 8;
    private static final int CRC = 17;
    private static final int ATTRIBUTES = 21;
    private static final int RECORDS = 61;

    private FlippedByte() {}

    /** Arguments: SEGMENT.log OFFSET. */
    public static void main(String[] args) throws IOException {
        flip(Path.of(args[0]), Long.parseLong(args[1]), true);
        System.out.println("flipped one bit of the value at offset " + args[1] + " in " + args[0]);
    }

    /**
     * Flips the lowest bit of the byte in the middle of a value.
     *
     * @param mend whether the batch's checksum is made right again
     */
    public static void flip(Path segment, long offset, boolean mend) throws IOException {
        ByteBuffer log = ByteBuffer.wrap(Files.readAllBytes(segment));
        for (int at = 0; at + RECORDS <= log.limit(); at += Long.BYTES + Integer.BYTES + log.getInt(at + LENGTH)) {
            int end = at + Long.BYTES + Integer.BYTES + log.getInt(at + LENGTH);
            int value = valueMiddle(log, at, end, offset);
            if (value >= 0) {
                log.put(value, (byte) (log.get(value) ^ 1));
                if (mend) {
                    CRC32C crc = new CRC32C();
                    crc.update(log.array(), at + ATTRIBUTES, end - at - ATTRIBUTES);
                    log.putInt(at + CRC, (int) crc.getValue());
                }
                Files.write(segment, log.array());
                return;
            }
        }
        throw new IllegalArgumentException(segment + " has no value at offset " + offset);
    }

    private static int valueMiddle(ByteBuffer log, int batch, int end, long offset) {
        long base = log.getLong(batch);
        boolean control = (log.getShort(batch + ATTRIBUTES) & 0x20) != 0;
        if (base > offset || control) {
            return -1;
        }
        if ((log.getShort(batch + ATTRIBUTES) & 7) != 0) {
            throw new IllegalArgumentException("the batch at offset " + base + " is compressed");
        }
        log.position(batch + RECORDS);
        while (log.position() < end) {
            int next = (int) varint(log);
            next += log.position();
            log.get();
            varint(log);
            long delta = varint(log);
            int key = (int) varint(log);
            log.position(log.position() + Math.max(0, key));
            int value = (int) varint(log);
            if (base + delta == offset) {
                return log.position() + value / 2;
            }
            log.position(next);
        }
        return -1;
    }

    private static long varint(ByteBuffer from) {
        long raw = 0;
        for (int shift = 0; ; shift += 7) {
            byte part = from.get();
            raw |= (long) (part & 0x7f) << shift;
            if (part >= 0) {
                return (raw >>> 1) ^ -(raw & 1);
            }
        }
    }
}
