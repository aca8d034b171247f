package io.headwater.offline;

import io.headwater.dataset.FileReason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** A folder that is there whole or not at all: its files are written aside, and then it gets its name. */
public final class FittedFolder {
    private final Path folder;
    private final boolean overwrite;

    public FittedFolder(Path folder, boolean overwrite) {
        this.folder = folder.toAbsolutePath().normalize();
        this.overwrite = overwrite;
    }

    /** @throws IllegalArgumentException if something is there already that must stay */
    public void check() {
        if (folder.getParent() == null) {
            throw new IllegalArgumentException("the folder to be made cannot be " + folder);
        }
        checkPlace();
        if (!Files.exists(folder)) {
            return;
        }
        if (!overwrite) {
            throw new IllegalArgumentException(
                    folder + " is there already; name another folder, or allow it with --overwrite");
        }
        if (!Files.isRegularFile(folder.resolve(FitManifest.FILE))) {
            throw new IllegalArgumentException(folder + " has no " + FitManifest.FILE
                    + ", so headwater fit did not make it, and --overwrite leaves it alone");
        }
    }

    /** Before hours of training, not after them. */
    private void checkPlace() {
        Path place = Objects.requireNonNull(folder.getParent());
        while (!Files.exists(place)) {
            place = Objects.requireNonNull(place.getParent(), "the root exists");
        }
        try {
            Files.delete(Files.createTempDirectory(place, ".headwater"));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    folder + " cannot be made: nothing can be written in " + place + ", " + FileReason.of(e), e);
        }
    }

    /** The folder in which it will be; made if it is missing. */
    public Path parent() throws IOException {
        return Files.createDirectories(folder.resolveSibling("").toAbsolutePath());
    }

    /** @throws IOException if it cannot be written; then all is as before */
    public void write(Map<String, byte[]> files) throws IOException {
        check();
        Path fresh = sibling("new");
        Path old = sibling("old");
        for (Path left : List.of(fresh, old)) {
            delete(left);
        }
        Files.createDirectories(fresh);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = fresh.resolve(file.getKey());
            Files.write(path, file.getValue());
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
        if (Files.exists(folder)) {
            Files.move(folder, old, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
        delete(old);
    }

    private Path sibling(String ending) {
        return folder.resolveSibling("." + folder.getFileName() + "." + ending);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> inside;
        try (Stream<Path> walk = Files.walk(folder)) {
            inside = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : inside) {
            Files.delete(path);
        }
    }
}
