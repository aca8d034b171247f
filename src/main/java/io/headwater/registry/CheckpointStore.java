package io.headwater.registry;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The last few checkpoints of one learning line, as opaque bytes in numbered files. A file is written whole or not at
 * all, carries its own checksum, and a broken one is passed over for the one before.
 */
public final class CheckpointStore {
    /*
     * File: magic "HWCP", format 1, sequence, payload length, SHA-256 of the payload (64 hex characters), payload.
     */
    private static final int MAGIC = 0x48574350;
    private static final int FORMAT = 1;
    private static final String SUFFIX = ".checkpoint";

    private final Path directory;
    private final int keep;

    /** @param keep how many checkpoints stay on disk, at least 2 so that one can be broken */
    public CheckpointStore(Path directory, int keep) {
        if (keep < 2) {
            throw new IllegalArgumentException("keep at least 2 checkpoints, not " + keep);
        }
        this.directory = directory;
        this.keep = keep;
    }

    /**
     * A checkpoint that was read whole.
     *
     * @param broken one sentence for each newer checkpoint that could not be used
     */
    public record Restored(long sequence, byte[] payload, List<String> broken) {}

    /** Writes a checkpoint and then lets go of the oldest. */
    public void write(long sequence, byte[] payload) throws IOException {
        Files.createDirectories(directory);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(payload.length + 128);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeInt(FORMAT);
            out.writeLong(sequence);
            out.writeInt(payload.length);
            out.writeBytes(DurableFiles.sha256(payload));
            out.write(payload);
        }
        DurableFiles.replace(directory.resolve(String.format("%020d%s", sequence, SUFFIX)), bytes.toByteArray());
        List<Path> newestFirst = newestFirst();
        for (Path old : newestFirst.subList(Math.min(keep, newestFirst.size()), newestFirst.size())) {
            Files.deleteIfExists(old);
        }
    }

    /**
     * The newest checkpoint that is whole, with a sentence for each broken one that was passed over; empty if none was
     * ever written.
     *
     * @throws RegistryException if there are checkpoints and all of them are broken
     */
    public Optional<Restored> newest() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path file : newestFirst()) {
            try {
                Restored whole = read(file);
                return Optional.of(new Restored(whole.sequence(), whole.payload(), List.copyOf(broken)));
            } catch (IOException e) {
                broken.add("checkpoint " + file.getFileName() + " is broken: " + e.getMessage());
            }
        }
        if (!broken.isEmpty()) {
            throw new RegistryException("no whole checkpoint is left: " + String.join("; ", broken));
        }
        return Optional.empty();
    }

    private static Restored read(Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            if (in.readInt() != MAGIC) {
                throw new IOException("it does not begin as a checkpoint does");
            }
            int format = in.readInt();
            if (format != FORMAT) {
                throw new IOException("its format is " + format + ", this program reads " + FORMAT);
            }
            long sequence = in.readLong();
            int length = in.readInt();
            String expected = new String(in.readNBytes(64), java.nio.charset.StandardCharsets.US_ASCII);
            byte[] payload = in.readNBytes(length);
            if (payload.length != length || !DurableFiles.sha256(payload).equals(expected)) {
                throw new IOException("its checksum does not match its content");
            }
            return new Restored(sequence, payload, List.of());
        } catch (java.io.EOFException e) {
            throw new IOException("it ends too early", e);
        }
    }

    private List<Path> newestFirst() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .sorted(Comparator.comparing(
                                    (Path file) -> file.getFileName().toString())
                            .reversed())
                    .toList();
        }
    }
}
