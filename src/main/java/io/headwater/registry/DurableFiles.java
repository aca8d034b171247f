package io.headwater.registry;

import io.headwater.fault.KillPoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Files that survive a crash whole or are not there at all: written aside, forced to disk, renamed, folder forced. */
final class DurableFiles {
    /** How the name of a file that is not finished ends. */
    static final String ASIDE = ".tmp";

    private DurableFiles() {}

    /** Makes a folder and those above it, each one forced to disk. */
    static void folders(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Path above = parent(folder);
            folders(above);
            Files.createDirectories(folder);
            force(above);
        }
    }

    /** Replaces {@code target} by {@code content} in one step. */
    static void replace(Path target, byte[] content) throws IOException {
        replace(target, content, null);
    }

    /**
     * Replaces {@code target} by {@code content} in one step. Nothing is left behind where that fails: on a full disk
     * what was written so far is the room that the next try needs.
     *
     * @param half the place between the two halves of the content
     */
    static void replace(Path target, byte[] content, @Nullable KillPoint half) throws IOException {
        Path aside = target.resolveSibling("." + target.getFileName() + ASIDE);
        try {
            write(aside, content, half);
        } catch (IOException e) {
            Files.deleteIfExists(aside);
            throw e;
        }
        KillPoint.RENAME.pass();
        Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force(parent(target));
    }

    /** What is in {@code file}; empty where it is not there. */
    static Optional<byte[]> optional(Path file, String what) {
        try {
            return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
        } catch (IOException e) {
            throw new RegistryException(what + " cannot be read: " + e, e);
        }
    }

    /** Removes {@code target}, if it is there. */
    static void remove(Path target) throws IOException {
        if (Files.deleteIfExists(target)) {
            force(parent(target));
        }
    }

    /** Writes a new file and forces it to disk; not atomic by itself. */
    static void write(Path file, byte[] content, @Nullable KillPoint half) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            put(content, channel, half);
        }
    }

    /** Appends one record and forces it to disk; where that fails the file is as it was. */
    static void append(Path file, byte[] content, @Nullable KillPoint half) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            long before = channel.size();
            try {
                put(content, channel, half);
            } catch (IOException e) {
                channel.truncate(before);
                throw e;
            }
        }
    }

    private static void put(byte[] content, FileChannel channel, @Nullable KillPoint half) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(content);
        if (half != null) {
            write(left.limit(content.length / 2), channel);
            half.pass();
        }
        write(left.limit(content.length), channel);
        KillPoint.FSYNC.pass();
        channel.force(true);
    }

    private static void write(ByteBuffer left, FileChannel channel) throws IOException {
        while (left.hasRemaining()) {
            channel.write(left);
        }
    }

    /**
     * Cuts off what follows the last newline: a record whose append a crash cut short. The rest is forced to disk, and
     * its name too: a process that died may not have come to that, and what is read from here on is relied on.
     */
    static void dropTornLine(Path file) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long end = channel.size();
            ByteBuffer last = ByteBuffer.allocate(1);
            while (end > 0 && !(channel.read(last.clear(), end - 1) == 1 && last.get(0) == '\n')) {
                end--;
            }
            channel.truncate(end);
            channel.force(true);
        }
        force(parent(file));
    }

    /** Moves a finished folder to its place in one step. */
    static void publish(Path aside, Path target) throws IOException {
        force(aside);
        Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        KillPoint.VERSION_PUBLISH.pass();
        force(parent(target));
    }

    /** Forces a folder's entries to disk. */
    static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(root)) {
            List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        }
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static Path parent(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException(path + " has no folder");
        }
        return parent;
    }
}
