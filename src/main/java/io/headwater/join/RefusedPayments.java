package io.headwater.join;

import io.headwater.codec.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;

/**
 * Sends records that are no payments to the dead-letter topic, in the transaction that passes them over: key, value and
 * headers byte for byte, and behind them the error headers that Kafka Connect writes. Kafka Streams makes it by its name.
 */
public final class RefusedPayments implements DeserializationExceptionHandler {
    /** Setting: the topic. */
    static final String TOPIC = "headwater.dead-letters";

    private static final String PREFIX = "__connect.errors.";

    private String topic = "";

    @Override
    public void configure(Map<String, ?> settings) {
        topic = String.valueOf(settings.get(TOPIC));
    }

    @Override
    public Response handleError(ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception error) {
        if (!(error instanceof PaymentReader.RefusedException refused)) {
            // A record between two stages: not a user's mistake but ours.
            return Response.fail();
        }
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(topic, null, record.key(), record.value());
        Headers headers = letter.headers();
        record.headers().forEach(headers::add);
        add(headers, "topic", record.topic());
        add(headers, "partition", Integer.toString(record.partition()));
        add(headers, "offset", Long.toString(record.offset()));
        add(headers, "stage", DeadLetter.DECODING);
        add(headers, "class.name", PaymentReader.class.getName());
        add(headers, "exception.class.name", refused.causeName());
        add(headers, "exception.message", String.valueOf(refused.getMessage()));
        return Response.resume(List.of(letter));
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(PREFIX + name, value.getBytes(StandardCharsets.UTF_8));
    }
}
