package io.headwater.kafka;

import io.headwater.registry.FollowedPosition;
import io.headwater.registry.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Reads a models topic, from its beginning or from where it was followed to, and says which version serves. It holds the files of the source model,
 * which are small or named by their URI, and that of one version. One thread owns it.
 */
public final class ModelsReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int MAX_POLL_RECORDS = 50;
    private static final int FETCH_MS = 30_000;

    private final Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final String model;
    private final Map<String, File> source = new HashMap<>();
    private @Nullable File onnx;
    private @Nullable ServedPointer pointer;
    private FollowedPosition pointerAt = new FollowedPosition(0, "");
    /** Where it goes on, until it has seen that the topic is still that one. */
    private @Nullable FollowedPosition begin;

    /** A file as its record has it: its bytes, or where they are. */
    private record File(String name, byte[] content, String sha256, Optional<String> uri) {
        byte[] bytes() {
            byte[] bytes = uri.map(File::fetch).orElse(content);
            if (!Manifest.sha256(bytes).equals(sha256)) {
                throw new IllegalStateException(name + (uri.isPresent() ? " at " + uri.get() : "")
                        + " is not the file that was announced: its SHA-256 is " + Manifest.sha256(bytes) + ", not "
                        + sha256);
            }
            return bytes;
        }

        private static byte[] fetch(String uri) {
            try {
                var connection = URI.create(uri).toURL().openConnection();
                connection.setConnectTimeout(FETCH_MS);
                connection.setReadTimeout(FETCH_MS);
                try (InputStream in = connection.getInputStream()) {
                    return in.readAllBytes();
                }
            } catch (IOException | IllegalArgumentException e) {
                throw new IllegalStateException("a version's file at " + uri + " cannot be read: " + e, e);
            }
        }
    }

    /** From the topic's beginning. */
    public ModelsReader(KafkaClients clients, String topic, String model) {
        this(clients, topic, model, Optional.empty());
    }

    /**
     * From behind {@code followed}, whose version serves already; from the beginning where the topic has not got that
     * record, because it was made anew or a later one took its place. Only from the beginning it learns the source model.
     */
    public ModelsReader(KafkaClients clients, String topic, String model, Optional<FollowedPosition> followed) {
        this((Clients) clients, topic, model, followed);
    }

    ModelsReader(Clients clients, String topic, String model, Optional<FollowedPosition> followed) {
        this.topic = topic;
        this.begin = followed.orElse(null);
        this.model = model;
        this.consumer = clients.reader("headwater-follow-" + model, MAX_POLL_RECORDS);
        TopicPartition partition = new TopicPartition(topic, 0);
        try {
            consumer.assign(List.of(partition));
            if (begin == null) {
                consumer.seekToBeginning(List.of(partition));
            } else {
                consumer.seek(partition, begin.offset());
            }
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    /**
     * Waits half a second for news.
     *
     * @return the version that serves, if that was announced anew
     * @throws IllegalStateException if what was announced cannot be read, in one sentence
     */
    public Optional<Announcement> poll() {
        ConsumerRecords<byte[], byte[]> polled = polled();
        ServedPointer before = pointer;
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            take(record);
        }
        ServedPointer now = pointer;
        File file = onnx;
        if (now == null || now == before) {
            return Optional.empty();
        }
        String name = name(now.manifest().version() + ModelsTopic.MODEL);
        if (file == null || !file.name().equals(name)) {
            // Compaction keeps the newest record of each key: the file's is before its pointer's, or a newer pointer
            // comes.
            return Optional.empty();
        }
        return Optional.of(new Announcement(now.manifest(), now.choice(), file.bytes(), pointerAt, now.source()));
    }

    private ConsumerRecords<byte[], byte[]> polled() {
        FollowedPosition followed = begin;
        try {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
            if (followed == null || polled.isEmpty()) {
                return polled;
            }
            begin = null;
            if (isAt(followed, polled.iterator().next())) {
                return polled;
            }
        } catch (OffsetOutOfRangeException e) {
            if (followed == null) {
                throw e;
            }
            begin = null;
        }
        consumer.seekToBeginning(consumer.assignment());
        return ConsumerRecords.empty();
    }

    private static boolean isAt(FollowedPosition followed, ConsumerRecord<byte[], byte[]> record) {
        return record.offset() == followed.offset()
                && record.value() != null
                && Manifest.sha256(record.value()).equals(followed.sha256());
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        String key = new String(record.key(), StandardCharsets.UTF_8);
        byte[] value = record.value();
        if (!key.startsWith(model + "/") || value == null) {
            return;
        }
        if (key.equals(model + ModelsTopic.SERVED)) {
            pointer = ServedPointer.read(value, topic + "-0 offset " + record.offset());
            pointerAt = new FollowedPosition(record.offset(), Manifest.sha256(value));
            return;
        }
        File file = new File(
                key, value, header(record, ModelsTopic.SHA256).orElse(""), header(record, ModelsTopic.URI_HEADER));
        if (key.endsWith(ModelsTopic.MODEL) && key.matches(".*/[0-9]+/[^/]+")) {
            onnx = file;
        } else {
            source.put(key, file);
        }
    }

    private static Optional<String> header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return Optional.ofNullable(header).map(found -> new String(found.value(), StandardCharsets.UTF_8));
    }

    private String name(String file) {
        return model + "/" + file;
    }

    /** The files of the source model that {@code announced} stands on, by their names below the model's folder. */
    public Map<String, byte[]> source(Announcement announced) {
        Map<String, byte[]> files = new HashMap<>();
        announced.source().forEach((name, sha256) -> {
            File file = source.get(name(name));
            if (file == null || !file.sha256().equals(sha256)) {
                throw new IllegalStateException("topic " + topic + " lacks the file " + name(name)
                        + " of the source model that version " + announced.version() + " stands on");
            }
            files.put(name, file.bytes());
        });
        return files;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
