package io.headwater.registry;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The right to write to a folder: one holder on the machine at a time, let go when its process ends. */
final class WriterLock implements AutoCloseable {
    /*
     * A file lock belongs to the process, and closing any channel of the file releases it, whichever channel took it.
     * So a second taker in this process has to be turned away before it opens the file.
     */
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel file;

    private WriterLock(Path folder, FileChannel file) {
        this.folder = folder;
        this.file = file;
    }

    /** Takes the lock of {@code folder}; null if it is held, by this process or another. */
    static @Nullable WriterLock take(Path folder) throws IOException {
        Path key = folder.toRealPath();
        if (!HELD_HERE.add(key)) {
            return null;
        }
        boolean taken = false;
        try {
            FileChannel file =
                    FileChannel.open(key.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = file.tryLock();
            if (lock == null) {
                file.close();
                return null;
            }
            taken = true;
            return new WriterLock(key, file);
        } finally {
            if (!taken) {
                HELD_HERE.remove(key);
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (file.isOpen()) {
            file.close();
            HELD_HERE.remove(folder);
        }
    }
}
