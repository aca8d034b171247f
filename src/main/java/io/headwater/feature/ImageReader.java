package io.headwater.feature;

import io.headwater.feature.ImageSpec.Resize;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of a PNG, JPEG, GIF or BMP file into what an {@link ImageSpec} asks for. Any number of threads may
 * read at the same time.
 *
 * <p>The Java platform decodes, without a display; resizing is our own (see {@code Pixels}), and both give the same
 * values on every machine with the same Java. Colour profiles, transparency and EXIF, its rotation included, are
 * ignored; of a moving picture the first frame counts.
 */
public final class ImageReader {
    /** The largest picture that is decoded, in pixels: 160 MB while it is read. */
    public static final int MAX_PIXELS = 40_000_000;

    private static final Set<String> FORMATS = Set.of("png", "jpeg", "gif", "bmp");
    private static final String ALLOWED = "allowed are PNG, JPEG, GIF and BMP";

    private final ImageSpec spec;
    private final float[][] values;

    public ImageReader(ImageSpec spec) {
        this.spec = spec;
        this.values = new float[ImageSpec.CHANNELS][256];
        for (int c = 0; c < ImageSpec.CHANNELS; c++) {
            for (int pixel = 0; pixel < 256; pixel++) {
                values[c][pixel] =
                        (float) ((pixel * spec.rescale() - spec.mean().get(c))
                                / spec.std().get(c));
            }
        }
    }

    /**
     * Writes the picture as {@code [3, height, width]} into {@code to}, from index {@code at} on. The buffer's position
     * stays.
     *
     * @throws IOException if the bytes are no picture of an allowed format, damaged, or of more than
     *     {@link #MAX_PIXELS} pixels, which is known before they are decoded; the message says which
     */
    public void read(byte[] image, FloatBuffer to, int at) throws IOException {
        Pixels pixels = resized(decode(image));
        int top = Math.floorDiv(pixels.height() - spec.height(), 2);
        int left = Math.floorDiv(pixels.width() - spec.width(), 2);
        int next = at;
        for (int c = 0; c < ImageSpec.CHANNELS; c++) {
            for (int y = 0; y < spec.height(); y++) {
                for (int x = 0; x < spec.width(); x++) {
                    to.put(next++, values[c][pixels.value(y + top, x + left, c)]);
                }
            }
        }
    }

    /** Resized, and already cut where that saves work: a thin picture's other side may grow without bounds. */
    private Pixels resized(Pixels image) throws IOException {
        long height;
        long width;
        if (spec.resize() instanceof Resize.Exact exact) {
            height = exact.height();
            width = exact.width();
        } else if (spec.resize() instanceof Resize.ShorterSide side) {
            boolean upright = image.width() <= image.height();
            long shorter = Math.min(image.width(), image.height());
            long longer = side.length() * (long) Math.max(image.width(), image.height()) / shorter;
            height = upright ? longer : side.length();
            width = upright ? side.length() : longer;
        } else {
            return image;
        }
        Pixels.Mix rows = mix(image.height(), height, spec.height());
        Pixels.Mix columns = mix(image.width(), width, spec.width());
        if (Pixels.between(rows, columns) > MAX_PIXELS) {
            throw new IOException("the picture is " + image.width() + " x " + image.height()
                    + " pixels, too thin to be resized; allowed is what comes to " + MAX_PIXELS
                    + " pixels after its width is resized");
        }
        return image.mixed(rows, columns);
    }

    private Pixels.Mix mix(int old, long size, int wanted) throws IOException {
        if (size > Integer.MAX_VALUE) {
            throw new IOException("a side of the picture would be " + size + " pixels long after resizing; allowed are "
                    + Integer.MAX_VALUE);
        }
        int resized = (int) size;
        int from = Math.max(0, Math.floorDiv(resized - wanted, 2));
        return Pixels.Mix.of(spec.resample(), old, resized, from, Math.min(resized, from + wanted));
    }

    private static Pixels decode(byte[] image) throws IOException {
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(image))) {
            Iterator<javax.imageio.ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IOException("not a picture: " + start(image) + "; " + ALLOWED);
            }
            javax.imageio.ImageReader reader = readers.next();
            try {
                return decode(reader, in);
            } finally {
                reader.dispose();
            }
        }
    }

    private static Pixels decode(javax.imageio.ImageReader reader, ImageInputStream in) throws IOException {
        String format = reader.getFormatName().toLowerCase(Locale.ROOT);
        if (!FORMATS.contains(format)) {
            throw new IOException("the picture is " + format.toUpperCase(Locale.ROOT) + "; " + ALLOWED);
        }
        reader.setInput(in, true, true);
        DamageListener damage = new DamageListener();
        reader.addIIOReadWarningListener(damage);
        try {
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            if ((long) width * height > MAX_PIXELS) {
                throw new IOException(
                        "the picture is " + width + " x " + height + " pixels; allowed are " + MAX_PIXELS + " pixels");
            }
            BufferedImage decoded = reader.read(0);
            if (damage.found != null) {
                throw new IOException(damage.found);
            }
            return pixels(decoded);
        } catch (IOException e) {
            throw e.getMessage() != null && e.getMessage().startsWith("the picture is ") ? e : damaged(format, e);
        } catch (RuntimeException e) { // the decoders meet damaged files with all kinds
            throw damaged(format, e);
        }
    }

    private static IOException damaged(String format, Exception cause) {
        return new IOException(
                "the " + format.toUpperCase(Locale.ROOT) + " file is damaged or of an unusual kind: "
                        + cause.getMessage(),
                cause);
    }

    /** The JPEG decoder fills what is missing with grey and only warns. */
    private static final class DamageListener implements javax.imageio.event.IIOReadWarningListener {
        private @Nullable String found;

        @Override
        public void warningOccurred(javax.imageio.ImageReader source, String warning) {
            if (warning.startsWith("Truncated") || warning.contains("remature end")) {
                found = warning;
            }
        }
    }

    /*
     * Straight from the raster: BufferedImage.getRGB takes grey for linear light and makes it brighter, and follows
     * colour profiles, which the tools that models are trained with do not.
     */
    private static Pixels pixels(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] rgb = new byte[width * height * ImageSpec.CHANNELS];
        if (image.getColorModel() instanceof IndexColorModel) {
            int[] row = new int[width];
            for (int y = 0, to = 0; y < height; y++) {
                image.getRGB(0, y, width, 1, row, 0, width);
                for (int argb : row) {
                    rgb[to++] = (byte) (argb >> 16);
                    rgb[to++] = (byte) (argb >> 8);
                    rgb[to++] = (byte) argb;
                }
            }
            return new Pixels(height, width, rgb);
        }
        Raster raster = image.getRaster();
        int bands = raster.getNumBands();
        int[] row = new int[width * bands];
        for (int y = 0, to = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < ImageSpec.CHANNELS; c++) {
                    int band = bands < ImageSpec.CHANNELS ? 0 : c;
                    int full = (1 << raster.getSampleModel().getSampleSize(band)) - 1;
                    rgb[to++] = (byte) (row[x * bands + band] * 255L / full);
                }
            }
        }
        return new Pixels(height, width, rgb);
    }

    private static String start(byte[] image) {
        if (image.length == 0) {
            return "there are no bytes";
        }
        StringBuilder start = new StringBuilder("it starts with");
        for (int i = 0; i < Math.min(4, image.length); i++) {
            start.append(String.format(" %02x", image[i]));
        }
        return start.toString();
    }
}
