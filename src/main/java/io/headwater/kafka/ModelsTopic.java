package io.headwater.kafka;

import io.headwater.registry.AuditRecord;
import io.headwater.registry.AuditRecord.Action;
import io.headwater.registry.Manifest;
import io.headwater.registry.VersionStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;

/**
 * Announces on a compacted topic which version of a model serves, for processes that only serve. The topic is the
 * registry's folder as records: a key is a file's name below the data-dir, the value its bytes, or nothing where the
 * header {@code uri} says where they are; the header {@code sha256} is always there. The pointer that says what serves
 * comes last, in one transaction with the files that it needs. One thread owns it; opening it fences whoever announced
 * the model before.
 *
 * <pre>
 * NAME/source.bin, NAME/source/...   the source model, once for each opening
 * NAME/VERSION/model.onnx            a version, until retention takes it
 * NAME/served.json                   the pointer
 * </pre>
 */
public final class ModelsTopic implements AutoCloseable {
    /** One partition, because followers have to see files before the pointer. */
    public static final int PARTITIONS = 1;

    static final String SERVED = "/served.json";
    static final String MODEL = "/model.onnx";
    static final String SHA256 = "sha256";
    static final String URI_HEADER = "uri";

    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration CLOSE = Duration.ofSeconds(10);
    private static final int HEADERS = 64 << 10;

    /**
     * How files are announced.
     *
     * @param inlineBytes files up to this size go into the topic, larger ones are named by their URI
     * @param baseUri what a file's name is put behind to make its URI; empty for the file where it lies
     */
    public record Settings(String topic, int inlineBytes, String baseUri) {
        /** Settings of the topic itself. */
        public Map<String, String> ofTopic() {
            return Map.of(
                    "cleanup.policy",
                    "compact",
                    "max.message.bytes",
                    Integer.toString(inlineBytes + HEADERS),
                    "segment.bytes",
                    Integer.toString(64 << 20),
                    "min.cleanable.dirty.ratio",
                    "0.2");
        }
    }

    private final Settings settings;
    private final VersionStore store;
    private final String model;
    private final Path root;
    private final Producer<byte[], byte[]> producer;
    /** The source model's files by their hashes, once they are announced. */
    private @Nullable Map<String, String> source;

    /**
     * Opens the topic for announcing.
     *
     * @param root the data-dir
     * @throws StreamStoppedException if the broker does not answer
     */
    public ModelsTopic(KafkaClients clients, Settings settings, VersionStore store, String model, Path root) {
        this((Clients) clients, settings, store, model, root);
    }

    ModelsTopic(Clients clients, Settings settings, VersionStore store, String model, Path root) {
        this.settings = settings;
        this.store = store;
        this.model = model;
        this.root = root;
        String id = "headwater-announce-" + model;
        this.producer = clients.transactional(id, id, TRANSACTION_TIMEOUT);
        try {
            producer.initTransactions();
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw stopped(e);
        }
    }

    /**
     * Announces the version that serves, and that {@code gone} are no more.
     *
     * @return the version
     * @throws FencedException if another process announces this model now
     * @throws StreamStoppedException if the broker cannot take it
     */
    public long announce(List<Long> gone) {
        long version = store.served().orElseThrow();
        Manifest manifest = store.manifest(version);
        byte[] onnx = store.onnx(version);
        AuditRecord choice = store.choice()
                .orElseGet(() -> new AuditRecord(
                        manifest.createdMs(), AuditRecord.GATE, Action.PROMOTE, version, 0, manifest.verdict()));
        try {
            producer.beginTransaction();
            Map<String, String> files = source == null ? announceSource() : source;
            send(version + MODEL, manifest.onnxSha256(), onnx);
            ServedPointer pointer = new ServedPointer(manifest, choice, files);
            producer.send(new ProducerRecord<>(settings.topic(), 0, key(model + SERVED), pointer.toBytes()));
            for (long old : gone) {
                producer.send(new ProducerRecord<>(settings.topic(), 0, key(model + "/" + old + MODEL), null));
            }
            producer.commitTransaction();
            source = files;
            return version;
        } catch (RuntimeException e) {
            throw stopped(e);
        }
    }

    private Map<String, String> announceSource() {
        Map<String, String> files = new TreeMap<>();
        for (String name : store.source().files()) {
            try {
                byte[] content = Files.readAllBytes(root.resolve(model).resolve(name));
                String sha256 = Manifest.sha256(content);
                send(name, sha256, content);
                files.put(name, sha256);
            } catch (IOException e) {
                throw new UncheckedIOException("the source model of " + model + " cannot be announced: " + e, e);
            }
        }
        return files;
    }

    private void send(String name, String sha256, byte[] content) {
        boolean inline = content.length <= settings.inlineBytes();
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(settings.topic(), 0, key(model + "/" + name), inline ? content : new byte[0]);
        record.headers().add(SHA256, sha256.getBytes(StandardCharsets.US_ASCII));
        if (!inline) {
            record.headers().add(URI_HEADER, uri(model + "/" + name).getBytes(StandardCharsets.UTF_8));
        }
        producer.send(record);
    }

    private String uri(String name) {
        if (settings.baseUri().isEmpty()) {
            return root.resolve(name).toUri().toString();
        }
        String base = settings.baseUri();
        return URI.create(base.endsWith("/") ? base : base + "/").resolve(name).toString();
    }

    private static byte[] key(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    /** Another process announces this model now. */
    public static final class FencedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        FencedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** A stale epoch alone may come from a transaction that took too long; the abort tells which it is. */
    private boolean isFenced(RuntimeException e) {
        if (Failures.find(e, InvalidProducerEpochException.class).isPresent()) {
            try {
                producer.abortTransaction();
            } catch (RuntimeException atAbort) {
                return Failures.find(atAbort, ProducerFencedException.class).isPresent();
            }
        }
        return Failures.find(e, ProducerFencedException.class).isPresent();
    }

    private RuntimeException stopped(RuntimeException e) {
        if (isFenced(e)) {
            return new FencedException("another process announces the versions of model " + model + " now", e);
        }
        return new StreamStoppedException(
                "the versions of model " + model + " cannot be announced on topic " + settings.topic() + ": "
                        + Failures.describe(e),
                e);
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
