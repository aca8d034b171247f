package io.headwater.actors;

import io.headwater.Prerequisite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file system of its own in memory, which can be filled to its last byte. */
final class SmallDisk implements AutoCloseable {
    private static final int SIZE_MB = 256;
    private static final int CHUNK = 64 << 10;

    private final Path path;
    private final Path ballast;

    private SmallDisk(Path path) {
        this.path = path;
        this.ballast = path.resolve("ballast");
    }

    /** Only root may mount: elsewhere {@code test} is left out, with that reason. */
    static SmallDisk mount(Path path, Class<?> test) throws IOException, InterruptedException {
        Files.createDirectories(path);
        Process mount = new ProcessBuilder(
                        "mount", "-t", "tmpfs", "-o", "size=" + SIZE_MB + "m", "none", path.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(mount.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        Prerequisite.require(mount.waitFor() == 0, test, "a small disk needs the right to mount a tmpfs: " + said);
        return new SmallDisk(path);
    }

    Path path() {
        return path;
    }

    /** Leaves no room for another page. */
    void fill() throws IOException {
        try (FileChannel channel = FileChannel.open(ballast, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
            // Others write too, and give back what they could not finish.
            for (int failures = 0; failures < 100; ) {
                try {
                    channel.write(chunk.clear());
                } catch (IOException full) {
                    failures++;
                }
            }
        }
    }

    void makeRoom() throws IOException {
        Files.delete(ballast);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        new ProcessBuilder("umount", "-l", path.toString()).inheritIO().start().waitFor();
    }
}
