package io.headwater.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The source model that everything else of a model grows from: its files, and what only learning needs of it. */
public final class KeptSource {
    private static final String SOURCE = "source.bin";
    private static final String ROWS = "source-rows.bin";
    private static final String ERASED = "source-erased.json";
    private static final String PARTS = "source";

    private final String model;
    private final Path home;
    private final Runnable checkWritable;

    /** @param checkWritable fails where the registry is open for reading */
    KeptSource(String model, Path home, Runnable checkWritable) {
        this.model = model;
        this.home = home;
        this.checkWritable = checkWritable;
    }

    /**
     * Keeps the source model.
     *
     * @param rows what only learning needs of it; it alone changes when rows are erased
     * @param parts what else it needs, by file name
     */
    public void keep(byte[] source, byte[] rows, Map<String, byte[]> parts) {
        write(source, Optional.of(rows), parts);
    }

    /** Keeps the source model of a model that another process trains. */
    public void mirror(byte[] source, Map<String, byte[]> parts) {
        write(source, Optional.empty(), parts);
    }

    private void write(byte[] source, Optional<byte[]> rows, Map<String, byte[]> parts) {
        checkWritable.run();
        try {
            DurableFiles.folders(home.resolve(PARTS));
            for (Map.Entry<String, byte[]> part : parts.entrySet()) {
                DurableFiles.replace(home.resolve(PARTS).resolve(part.getKey()), part.getValue());
            }
            if (rows.isPresent()) {
                DurableFiles.replace(home.resolve(ROWS), rows.get());
            }
            // Last: where it is, its parts are whole.
            DurableFiles.replace(home.resolve(SOURCE), source);
        } catch (IOException e) {
            throw new RegistryException("cannot write the source model of '" + model + "': " + e, e);
        }
    }

    public byte[] bytes() {
        try {
            return Files.readAllBytes(home.resolve(SOURCE));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** What only learning needs of it; empty where another process trains. */
    public Optional<byte[]> rows() {
        return DurableFiles.optional(home.resolve(ROWS), "the rows of the source model of '" + model + "'");
    }

    /** A part of it, empty where it has no such part. */
    public Optional<byte[]> part(String name) {
        return DurableFiles.optional(home.resolve(PARTS).resolve(name), "the source model of '" + model + "'");
    }

    /** The files that serving needs, by their names below the model's folder. */
    public List<String> files() {
        try (Stream<Path> parts = Files.list(home.resolve(PARTS))) {
            return Stream.concat(
                            Stream.of(SOURCE),
                            parts.map(part -> PARTS + "/" + part.getFileName())
                                    .filter(name -> !name.contains("/."))
                                    .sorted())
                    .toList();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** What the {@link #files} are: SHA-256 (hex) by name. */
    public Map<String, String> hashes() {
        Map<String, String> hashes = new HashMap<>();
        try {
            for (String name : files()) {
                hashes.put(name, DurableFiles.sha256(Files.readAllBytes(home.resolve(name))));
            }
            return hashes;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private RegistryException unreadable(IOException e) {
        return new RegistryException("the source model of '" + model + "' cannot be read: " + e, e);
    }

    void replaceRows(byte[] rows, long step) throws IOException {
        DurableFiles.replace(home.resolve(ROWS), rows);
        ErasedSteps.note(home.resolve(ERASED), step);
    }

    /** The steps in which rows were erased from the line that were in what learning needs of it too; usually none. */
    List<Long> erasedIn() {
        return ErasedSteps.read(home.resolve(ERASED));
    }
}
