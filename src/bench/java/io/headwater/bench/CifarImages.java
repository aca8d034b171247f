package io.headwater.bench;

import io.headwater.event.Event;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.ImageReader;
import io.headwater.feature.ImageSpec;
import io.headwater.feature.RowEncoder;
import io.headwater.feature.RowLayout;
import io.headwater.feature.RowTensor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import javax.imageio.ImageIO;

/**
 * CIFAR-10's test images as files, so that they go the way a user's do.
 *
 * @param files one PNG each, 32 × 32
 * @param labels 0 to 9
 */
record CifarImages(List<byte[]> files, int[] labels) {
    static CifarImages read(Path data) throws IOException {
        List<byte[]> files = new ArrayList<>();
        try (DataInputStream in = open(data.resolve("cifar10/test-images-idx4.gz"))) {
            expect(0x804, in.readInt());
            int count = in.readInt();
            int height = in.readInt();
            int width = in.readInt();
            expect(ImageSpec.CHANNELS, in.readInt());
            for (int i = 0; i < count; i++) {
                files.add(png(in.readNBytes(height * width * ImageSpec.CHANNELS), height, width));
            }
        }
        int[] labels;
        try (DataInputStream in = open(data.resolve("cifar10/test-labels.gz"))) {
            expect(0x801, in.readInt());
            labels = new int[in.readInt()];
            expect(files.size(), labels.length);
            for (int i = 0; i < labels.length; i++) {
                labels[i] = in.readUnsignedByte();
            }
        }
        return new CifarImages(files, labels);
    }

    private static DataInputStream open(Path file) throws IOException {
        return new DataInputStream(new GZIPInputStream(Files.newInputStream(file), 1 << 16));
    }

    private static void expect(int wanted, int found) throws IOException {
        if (wanted != found) {
            throw new IOException("found " + found + " where an idx file of CIFAR-10 has " + wanted);
        }
    }

    private static byte[] png(byte[] rgb, int height, int width) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int at = 0, pixel = 0; at < rgb.length; at += ImageSpec.CHANNELS, pixel++) {
            int color = (rgb[at] & 0xff) << 16 | (rgb[at + 1] & 0xff) << 8 | (rgb[at + 2] & 0xff);
            image.setRGB(pixel % width, pixel / width, color);
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ImageIO.write(image, "png", file);
        return file.toByteArray();
    }

    /** One for each image, which carries its number. */
    List<Event> events() {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            events.add(new Event("image-" + i, 0, new float[] {i}, new String[0]));
        }
        return events;
    }

    /** Makes the backbone's input of an image's number: decoded, resized bilinearly, in 0 to 1. */
    RowEncoder inputs(String name, int side) {
        ImageReader reader = new ImageReader(ImageSpec.plain(side, side));
        int length = ImageSpec.CHANNELS * side * side;
        RowLayout layout = new RowLayout(
                List.of(RowTensor.floats(name, List.of(ImageSpec.CHANNELS, side, side))), "CIFAR-10 at " + side);
        return new RowEncoder() {
            @Override
            public RowLayout layout() {
                return layout;
            }

            @Override
            public void encode(Event event, FeatureBatch batch) {
                try {
                    reader.read(files.get((int) event.numeric()[0]), batch.floats(0), batch.nextRow() * length);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }
}
