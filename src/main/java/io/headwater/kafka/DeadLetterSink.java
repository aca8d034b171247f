package io.headwater.kafka;

import io.headwater.codec.DeadLetter;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * Sends refused records to the dead-letter topic: key, value and headers byte for byte, and behind them the error
 * headers that Kafka Connect writes, so that the tools for its dead letters read these too.
 */
public final class DeadLetterSink {
    private static final String PREFIX = "__connect.errors.";

    private final String topic;
    private final String connector;
    private final int task;
    private final String executingClass;

    /**
     * @param connector who refuses, as the header {@code connector.name} tells it
     * @param task which of its threads
     * @param executing the class that refuses
     */
    public DeadLetterSink(String topic, String connector, int task, Class<?> executing) {
        this.topic = topic;
        this.connector = connector;
        this.task = task;
        this.executingClass = executing.getName();
    }

    /** Sends with {@code producer}, inside its transaction where one is open. Failures surface at its commit. */
    public void send(Producer<byte[], byte[]> producer, DeadLetter letter) {
        producer.send(record(letter));
    }

    ProducerRecord<byte[], byte[]> record(DeadLetter letter) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, null, letter.key(), letter.value());
        Headers headers = record.headers();
        for (DeadLetter.Header header : letter.headers()) {
            headers.add(header.name(), header.value());
        }
        add(headers, "topic", letter.partition().topic());
        add(headers, "partition", Integer.toString(letter.partition().number()));
        add(headers, "offset", Long.toString(letter.offset()));
        add(headers, "connector.name", connector);
        add(headers, "task.id", Integer.toString(task));
        add(headers, "stage", letter.stage());
        add(headers, "class.name", executingClass);
        add(headers, "exception.class.name", letter.exceptionClass());
        add(headers, "exception.message", letter.reason());
        // An expected refusal has no stack worth keeping; readers of the header still find the error in it.
        add(headers, "exception.stacktrace", letter.exceptionClass() + ": " + letter.reason());
        return record;
    }

    /** Behind any of the same name: a record that was refused before keeps that history, and the last one is ours. */
    private static void add(Headers headers, String name, String value) {
        headers.add(PREFIX + name, value.getBytes(StandardCharsets.UTF_8));
    }
}
