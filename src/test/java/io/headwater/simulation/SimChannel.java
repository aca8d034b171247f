package io.headwater.simulation;

import io.headwater.simulation.SimDisk.Folder;
import io.headwater.simulation.SimDisk.Node;
import io.headwater.simulation.SimDisk.SimFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An open file or folder of a {@link SimDisk}. A write that the process dies in, or that the disk has no room for, is
 * half done.
 */
final class SimChannel extends FileChannel {
    private final SimDisk disk;
    private final SimProcess process;
    private final Node node;
    private final String name;
    private long position;

    SimChannel(SimDisk disk, SimProcess process, Folder folder, String name) {
        this.disk = disk;
        this.process = process;
        this.node = folder;
        this.name = name;
    }

    SimChannel(SimDisk disk, SimProcess process, SimFile file, String name, boolean append) {
        this.disk = disk;
        this.process = process;
        this.node = file;
        this.name = name;
        this.position = append ? file.content.length : 0;
    }

    private SimFile file() {
        return (SimFile) node;
    }

    @Override
    public int read(ByteBuffer to) {
        int read = read(to, position);
        position += Math.max(0, read);
        return read;
    }

    @Override
    public int read(ByteBuffer to, long from) {
        byte[] content = file().content;
        if (from >= content.length) {
            return to.hasRemaining() ? -1 : 0;
        }
        int length = Math.min(to.remaining(), content.length - (int) from);
        to.put(content, (int) from, length);
        return length;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        int length = from.remaining();
        if (process.diesNext() || (disk.isFull() && !process.isDead())) {
            put(from, length / 2);
        }
        process.act("write " + name);
        disk.checkRoom();
        put(from, from.remaining());
        return length;
    }

    private void put(ByteBuffer from, int length) {
        SimFile file = file();
        byte[] next = Arrays.copyOf(file.content, Math.max(file.content.length, (int) position + length));
        from.get(next, (int) position, length);
        file.content = next;
        position += length;
    }

    @Override
    public void force(boolean metaData) {
        process.act("force " + name);
        if (node instanceof Folder folder) {
            disk.force(folder);
        } else {
            disk.force(file());
        }
    }

    @Override
    public FileChannel truncate(long size) {
        process.act("truncate " + name);
        SimFile file = file();
        file.content = Arrays.copyOf(file.content, (int) Math.min(size, file.content.length));
        position = Math.min(position, size);
        return this;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public FileChannel position(long next) {
        position = next;
        return this;
    }

    @Override
    public long size() {
        return file().content.length;
    }

    @Override
    public @Nullable FileLock tryLock(long from, long size, boolean shared) {
        if (!disk.lock(file(), process)) {
            return null;
        }
        return new FileLock(this, from, size, shared) {
            @Override
            public boolean isValid() {
                return isOpen();
            }

            @Override
            public void release() {
                disk.unlock(file(), process);
            }
        };
    }

    @Override
    protected void implCloseChannel() {
        if (node instanceof SimFile file) {
            disk.unlock(file, process);
        }
    }

    @Override
    public FileLock lock(long from, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long read(ByteBuffer[] to, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer from, long at) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long from, long size) {
        throw new UnsupportedOperationException();
    }
}
