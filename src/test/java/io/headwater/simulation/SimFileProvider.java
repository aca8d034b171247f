package io.headwater.simulation;

import io.headwater.simulation.SimDisk.Folder;
import io.headwater.simulation.SimDisk.Node;
import io.headwater.simulation.SimDisk.SimFile;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operations of one process on a {@link SimDisk}; each that changes it is an act of the process. */
final class SimFileProvider extends FileSystemProvider {
    private final SimDisk disk;
    private final SimProcess process;

    SimFileProvider(SimDisk disk, SimProcess process) {
        this.disk = disk;
        this.process = process;
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        SimPath at = (SimPath) path;
        Node node = disk.find(at);
        if (node instanceof Folder folder) {
            return new SimChannel(disk, process, folder, at.toString());
        }
        boolean creates =
                options.contains(StandardOpenOption.CREATE) || options.contains(StandardOpenOption.CREATE_NEW);
        boolean writes = options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND);
        if (node == null && !creates) {
            throw new NoSuchFileException(path.toString());
        }
        if (writes) {
            process.act("open " + path);
        }
        SimFile file = node instanceof SimFile there ? there : disk.createFile(at);
        if (writes && options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
            file.content = new byte[0];
        }
        return new SimChannel(disk, process, file, at.toString(), options.contains(StandardOpenOption.APPEND));
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path folder, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        List<Path> paths = new ArrayList<>();
        for (String name : disk.folder((SimPath) folder).names.keySet()) {
            paths.add(folder.resolve(name));
        }
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                return paths.iterator();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
        process.act("create " + folder);
        disk.createFolder((SimPath) folder);
    }

    @Override
    public void delete(Path path) throws IOException {
        process.act("delete " + path);
        disk.delete((SimPath) path);
    }

    @Override
    public void move(Path from, Path to, CopyOption... options) throws IOException {
        process.act("rename " + from);
        // An atomic move replaces a file whatever else is said.
        if (disk.find((SimPath) to) != null && !Arrays.asList(options).contains(StandardCopyOption.ATOMIC_MOVE)) {
            throw new FileAlreadyExistsException(to.toString());
        }
        disk.move((SimPath) from, (SimPath) to);
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        disk.get((SimPath) path);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        return (A) new Attributes(disk.get((SimPath) path));
    }

    private record Attributes(Node node) implements BasicFileAttributes {
        @Override
        public FileTime lastModifiedTime() {
            return FileTime.fromMillis(0);
        }

        @Override
        public FileTime lastAccessTime() {
            return FileTime.fromMillis(0);
        }

        @Override
        public FileTime creationTime() {
            return FileTime.fromMillis(0);
        }

        @Override
        public boolean isRegularFile() {
            return node instanceof SimFile;
        }

        @Override
        public boolean isDirectory() {
            return node instanceof Folder;
        }

        @Override
        public boolean isSymbolicLink() {
            return false;
        }

        @Override
        public boolean isOther() {
            return false;
        }

        @Override
        public long size() {
            return node instanceof SimFile file ? file.content.length : 0;
        }

        @Override
        public @Nullable Object fileKey() {
            return null;
        }
    }

    @Override
    public String getScheme() {
        return "sim";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Path getPath(URI uri) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void copy(Path from, Path to, CopyOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isSameFile(Path one, Path other) {
        return one.equals(other);
    }

    @Override
    public boolean isHidden(Path path) {
        return false;
    }

    @Override
    public FileStore getFileStore(Path path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        return null;
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
        throw new UnsupportedOperationException();
    }
}
