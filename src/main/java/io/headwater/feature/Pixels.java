package io.headwater.feature;

/**
 * A picture as bytes, {@code [height, width, 3]}: red, green, blue.
 *
 * <p>Resizing is Pillow's: the filter is widened by the factor of a reduction, so that every old pixel counts, sums are
 * in 22-bit fixed point, columns first. So the bytes are the same on every machine, and the same that a model saw which
 * was trained with Pillow.
 */
final class Pixels {
    private static final int CHANNELS = ImageSpec.CHANNELS;
    private static final int PRECISION = 32 - 8 - 2;

    private final int height;
    private final int width;
    private final byte[] rgb;

    Pixels(int height, int width, byte[] rgb) {
        this.height = height;
        this.width = width;
        this.rgb = rgb;
    }

    int height() {
        return height;
    }

    int width() {
        return width;
    }

    /** 0 to 255; black outside the picture. */
    int value(int y, int x, int channel) {
        return y < 0 || y >= height || x < 0 || x >= width ? 0 : rgb[(y * width + x) * CHANNELS + channel] & 0xff;
    }

    /** A stretch of the places of a resized side: which old pixels each new one is mixed from, and in what parts. */
    record Mix(int[] first, int[][] parts) {
        /** The places {@code from} to {@code to} (exclusive) of {@code size} new ones made of {@code old} pixels. */
        static Mix of(Resample resample, int old, int size, int from, int to) {
            double scale = (double) old / size;
            double wide = Math.max(scale, 1);
            double support = resample.support() * wide;
            int[] first = new int[to - from];
            int[][] parts = new int[to - from][];
            for (int i = from; i < to; i++) {
                double centre = (i + 0.5) * scale;
                int low = Math.max(0, (int) (centre - support + 0.5));
                int high = Math.min(old, (int) (centre + support + 0.5));
                if (resample == Resample.NEAREST) {
                    low = Math.min(old - 1, (int) centre);
                    high = low + 1;
                }
                first[i - from] = low;
                parts[i - from] = resample == Resample.NEAREST
                        ? new int[] {1 << PRECISION}
                        : parts(resample, low, high, centre, wide);
            }
            return new Mix(first, parts);
        }

        private static int[] parts(Resample resample, int low, int high, double centre, double wide) {
            double[] weights = new double[high - low];
            double sum = 0;
            for (int x = 0; x < weights.length; x++) {
                weights[x] = resample.weight((x + low - centre + 0.5) * (1 / wide));
                sum += weights[x];
            }
            int[] parts = new int[weights.length];
            for (int x = 0; x < parts.length; x++) {
                double part = sum == 0 ? weights[x] : weights[x] / sum;
                parts[x] = (int) ((part < 0 ? -0.5 : 0.5) + part * (1 << PRECISION));
            }
            return parts;
        }

        private int low() {
            return first[0];
        }

        private int high() {
            return first[first.length - 1] + parts[parts.length - 1].length;
        }
    }

    /** How many pixels lie between the two passes of {@link #mixed}. */
    static long between(Mix rows, Mix columns) {
        return (long) (rows.high() - rows.low()) * columns.first.length;
    }

    /** The picture whose rows and columns are mixed of this one's. */
    Pixels mixed(Mix rows, Mix columns) {
        int low = rows.low();
        int wide = columns.first.length;
        byte[] between = new byte[(rows.high() - low) * wide * CHANNELS];
        for (int y = 0, to = 0; y < rows.high() - low; y++) {
            for (int x = 0; x < wide; x++, to += CHANNELS) {
                int from = ((y + low) * width + columns.first[x]) * CHANNELS;
                mix(rgb, from, CHANNELS, columns.parts[x], between, to);
            }
        }
        int high = rows.first.length;
        byte[] mixed = new byte[high * wide * CHANNELS];
        for (int y = 0, to = 0; y < high; y++) {
            for (int x = 0; x < wide; x++, to += CHANNELS) {
                int from = ((rows.first[y] - low) * wide + x) * CHANNELS;
                mix(between, from, wide * CHANNELS, rows.parts[y], mixed, to);
            }
        }
        return new Pixels(high, wide, mixed);
    }

    private static void mix(byte[] from, int at, int step, int[] parts, byte[] to, int toAt) {
        for (int c = 0; c < CHANNELS; c++) {
            int sum = 1 << (PRECISION - 1);
            for (int i = 0, p = at + c; i < parts.length; i++, p += step) {
                sum += (from[p] & 0xff) * parts[i];
            }
            to[toAt + c] = (byte) Math.max(0, Math.min(255, sum >> PRECISION));
        }
    }
}
