package io.headwater.kafka;

import io.headwater.codec.DeadLetter;
import io.headwater.codec.Decoded;
import io.headwater.event.Event;
import io.headwater.event.LabeledExample;
import io.headwater.event.MiniBatch;
import io.headwater.event.OffsetRange;
import io.headwater.event.TrafficBatch;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Forms mini-batches from polled records. The same function forms them live and again from their recorded ranges, so
 * the same records in the same order give the same batch and the same hash, however they were polled.
 */
public final class MiniBatches {
    private static final int NULL_LENGTH = -1;

    private MiniBatches() {}

    /**
     * A formed batch, and the refused records inside its ranges.
     *
     * @param refused in order; the batch covers their offsets, but has nothing of them
     */
    public record Formed<B>(B batch, List<DeadLetter> refused) {}

    /** @param taken in the order they are learned; at least one */
    public static Formed<MiniBatch> labeled(List<PolledBatch<LabeledExample>> taken) {
        Contents<LabeledExample> contents = contents(taken);
        return new Formed<>(
                new MiniBatch(contents.values, contents.ranges, contents.sha256), List.copyOf(contents.refused));
    }

    /** @param taken in the order they are taken in; at least one */
    public static Formed<TrafficBatch> traffic(List<PolledBatch<Event>> taken) {
        Contents<Event> contents = contents(taken);
        return new Formed<>(
                new TrafficBatch(contents.values, contents.ranges, contents.sha256), List.copyOf(contents.refused));
    }

    private record Contents<T>(List<T> values, List<OffsetRange> ranges, List<DeadLetter> refused, String sha256) {}

    private static <T> Contents<T> contents(List<PolledBatch<T>> taken) {
        List<T> values = new ArrayList<>();
        List<OffsetRange> ranges = new ArrayList<>();
        List<DeadLetter> refused = new ArrayList<>();
        MessageDigest sha256 = sha256();
        ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
        for (PolledBatch<T> batch : taken) {
            merge(ranges, batch);
            for (PolledRecord<T> record : batch.records()) {
                // With its length before it, a value cannot borrow bytes from its neighbour and keep the hash.
                byte[] value = record.value();
                sha256.update(length.clear()
                        .putInt(value == null ? NULL_LENGTH : value.length)
                        .array());
                if (value != null) {
                    sha256.update(value);
                }
                if (record.decoded() instanceof Decoded.Ok<T> ok) {
                    values.add(ok.value());
                } else if (record.decoded() instanceof Decoded.Refused<T> refusal) {
                    refused.add(record.deadLetter(batch.partition(), refusal));
                }
            }
        }
        return new Contents<>(values, ranges, refused, HexFormat.of().formatHex(sha256.digest()));
    }

    /** Lengthens the last range where {@code batch} goes on right behind it; what was skipped stays outside. */
    private static void merge(List<OffsetRange> ranges, PolledBatch<?> batch) {
        OffsetRange range = batch.range();
        int last = ranges.size() - 1;
        if (last >= 0
                && ranges.get(last).partition().equals(batch.partition())
                && ranges.get(last).until() == batch.from()) {
            ranges.set(last, new OffsetRange(batch.partition(), ranges.get(last).from(), range.until()));
        } else {
            ranges.add(range);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
