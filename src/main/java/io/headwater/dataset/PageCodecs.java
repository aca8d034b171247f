package io.headwater.dataset;

import io.airlift.compress.Decompressor;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Decompresses Parquet's pages without Hadoop and without natives. */
final class PageCodecs implements CompressionCodecFactory {
    private interface Codec {
        byte[] decompress(byte[] from, int size) throws IOException;
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName name) {
        return new Pages(codec(name));
    }

    private static Codec codec(CompressionCodecName name) {
        return switch (name) {
            case UNCOMPRESSED -> (from, size) -> from;
            case SNAPPY -> with(new SnappyDecompressor());
            case ZSTD -> with(new ZstdDecompressor());
            case LZ4_RAW -> with(new Lz4Decompressor());
            case GZIP ->
                (from, size) -> {
                    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(from))) {
                        return whole(in.readNBytes(size), size);
                    }
                };
            default ->
                throw new IllegalArgumentException(
                        "pages compressed with " + name + "; allowed are none, snappy, gzip, zstd and lz4_raw");
        };
    }

    private static Codec with(Decompressor decompressor) {
        return (from, size) -> {
            byte[] to = new byte[size];
            int written = decompressor.decompress(from, 0, from.length, to, 0, size);
            if (written != size) {
                throw new IOException("a page of " + written + " bytes where " + size + " were announced");
            }
            return to;
        };
    }

    private static byte[] whole(byte[] page, int size) throws IOException {
        if (page.length != size) {
            throw new IOException("a page of " + page.length + " bytes where " + size + " were announced");
        }
        return page;
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName name) {
        throw new UnsupportedOperationException("only reads");
    }

    @Override
    public void release() {}

    private record Pages(Codec codec) implements BytesInputDecompressor {
        @Override
        public BytesInput decompress(BytesInput bytes, int size) throws IOException {
            return BytesInput.from(codec.decompress(bytes.toByteArray(), size));
        }

        @Override
        public void decompress(ByteBuffer from, int compressedSize, ByteBuffer to, int size) throws IOException {
            byte[] bytes = new byte[compressedSize];
            from.get(bytes);
            to.put(codec.decompress(bytes, size));
        }

        @Override
        public void release() {}
    }
}
