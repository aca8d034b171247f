package io.headwater.registry;

import io.headwater.fault.KillPoint;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Checkpoints of one learning line, as opaque bytes in numbered files: the last few, and some older ones that rebuilds
 * begin at. A file is written whole or not at all, carries its own checksum, and a broken one is passed over for the one
 * before.
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
    private final Beginnings beginnings;

    /** @param keep how many checkpoints stay on disk, at least 2 so that one can be broken */
    public CheckpointStore(Path directory, int keep) {
        this(directory, keep, new Beginnings(0, List::of));
    }

    /**
     * @param keep how many of the newest stay on disk, at least 2 so that one can be broken
     * @param beginnings which older ones stay too
     */
    public CheckpointStore(Path directory, int keep, Beginnings beginnings) {
        if (keep < 2) {
            throw new IllegalArgumentException("keep at least 2 checkpoints, not " + keep);
        }
        this.directory = directory;
        this.keep = keep;
        this.beginnings = beginnings;
    }

    /** How many checkpoints stay on disk. */
    public int keep() {
        return keep;
    }

    /**
     * The steps that rebuilds begin at; the newest checkpoint at or before each stays.
     *
     * @param most checkpoints that stay for this; beyond it those go whose neighbours are nearest, which makes rebuilds
     *     longer, not impossible
     * @param sequences asked each time a checkpoint is written; in order
     */
    public record Beginnings(int most, Supplier<List<Long>> sequences) {}

    /**
     * A checkpoint that was read whole.
     *
     * @param broken one sentence for each newer checkpoint that could not be used
     */
    public record Restored(long sequence, byte[] payload, List<String> broken) {}

    /**
     * Writes a checkpoint and then lets go of the oldest. Newer ones go too: {@link #newest} passed them over as broken,
     * or they are of a line that was given up.
     */
    public void write(long sequence, byte[] payload) throws IOException {
        if (sequence < 0) {
            throw new IllegalArgumentException("a checkpoint's sequence begins at 0, not " + sequence);
        }
        DurableFiles.folders(directory);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(payload.length + 128);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeInt(FORMAT);
            out.writeLong(sequence);
            out.writeInt(payload.length);
            out.writeBytes(DurableFiles.sha256(payload));
            out.write(payload);
        }
        Path written = directory.resolve(name(sequence));
        DurableFiles.replace(written, bytes.toByteArray(), KillPoint.CHECKPOINT_WRITE);
        letGo(written);
        dropHalfWritten();
    }

    /**
     * Removes all checkpoints but the one of step {@code sequence}, and what a crash left half-written.
     *
     * @return how many checkpoints went
     */
    public int keepOnly(long sequence) throws IOException {
        int gone = 0;
        for (Path file : ending(SUFFIX)) {
            if (sequence(file) != sequence) {
                Files.delete(file);
                gone++;
            }
        }
        dropHalfWritten();
        DurableFiles.force(directory);
        return gone;
    }

    private void dropHalfWritten() throws IOException {
        for (Path halfWritten : ending(SUFFIX + DurableFiles.ASIDE)) {
            Files.deleteIfExists(halfWritten);
        }
    }

    private void letGo(Path written) throws IOException {
        List<Path> newestFirst = newestFirst();
        int at = newestFirst.indexOf(written);
        for (Path newer : newestFirst.subList(0, at)) {
            Files.deleteIfExists(newer);
        }
        List<Path> older = newestFirst.subList(Math.min(newestFirst.size(), at + keep), newestFirst.size());
        if (!older.isEmpty()) {
            Set<Long> staying =
                    Thinning.begin(older.stream().map(CheckpointStore::sequence).toList(), beginnings);
            for (Path old : older) {
                if (!staying.contains(sequence(old))) {
                    Files.deleteIfExists(old);
                }
            }
        }
    }

    private static long sequence(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    }

    private static String name(long sequence) {
        return String.format(Locale.ROOT, "%020d%s", sequence, SUFFIX);
    }

    /** Whether none was ever written; broken ones count. */
    public boolean isEmpty() throws IOException {
        return newestFirst().isEmpty();
    }

    /**
     * The newest checkpoint that is whole, with a sentence for each broken one that was passed over; empty if none was
     * ever written.
     *
     * @throws RegistryException if there are checkpoints and all of them are broken
     */
    public Optional<Restored> newest() throws IOException {
        return atOrBefore(Long.MAX_VALUE);
    }

    /** The {@link #newest} of those that are of step {@code sequence} or an earlier one. */
    public Optional<Restored> atOrBefore(long sequence) throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path file : newestFirst()) {
            if (sequence(file) > sequence) {
                continue;
            }
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
            byte[] payload = in.readNBytes(Math.max(0, length));
            if (!file.getFileName().toString().equals(name(sequence))) {
                throw new IOException("it says that it is of step " + sequence);
            }
            if (payload.length != length
                    || in.read() >= 0
                    || !DurableFiles.sha256(payload).equals(expected)) {
                throw new IOException("its checksum does not match its content");
            }
            return new Restored(sequence, payload, List.of());
        } catch (java.io.EOFException e) {
            throw new IOException("it ends too early", e);
        }
    }

    private List<Path> newestFirst() throws IOException {
        return ending(SUFFIX).stream().sorted(Comparator.reverseOrder()).toList();
    }

    private List<Path> ending(String suffix) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("\\.?[0-9]{20}" + Pattern.quote(suffix)))
                    .toList();
        }
    }
}
