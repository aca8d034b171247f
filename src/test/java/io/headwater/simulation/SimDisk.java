package io.headwater.simulation;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory. What is written is seen at once by every process, and is lost with the power unless it was forced:
 * a file's bytes by forcing the file, its name by forcing the folder. Names reach the disk in the order in which they
 * changed, as in a journal; the bytes of a file may be there in part.
 */
public final class SimDisk {
    /** A file or a folder. */
    sealed interface Node permits SimFile, Folder {}

    /** The bytes of a file, as they are and as they were when they were last forced. */
    static final class SimFile implements Node {
        byte[] content = {};
        byte[] forced = {};
    }

    /** The names in a folder, as they are and as they would be after the power was lost. */
    static final class Folder implements Node {
        final Map<String, Node> names = new TreeMap<>();
        final Map<String, Node> kept = new TreeMap<>();
    }

    private record Change(Set<Folder> folders, Runnable keep) {}

    private final Folder root = new Folder();
    private final List<Change> journal = new ArrayList<>();
    private final Map<SimFile, SimProcess> locks = new HashMap<>();
    private final boolean forces;
    private boolean full;
    private long changes;

    public SimDisk() {
        this(true);
    }

    /** @param forces false for a disk that forgets to force */
    public SimDisk(boolean forces) {
        this.forces = forces;
    }

    /** The disk as a process sees it. */
    public Path root(SimProcess process) {
        return new SimFileSystem(this, process).root();
    }

    /** Whether writes fail for want of room. */
    public void full(boolean full) {
        this.full = full;
    }

    /** Grows whenever a name on it changes. */
    public long changes() {
        return changes;
    }

    public boolean isFull() {
        return full;
    }

    /** Everything that was not forced may be lost, or may not. */
    public void losePower(Random random) {
        int kept = journal.isEmpty() ? 0 : random.nextInt(journal.size() + 1);
        journal.subList(0, kept).forEach(change -> change.keep().run());
        journal.clear();
        changes++;
        restart(root, random);
    }

    private static void restart(Folder folder, Random random) {
        folder.names.clear();
        folder.names.putAll(folder.kept);
        for (Node node : folder.names.values()) {
            if (node instanceof Folder below) {
                restart(below, random);
            } else if (node instanceof SimFile file && !Arrays.equals(file.content, file.forced)) {
                int choice = random.nextInt(3);
                if (choice == 0) {
                    file.content = file.forced;
                } else if (choice == 1) {
                    int safe = sameBytes(file.forced, file.content);
                    file.content = Arrays.copyOf(file.content, safe + random.nextInt(file.content.length - safe + 1));
                }
                file.forced = file.content;
            }
        }
    }

    /** How many bytes at the beginning did not change: those were forced. */
    private static int sameBytes(byte[] forced, byte[] content) {
        int mismatch = Arrays.mismatch(forced, content);
        return mismatch < 0 ? content.length : mismatch;
    }

    @Nullable
    Node find(SimPath path) {
        Node at = root;
        for (String name : path.names()) {
            if (!(at instanceof Folder folder)) {
                return null;
            }
            at = folder.names.get(name);
            if (at == null) {
                return null;
            }
        }
        return at;
    }

    Node get(SimPath path) throws NoSuchFileException {
        Node node = find(path);
        if (node == null) {
            throw new NoSuchFileException(path.toString());
        }
        return node;
    }

    Folder folder(SimPath path) throws IOException {
        if (get(path) instanceof Folder folder) {
            return folder;
        }
        throw new NotDirectoryException(path.toString());
    }

    SimFile createFile(SimPath path) throws IOException {
        SimFile file = new SimFile();
        put(path, file);
        return file;
    }

    void createFolder(SimPath path) throws IOException {
        if (find(path) != null) {
            throw new FileAlreadyExistsException(path.toString());
        }
        checkRoom();
        put(path, new Folder());
    }

    private void put(SimPath path, Node node) throws IOException {
        Folder parent = folder(path.parent());
        String name = path.name();
        parent.names.put(name, node);
        log(Set.of(parent), () -> parent.kept.put(name, node));
    }

    void delete(SimPath path) throws IOException {
        if (get(path) instanceof Folder folder && !folder.names.isEmpty()) {
            throw new DirectoryNotEmptyException(path.toString());
        }
        Folder parent = folder(path.parent());
        String name = path.name();
        parent.names.remove(name);
        log(Set.of(parent), () -> parent.kept.remove(name));
    }

    void move(SimPath from, SimPath to) throws IOException {
        Node node = get(from);
        Folder source = folder(from.parent());
        Folder target = folder(to.parent());
        String before = from.name();
        String after = to.name();
        if (target.names.get(after) instanceof Folder there && !there.names.isEmpty()) {
            throw new DirectoryNotEmptyException(to.toString());
        }
        source.names.remove(before);
        target.names.put(after, node);
        log(source.equals(target) ? Set.of(source) : Set.of(source, target), () -> {
            source.kept.remove(before);
            target.kept.put(after, node);
        });
    }

    private void log(Set<Folder> folders, Runnable keep) {
        journal.add(new Change(folders, keep));
        changes++;
    }

    void force(SimFile file) {
        if (forces) {
            file.forced = file.content;
        }
    }

    void force(Folder folder) {
        if (!forces) {
            return;
        }
        int last = -1;
        for (int i = 0; i < journal.size(); i++) {
            if (journal.get(i).folders().contains(folder)) {
                last = i;
            }
        }
        List<Change> done = journal.subList(0, last + 1);
        done.forEach(change -> change.keep().run());
        done.clear();
    }

    void checkRoom() throws IOException {
        if (full) {
            throw new IOException("No space left on device");
        }
    }

    /** Gives the right to a file to one living process at a time. */
    boolean lock(SimFile file, SimProcess process) {
        SimProcess holder = locks.get(file);
        if (holder != null && !holder.isDead() && holder != process) {
            return false;
        }
        locks.put(file, process);
        return true;
    }

    void unlock(SimFile file, SimProcess process) {
        locks.remove(file, process);
    }
}
