package io.headwater.simulation;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A path on a {@link SimDisk}, without dots and links. */
final class SimPath implements Path {
    private final SimFileSystem files;
    private final boolean absolute;
    private final List<String> names;

    SimPath(SimFileSystem files, boolean absolute, List<String> names) {
        this.files = files;
        this.absolute = absolute;
        this.names = List.copyOf(names);
    }

    static SimPath parse(SimFileSystem files, String path) {
        List<String> names = new ArrayList<>();
        for (String name : path.split("/", -1)) {
            if (!name.isEmpty()) {
                names.add(name);
            }
        }
        return new SimPath(files, path.startsWith("/"), names);
    }

    List<String> names() {
        return names;
    }

    String name() {
        return names.get(names.size() - 1);
    }

    SimPath parent() {
        return new SimPath(files, absolute, names.subList(0, names.size() - 1));
    }

    @Override
    public FileSystem getFileSystem() {
        return files;
    }

    @Override
    public boolean isAbsolute() {
        return absolute;
    }

    @Override
    public @Nullable Path getRoot() {
        return absolute ? new SimPath(files, true, List.of()) : null;
    }

    @Override
    public @Nullable Path getFileName() {
        return names.isEmpty() ? null : new SimPath(files, false, List.of(name()));
    }

    @Override
    public @Nullable Path getParent() {
        return names.isEmpty() || (!absolute && names.size() == 1) ? null : parent();
    }

    @Override
    public int getNameCount() {
        return names.size();
    }

    @Override
    public Path getName(int index) {
        return new SimPath(files, false, List.of(names.get(index)));
    }

    @Override
    public Path subpath(int from, int until) {
        return new SimPath(files, false, names.subList(from, until));
    }

    @Override
    public boolean startsWith(Path other) {
        List<String> others = ((SimPath) other).names;
        return other.isAbsolute() == absolute
                && others.size() <= names.size()
                && names.subList(0, others.size()).equals(others);
    }

    @Override
    public boolean endsWith(Path other) {
        List<String> others = ((SimPath) other).names;
        return others.size() <= names.size()
                && names.subList(names.size() - others.size(), names.size()).equals(others);
    }

    @Override
    public Path normalize() {
        return this;
    }

    @Override
    public Path resolve(Path other) {
        if (other.isAbsolute()) {
            return other;
        }
        List<String> all = new ArrayList<>(names);
        all.addAll(((SimPath) other).names);
        return new SimPath(files, absolute, all);
    }

    @Override
    public Path relativize(Path other) {
        if (!other.startsWith(this)) {
            throw new IllegalArgumentException(other + " is not below " + this);
        }
        return new SimPath(files, false, ((SimPath) other).names.subList(names.size(), other.getNameCount()));
    }

    @Override
    public URI toUri() {
        return URI.create("sim://" + this);
    }

    @Override
    public Path toAbsolutePath() {
        return absolute ? this : new SimPath(files, true, names);
    }

    @Override
    public Path toRealPath(LinkOption... options) {
        return toAbsolutePath();
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(Path other) {
        return Comparator.<String>naturalOrder().compare(toString(), other.toString());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SimPath path
                && path.files.equals(files)
                && path.absolute == absolute
                && path.names.equals(names);
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }

    @Override
    public String toString() {
        return (absolute ? "/" : "") + String.join("/", names);
    }
}
