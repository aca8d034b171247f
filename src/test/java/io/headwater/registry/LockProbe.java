package io.headwater.registry;

import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Another process that tries to lock a file, says whether it could, and holds the lock if it is asked to. */
final class LockProbe {
    private LockProbe() {}

    /** @param args the file, and {@code try} or {@code hold} */
    public static void main(String[] args) throws Exception {
        try (FileChannel file =
                        FileChannel.open(Path.of(args[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.tryLock()) {
            System.out.println(lock == null ? "refused" : "locked");
            System.out.flush();
            if (args[1].equals("hold")) {
                // Until the test ends this process.
                System.in.read();
            }
        }
    }
}
