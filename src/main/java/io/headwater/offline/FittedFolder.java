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
    private final Move move;

    /** Gives a folder another name at once. */
    interface Move {
        void move(Path from, Path to) throws IOException;
    }

    public FittedFolder(Path folder, boolean overwrite) {
        this(folder, overwrite, (from, to) -> Files.move(from, to, StandardCopyOption.ATOMIC_MOVE));
    }

    FittedFolder(Path folder, boolean overwrite, Move move) {
        this.folder = folder.toAbsolutePath().normalize();
        this.overwrite = overwrite;
        this.move = move;
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
        delete(fresh);
        try {
            fill(fresh, files);
            rename(fresh);
        } catch (IOException e) {
            undo(e, () -> delete(fresh));
            throw e;
        }
    }

    private static void fill(Path fresh, Map<String, byte[]> files) throws IOException {
        Files.createDirectories(fresh);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = fresh.resolve(file.getKey());
            Files.write(path, file.getValue());
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
    }

    /** What is there already is put aside for it, and put back if it cannot be had. */
    private void rename(Path fresh) throws IOException {
        Path old = sibling("old");
        boolean replaces = Files.exists(folder);
        if (replaces) {
            delete(old);
            move.move(folder, old);
        }
        try {
            move.move(fresh, folder);
        } catch (IOException e) {
            if (replaces) {
                undo(e, () -> move.move(old, folder));
            }
            throw e;
        }
        try {
            delete(old);
        } catch (IOException e) {
            // It is in nobody's way, and goes when the folder is next replaced.
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void undo(IOException cause, Step step) {
        try {
            step.run();
        } catch (IOException left) {
            cause.addSuppressed(left);
        }
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
