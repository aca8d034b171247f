package io.headwater.bench;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * Handwritten digits from a pair of idx files (LeCun, Cortes & Burges).
 *
 * @param pixels {@code [rows][28 * 28]} in 0..1
 * @param labels {@code [rows]} 0 to 9
 */
record SplitMnistDigits(float[][] pixels, int[] labels) {
    private static final int IMAGES = 0x803;
    private static final int LABELS = 0x801;

    static SplitMnistDigits training(Path folder) throws IOException {
        return read(folder, "train");
    }

    static SplitMnistDigits test(Path folder) throws IOException {
        return read(folder, "t10k");
    }

    private static SplitMnistDigits read(Path folder, String part) throws IOException {
        try (DataInputStream images = open(folder.resolve(part + "-images-idx3-ubyte.gz"), IMAGES);
                DataInputStream labels = open(folder.resolve(part + "-labels-idx1-ubyte.gz"), LABELS)) {
            int rows = images.readInt();
            int width = images.readInt() * images.readInt();
            if (labels.readInt() != rows) {
                throw new IOException(folder + ": there are not as many " + part + " labels as images");
            }
            float[][] pixels = new float[rows][width];
            byte[] bytes = new byte[width];
            for (float[] row : pixels) {
                images.readFully(bytes);
                for (int i = 0; i < width; i++) {
                    row[i] = (bytes[i] & 255) / 255f;
                }
            }
            int[] digits = new int[rows];
            for (int i = 0; i < rows; i++) {
                digits[i] = labels.readUnsignedByte();
            }
            return new SplitMnistDigits(pixels, digits);
        }
    }

    private static DataInputStream open(Path file, int mark) throws IOException {
        DataInputStream in = new DataInputStream(new GZIPInputStream(Files.newInputStream(file), 1 << 16));
        if (in.readInt() != mark) {
            in.close();
            throw new IOException(file + " is no idx file of the expected kind");
        }
        return in;
    }
}
