package io.headwater.registry;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.headwater.fault.KillPoint;
import io.headwater.registry.AuditRecord.Action;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions of one model in a folder that Triton and DJL Serving read as a model repository:
 *
 * <pre>
 * ROOT/NAME/VERSION/model.onnx     the graph that changes: self-contained, or on a backbone its trainable part
 * ROOT/NAME/VERSION/manifest.json  what is known of it
 * ROOT/NAME/VERSION/learner.bin    the learner as it was, to continue from after a roll back
 * ROOT/NAME/source.bin             the source model that version 1 was made of
 * ROOT/NAME/source/...             what else it needs: on a backbone the whole graph, and its tokenizer
 * ROOT/NAME/served.json            which version serves
 * ROOT/NAME/audit.jsonl            who promoted or rolled back what, when and why
 * </pre>
 *
 * <p>A version appears whole or not at all. One process at a time may write: opening takes a lock.
 */
public final class VersionStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VersionStore.class);
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).findAndRegisterModules();
    private static final String MODEL = "model.onnx";
    private static final String MANIFEST = "manifest.json";
    private static final String LEARNER = "learner.bin";
    private static final String SOURCE = "source.bin";
    private static final String PARTS = "source";
    private static final String AUDIT = "audit.jsonl";
    private static final String ASIDE = ".aside-";

    private final String model;
    private final Path home;
    private final int keep;
    private volatile long neededFrom = 1;
    private final @Nullable WriterLock lock;

    private VersionStore(String model, Path home, int keep, @Nullable WriterLock lock) {
        this.model = model;
        this.home = home;
        this.keep = keep;
        this.lock = lock;
    }

    /**
     * Opens the store for writing.
     *
     * @param keep versions that stay on disk besides the source model, the served one and those that
     *     {@link #needFrom} names, at least 1: the newest one
     *     keeps its number from being given again
     * @throws RegistryException if another process has it open
     */
    public static VersionStore open(Path root, String model, int keep) {
        if (keep < 1) {
            throw new IllegalArgumentException("keep at least 1 version, not " + keep);
        }
        Path home = root.resolve(model);
        try {
            DurableFiles.folders(home);
            WriterLock lock = WriterLock.take(home);
            if (lock == null) {
                throw new RegistryException("model '" + model + "' in " + root
                        + " is in use by another process; stop it, or send the command to its admin address");
            }
            VersionStore store = new VersionStore(model, home, keep, lock);
            try {
                store.sweep();
                return store;
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new RegistryException("cannot open the registry at " + home + ": " + e, e);
        }
    }

    /** Looks at the versions beside whoever writes them; what would write is refused. */
    public static VersionStore forReading(Path root, String model) {
        return new VersionStore(model, root.resolve(model), 1, null);
    }

    private void checkWritable() {
        if (lock == null) {
            throw new IllegalStateException("the registry of '" + model + "' is open for reading");
        }
    }

    /** Removes what a crash left half-written. */
    private void sweep() throws IOException {
        DurableFiles.dropTornLine(home.resolve(AUDIT));
        try (Stream<Path> entries = Files.list(home)) {
            for (Path entry : entries.toList()) {
                if (entry.getFileName().toString().startsWith(ASIDE)) {
                    DurableFiles.deleteTree(entry);
                }
            }
        }
    }

    /** The number that the next version gets. */
    public long nextNumber() {
        List<Long> all = numbers();
        return all.isEmpty() ? 1 : all.get(all.size() - 1) + 1;
    }

    /** Writes a version; it can be listed from the moment it is whole. Its hash is checked against its manifest. */
    public ModelVersion add(Manifest manifest, byte[] onnx, byte[] learner) {
        checkWritable();
        if (!manifest.onnxSha256().equals(DurableFiles.sha256(onnx))) {
            throw new RegistryException(manifest.model() + "/" + manifest.version()
                    + ": the manifest's hash is not that of the model file");
        }
        if (!manifest.model().equals(model)) {
            throw new RegistryException(
                    "the manifest is of model '" + manifest.model() + "', this registry of '" + model + "'");
        }
        Path target = folder(manifest.version());
        if (Files.exists(target)) {
            throw new RegistryException("version " + manifest.version() + " of '" + model + "' exists already");
        }
        if (manifest.version() < nextNumber()) {
            throw new RegistryException("version " + manifest.version() + " of '" + model
                    + "' cannot be written, numbers are never used twice; the next is " + nextNumber());
        }
        Path aside = home.resolve(ASIDE + manifest.version());
        try {
            DurableFiles.deleteTree(aside);
            Files.createDirectory(aside);
            DurableFiles.write(aside.resolve(MODEL), onnx, KillPoint.VERSION_WRITE);
            DurableFiles.write(aside.resolve(LEARNER), learner, null);
            DurableFiles.write(aside.resolve(MANIFEST), JSON.writeValueAsBytes(manifest), null);
            DurableFiles.publish(aside, target);
            return new ModelVersion(model, manifest.version());
        } catch (IOException e) {
            letGo(aside);
            throw new RegistryException("cannot write version " + manifest.version() + " of '" + model + "': " + e, e);
        }
    }

    /** On a full disk what was written so far is the room that others need; the next try and the next start sweep too. */
    private static void letGo(Path aside) {
        try {
            DurableFiles.deleteTree(aside);
        } catch (IOException e) {
            LOG.debug("{} stays until it is swept: {}", aside, e.toString());
        }
    }

    /**
     * An operator's choice.
     *
     * @throws RegistryException also if {@code version} serves already: there is nothing to go back from
     */
    public void choose(long version, String who, Action action, String why, long nowMs) {
        if (served().orElse(0) == version) {
            throw new RegistryException("version " + version + " of '" + model + "' serves already");
        }
        serve(version, who, action, why, nowMs);
    }

    /** Makes {@code version} the one that serves, with a line in the audit trail, and lets go of old versions. */
    public void serve(long version, String who, Action action, String why, long nowMs) {
        checkWritable();
        if (!Files.isDirectory(folder(version))) {
            throw new RegistryException(unknown(version));
        }
        try {
            AuditRecord record = new AuditRecord(nowMs, who, action, version, served().orElse(0), why);
            String line =
                    JSON.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsString(record) + "\n";
            DurableFiles.append(home.resolve(AUDIT), line.getBytes(StandardCharsets.UTF_8), KillPoint.AUDIT_APPEND);
            DurableFiles.replace(home.resolve("served.json"), JSON.writeValueAsBytes(Map.of("version", version)));
            forgetOld(version);
        } catch (IOException e) {
            throw new RegistryException("cannot record that version " + version + " serves: " + e, e);
        }
    }

    /**
     * Versions from here on stay on disk however many there are: the lineage that follows the oldest checkpoint names
     * them. Until this is told, all stay.
     */
    public void needFrom(long version) {
        neededFrom = version;
    }

    private void forgetOld(long served) throws IOException {
        List<Long> all = numbers();
        for (long old : all.subList(0, Math.max(0, all.size() - keep))) {
            if (old != 1 && old != served && old < neededFrom) {
                // Out of sight in one step: a crash must not leave half a version in the list.
                Path aside = home.resolve(ASIDE + old);
                Files.move(folder(old), aside, StandardCopyOption.ATOMIC_MOVE);
                DurableFiles.deleteTree(aside);
            }
        }
    }

    /** The version that serves, empty before the first. */
    public OptionalLong served() {
        Path file = home.resolve("served.json");
        try {
            if (!Files.exists(file)) {
                return OptionalLong.empty();
            }
            long version =
                    JSON.readTree(Files.readAllBytes(file)).path("version").asLong();
            if (version < 1) {
                throw new IOException("it names no version");
            }
            return OptionalLong.of(version);
        } catch (IOException e) {
            throw new RegistryException(file + " does not say which version serves: " + e.getMessage(), e);
        }
    }

    /** The version that served when the one that serves now was promoted; empty for the first. */
    public OptionalLong previous() {
        long served = served().orElse(0);
        List<AuditRecord> audit = audit();
        for (int i = audit.size() - 1; i >= 0; i--) {
            AuditRecord record = audit.get(i);
            if (record.version() == served && record.action() == Action.PROMOTE && record.from() > 0) {
                return OptionalLong.of(record.from());
            }
        }
        return OptionalLong.empty();
    }

    /** All whole versions, oldest first. */
    public List<Long> numbers() {
        try (Stream<Path> entries = Files.list(home)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.matches("[1-9][0-9]{0,17}"))
                    .map(Long::valueOf)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Manifest manifest(long version) {
        try {
            return JSON.readValue(read(version, MANIFEST), Manifest.class);
        } catch (IOException e) {
            throw new RegistryException("the manifest of version " + version + " cannot be read: " + e, e);
        }
    }

    /** The exact bits that the gate let through. */
    public byte[] onnx(long version) {
        byte[] onnx = read(version, MODEL);
        if (!DurableFiles.sha256(onnx).equals(manifest(version).onnxSha256())) {
            throw new RegistryException("the model file of version " + version + " of '" + model
                    + "' was changed after it was written: its hash is not that of its manifest");
        }
        return onnx;
    }

    public byte[] learner(long version) {
        return read(version, LEARNER);
    }

    /**
     * Keeps the source model that everything else grows from.
     *
     * @param parts what else it needs, by file name
     */
    public void keepSource(byte[] source, Map<String, byte[]> parts) {
        checkWritable();
        try {
            DurableFiles.folders(home.resolve(PARTS));
            for (Map.Entry<String, byte[]> part : parts.entrySet()) {
                DurableFiles.replace(home.resolve(PARTS).resolve(part.getKey()), part.getValue());
            }
            // Last: where it is, its parts are whole.
            DurableFiles.replace(home.resolve(SOURCE), source);
        } catch (IOException e) {
            throw new RegistryException("cannot write the source model of '" + model + "': " + e, e);
        }
    }

    public byte[] source() {
        try {
            return Files.readAllBytes(home.resolve(SOURCE));
        } catch (IOException e) {
            throw new RegistryException("the source model of '" + model + "' cannot be read: " + e, e);
        }
    }

    /** A part of the source model, empty where it has no such part. */
    public Optional<byte[]> sourcePart(String name) {
        Path file = home.resolve(PARTS).resolve(name);
        try {
            return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
        } catch (IOException e) {
            throw new RegistryException("the source model of '" + model + "' cannot be read: " + e, e);
        }
    }

    /** The whole audit trail, oldest first. */
    public List<AuditRecord> audit() {
        Path file = home.resolve(AUDIT);
        List<AuditRecord> records = new ArrayList<>();
        try {
            for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
                records.add(JSON.readValue(line, new TypeReference<AuditRecord>() {}));
            }
            return records;
        } catch (IOException e) {
            throw new RegistryException("the audit trail of '" + model + "' cannot be read: " + e, e);
        }
    }

    private byte[] read(long version, String file) {
        try {
            return Files.readAllBytes(folder(version).resolve(file));
        } catch (java.nio.file.NoSuchFileException e) {
            throw new RegistryException(unknown(version), e);
        } catch (IOException e) {
            throw new RegistryException("version " + version + " of '" + model + "' cannot be read: " + e, e);
        }
    }

    /** The sentence for a version that is not here. */
    public String unknown(long version) {
        return "model '" + model + "' has no version " + version + "; it has " + describe(numbers());
    }

    private static String describe(List<Long> numbers) {
        if (numbers.isEmpty()) {
            return "none";
        }
        return numbers.size() <= 8
                ? numbers.toString()
                : numbers.get(0) + ", " + numbers.get(1) + " … " + numbers.get(numbers.size() - 1);
    }

    private Path folder(long version) {
        return home.resolve(Long.toString(version));
    }

    @Override
    public void close() {
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
