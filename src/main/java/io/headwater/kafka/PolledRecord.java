package io.headwater.kafka;

import io.headwater.codec.DeadLetter;
import io.headwater.codec.Decoded;
import io.headwater.event.Partition;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * One record as it was read from its partition, with what came of decoding its value.
 *
 * @param timestampMs the record's own timestamp, milliseconds since the epoch, UTC
 */
public record PolledRecord<T>(
        long offset,
        long timestampMs,
        byte @Nullable [] key,
        byte @Nullable [] value,
        Headers headers,
        Decoded<T> decoded) {

    static <T> PolledRecord<T> of(ConsumerRecord<byte[], byte[]> record, RecordDecoder<T> decoder) {
        return new PolledRecord<>(
                record.offset(),
                record.timestamp(),
                record.key(),
                record.value(),
                record.headers(),
                decoder.decode(record.value()));
    }

    /** The dead letter of a record whose value was refused. */
    DeadLetter deadLetter(Partition partition, Decoded.Refused<?> refused) {
        return new DeadLetter(
                partition,
                offset,
                key,
                value,
                headers(headers),
                DeadLetter.DECODING,
                refused.reason(),
                refused.cause().getName());
    }

    static List<DeadLetter.Header> headers(Headers headers) {
        List<DeadLetter.Header> kept = new ArrayList<>();
        for (Header header : headers) {
            kept.add(new DeadLetter.Header(header.key(), header.value()));
        }
        return kept;
    }
}
