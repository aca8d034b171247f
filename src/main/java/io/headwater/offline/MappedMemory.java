package io.headwater.offline;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Memory that lies in temporary files, so that neither the heap nor its limit on direct memory bounds it. A file has no
 * name any more as soon as it is mapped, where the system allows that: it goes when the process goes, however that ends.
 * Elsewhere it is deleted when the JVM ends.
 */
final class MappedMemory {
    /** The most bytes of one piece: a mapping's limit. */
    static final long MOST = Integer.MAX_VALUE;

    private static final int ZEROS = 1 << 20;

    private final Path folder;

    /** @param folder where the files are */
    MappedMemory(Path folder) {
        this.folder = folder;
    }

    /**
     * @return {@code bytes} bytes, all 0
     * @throws IllegalArgumentException if the folder has no room for them
     */
    ByteBuffer take(long bytes) {
        if (bytes > MOST) {
            throw new IllegalArgumentException(bytes + " bytes in one piece; " + MOST + " are allowed");
        }
        try {
            Path file = Files.createTempFile(folder, "headwater-features-", ".tmp");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                // A mapping that the disk has no room for would end the process at the first write behind its end.
                ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(ZEROS, Math.max(1, bytes)));
                for (long at = 0; at < bytes; at += zeros.position()) {
                    zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at));
                    while (zeros.hasRemaining()) {
                        channel.write(zeros, at + zeros.position());
                    }
                }
                return channel.map(MapMode.READ_WRITE, 0, bytes);
            } finally {
                discard(file);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "there is no room for " + (bytes >> 20) + " MiB of features in " + folder + ": " + e.getMessage(),
                    e);
        }
    }

    private static void discard(Path file) throws IOException {
        try {
            Files.delete(file);
        } catch (FileSystemException e) {
            // Some systems keep a mapped file's name.
            file.toFile().deleteOnExit();
        }
    }
}
