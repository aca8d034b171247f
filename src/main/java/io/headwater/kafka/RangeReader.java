package io.headwater.kafka;

import io.headwater.event.OffsetRange;
import io.headwater.event.Partition;
import io.headwater.line.LostInputException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;

/**
 * Reads recorded offset ranges again. Ranges that follow each other in a partition, as lineage has them, are read in one
 * go: what a poll brought beyond a range waits for the next one, so that a long replay does not fetch it twice.
 */
final class RangeReader {
    private static final Duration POLL = Duration.ofMillis(500);
    /** Polls without any progress after which the broker is taken to be unable to deliver. */
    private static final int MAX_IDLE_POLLS = 60;

    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Ahead> cursors = new HashMap<>();

    RangeReader(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /** What was polled of a partition and not asked for yet; every record from {@code from} on is in it or unread. */
    private static final class Ahead {
        final ArrayDeque<ConsumerRecord<byte[], byte[]>> records = new ArrayDeque<>();
        long from = Long.MAX_VALUE;
    }

    /**
     * The committed records of {@code range} that there still are; none for offsets of transaction markers.
     *
     * @throws LostInputException if the topic holds fewer offsets than the range, or its records were changed
     */
    List<ConsumerRecord<byte[], byte[]>> read(OffsetRange range) {
        TopicPartition tp =
                new TopicPartition(range.partition().topic(), range.partition().number());
        Ahead ahead = turnTo(tp, range);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        int idle = 0;
        while (take(ahead, range.until(), records) && consumer.position(tp) < range.until()) {
            long before = consumer.position(tp);
            ConsumerRecords<byte[], byte[]> polled = poll(range);
            ahead.records.addAll(polled.records(tp));
            idle = consumer.position(tp) > before ? 0 : idle + 1;
            if (idle == MAX_IDLE_POLLS) {
                throw new IllegalStateException("the broker delivers nothing of " + range + " from offset " + before);
            }
        }
        ahead.from = range.until();
        return records;
    }

    private ConsumerRecords<byte[], byte[]> poll(OffsetRange range) {
        try {
            return consumer.poll(POLL);
        } catch (KafkaException e) {
            if (isDamage(e)) {
                throw new LostInputException(
                        range, LostInputException.Cause.DAMAGED, range + " is damaged: " + Failures.describe(e));
            }
            throw e;
        }
    }

    /** A wrong checksum comes as a bare KafkaException, whose text alone tells. */
    private static boolean isDamage(KafkaException e) {
        return Failures.find(e, CorruptRecordException.class).isPresent()
                || Failures.find(e, InvalidRecordException.class).isPresent()
                || Failures.describe(e).contains("is invalid, cause");
    }

    /** Moves records before {@code until} over; true if it met none behind it, so that more may be unread. */
    private static boolean take(Ahead ahead, long until, List<ConsumerRecord<byte[], byte[]>> to) {
        for (ConsumerRecord<byte[], byte[]> first = ahead.records.peek(); first != null; first = ahead.records.peek()) {
            if (first.offset() >= until) {
                return false;
            }
            to.add(ahead.records.remove());
        }
        return true;
    }

    private Ahead turnTo(TopicPartition tp, OffsetRange range) {
        Ahead ahead = cursors.get(tp);
        if (ahead == null) {
            ahead = new Ahead();
            cursors.put(tp, ahead);
            consumer.assign(cursors.keySet());
        }
        // The other partitions keep what they have fetched while they are paused.
        Set<TopicPartition> others = new HashSet<>(cursors.keySet());
        others.remove(tp);
        consumer.resume(List.of(tp));
        consumer.pause(others);
        long known = ahead.from;
        // Should this reading fail, nothing is known of what lies ahead.
        ahead.from = Long.MAX_VALUE;
        while (!ahead.records.isEmpty() && ahead.records.element().offset() < range.from()) {
            ahead.records.remove();
        }
        boolean unread = ahead.records.isEmpty();
        if (range.from() < known || (unread && consumer.position(tp) < range.from())) {
            ahead.records.clear();
            checkHeld(tp, range);
            consumer.seek(tp, range.from());
        } else if (unread || consumer.position(tp) < range.until()) {
            checkHeld(tp, range);
        }
        return ahead;
    }

    private void checkHeld(TopicPartition tp, OffsetRange range) {
        long first = value(consumer.beginningOffsets(List.of(tp)), tp);
        long end = value(consumer.endOffsets(List.of(tp)), tp);
        if (first > range.from()) {
            throw lost(
                    range,
                    range.from(),
                    Math.min(first, range.until()),
                    " are needed and are not on the broker any more: retention has taken them, the first kept is "
                            + first);
        }
        if (end < range.until()) {
            throw lost(
                    range,
                    Math.max(end, range.from()),
                    range.until(),
                    " are needed but the topic ends at " + end + ": it is not the topic that was read");
        }
    }

    private static LostInputException lost(OffsetRange range, long from, long until, String why) {
        Partition partition = range.partition();
        String sentence = "offsets " + from + " to " + (until - 1) + " of " + partition + why;
        return new LostInputException(new OffsetRange(partition, from, until), LostInputException.Cause.GONE, sentence);
    }

    private static long value(Map<TopicPartition, Long> offsets, TopicPartition tp) {
        Long offset = offsets.get(tp);
        if (offset == null) {
            throw new IllegalStateException("the broker knows no offsets of " + tp);
        }
        return offset;
    }
}
