package io.headwater.registry;

import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.headwater.fault.KillPoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of an audit trail: {@code audit.jsonl} is appended to, and once it is full it becomes {@code audit-1.jsonl},
 * the next one {@code audit-2.jsonl}, and so on. None is ever deleted. They are read line by line, however long they are.
 */
final class AuditFiles {
    private static final JsonMapper JSON = new JsonMapper();
    private static final ObjectReader RECORDS = JSON.readerFor(AuditRecord.class);
    private static final int BLOCK_BYTES = 1 << 16;

    private final Path home;
    private final Path current;
    private final long fullBytes;

    /**
     * Where a line begins.
     *
     * @param file how many files come before its own
     * @param bytes of its own that come before it
     */
    record Place(int file, long bytes) {
        static final Place START = new Place(0, 0);
    }

    /** Takes one line at a time. */
    interface Sink {
        void take(Place place, AuditRecord record);
    }

    AuditFiles(Path home, long fullBytes) {
        this.home = home;
        this.current = home.resolve("audit.jsonl");
        this.fullBytes = fullBytes;
    }

    /** Cuts off a record whose append a crash cut short. */
    void repair() throws IOException {
        DurableFiles.dropTornLine(current);
    }

    /**
     * Appends records and forces them to disk in one go.
     *
     * @return where to {@link #cutTo cut} to be rid of them again
     */
    long append(List<AuditRecord> records) throws IOException {
        long before = Files.exists(current) ? Files.size(current) : 0;
        if (before >= fullBytes) {
            Files.move(current, numbered(full()), StandardCopyOption.ATOMIC_MOVE);
            before = 0;
        }
        StringBuilder lines = new StringBuilder();
        for (AuditRecord record : records) {
            lines.append(JSON.writeValueAsString(record)).append('\n');
        }
        DurableFiles.append(current, lines.toString().getBytes(StandardCharsets.UTF_8), KillPoint.AUDIT_APPEND);
        if (before == 0) {
            DurableFiles.force(home);
        }
        return before;
    }

    /** Takes back the records of the last append. */
    void cutTo(long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(current, StandardOpenOption.WRITE)) {
            channel.truncate(bytes);
            channel.force(true);
        }
    }

    /** Reads on from {@code from}. A last line that is not whole is being written, or a crash cut it short. */
    void read(Place from, Sink sink) throws IOException {
        Place at = from;
        while (true) {
            try (FileChannel newest = openIfThere(current)) {
                // Looked for after the other is open, which may become this one at any time.
                Path full = numbered(at.file());
                if (!Files.exists(full)) {
                    lines(current, newest, at, sink);
                    return;
                }
                try (FileChannel before = openIfThere(full)) {
                    lines(full, before, at, sink);
                }
            }
            at = new Place(at.file() + 1, 0);
        }
    }

    private static void lines(Path file, @Nullable FileChannel channel, Place from, Sink sink) throws IOException {
        if (channel == null) {
            return;
        }
        InputStream in = Channels.newInputStream(channel.position(from.bytes()));
        byte[] buffer = new byte[BLOCK_BYTES];
        long at = from.bytes();
        int kept = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer, kept, buffer.length - kept)) {
            int end = kept + read;
            int begin = 0;
            for (int i = kept; i < end; i++) {
                if (buffer[i] == '\n') {
                    sink.take(new Place(from.file(), at), record(file, at, buffer, begin, i - begin));
                    at += i + 1 - begin;
                    begin = i + 1;
                }
            }
            kept = end - begin;
            System.arraycopy(buffer, begin, buffer, 0, kept);
            if (kept == buffer.length) {
                buffer = Arrays.copyOf(buffer, 2 * kept);
            }
        }
    }

    private static AuditRecord record(Path file, long at, byte[] buffer, int begin, int length) throws IOException {
        try {
            return RECORDS.readValue(buffer, begin, length);
        } catch (IOException e) {
            throw new IOException(file + " has no audit record in the line at byte " + at + ": " + e.getMessage(), e);
        }
    }

    /** Where the newest {@code lines} begin, or the first of all if there are not so many. */
    Place newest(int lines) throws IOException {
        long[] left = {lines};
        for (int file = full(); file >= 0; file--) {
            Path path = Files.exists(numbered(file)) ? numbered(file) : current;
            try (FileChannel channel = openIfThere(path)) {
                long begin = channel == null ? -1 : beginning(channel, left);
                if (begin >= 0) {
                    return new Place(file, begin);
                }
            }
        }
        return Place.START;
    }

    /** Goes back over {@code left} ends of lines to the one before them, and gives what follows it; -1 if there is none. */
    private static long beginning(FileChannel channel, long[] left) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
        for (long end = channel.size(); end > 0; end -= block.limit()) {
            block.clear().limit((int) Math.min(BLOCK_BYTES, end));
            read(channel, block, end - block.limit());
            for (int i = block.limit() - 1; i >= 0; i--) {
                if (block.get(i) == '\n' && left[0]-- == 0) {
                    return end - block.limit() + i + 1;
                }
            }
        }
        return -1;
    }

    private static void read(FileChannel channel, ByteBuffer block, long at) throws IOException {
        while (block.hasRemaining()) {
            if (channel.read(block, at + block.position()) < 0) {
                throw new IOException("the audit trail became shorter while it was read");
            }
        }
    }

    private static @Nullable FileChannel openIfThere(Path file) throws IOException {
        try {
            return FileChannel.open(file, StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** How many files are full. */
    private int full() {
        int full = 0;
        while (Files.exists(numbered(full))) {
            full++;
        }
        return full;
    }

    private Path numbered(int file) {
        return home.resolve("audit-" + (file + 1) + ".jsonl");
    }
}
