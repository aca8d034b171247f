package io.headwater.dataset;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** A UTF-8 text file, compressed or not, that knows how far it has been read. Refuses bytes that are not UTF-8. */
final class TextFile implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final Reader reader;
    private final Counted counted;
    private final long size;

    TextFile(Path file) throws IOException {
        size = Math.max(1, Files.size(file));
        counted = new Counted(Files.newInputStream(file));
        InputStream in = new BufferedInputStream(counted, BUFFER);
        if (file.toString().toLowerCase(Locale.ROOT).endsWith(".gz")) {
            try {
                in = new GZIPInputStream(in, BUFFER);
            } catch (IOException e) {
                counted.close();
                throw e;
            }
        }
        reader = new InputStreamReader(
                in,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
    }

    Reader reader() {
        return reader;
    }

    /** The share of the file's bytes that were read, 0 to 1. */
    double share() {
        return Math.min(1, (double) counted.bytes / size);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    private static final class Counted extends FilterInputStream {
        private long bytes;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            bytes += read < 0 ? 0 : 1;
            return read;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            int read = super.read(to, offset, length);
            bytes += Math.max(0, read);
            return read;
        }
    }
}
