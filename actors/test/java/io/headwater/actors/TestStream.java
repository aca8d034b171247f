package io.headwater.actors;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A small drifting stream: the label is 1 with probability sigmoid(x + shift), where {@code shift} moves after the
 * source examples. Numbered events; event {@code n} is always the same.
 */
final class TestStream {
    static final double SOURCE_SHIFT = 0;
    static final double LIVE_SHIFT = 2;

    private TestStream() {}

    static String event(int n) {
        return "{" + fields("e" + n, n) + "}";
    }

    static String labeled(int n) {
        return labeled("e" + n, n, LIVE_SHIFT);
    }

    private static String labeled(String id, int n, double shift) {
        SplittableRandom random = new SplittableRandom(7_000_000L + n);
        boolean label = random.nextDouble() < 1 / (1 + Math.exp(-x(n) - shift));
        return "{" + fields(id, n) + ",\"label\":" + (label ? 1 : 0) + ",\"label_time\":" + (time(n) + 1) + "}";
    }

    private static String fields(String id, int n) {
        return String.format(
                Locale.ROOT, "\"id\":\"%s\",\"time\":%d,\"x\":%.6f,\"kind\":\"k%d\"", id, time(n), x(n), n % 5);
    }

    private static double x(int n) {
        return new SplittableRandom(n).nextDouble(-2, 2);
    }

    private static long time(int n) {
        return 1_700_000_000_000L + n * 1000L;
    }

    /** A labelled example of before the shift. */
    static String ofSource(int n) {
        return labeled("s" + n, 1_000_000 + n, SOURCE_SHIFT);
    }

    /** Writes labelled examples of before the shift, for the source model. */
    static Path source(Path file, int examples) throws IOException {
        Files.write(
                file,
                IntStream.range(0, examples)
                        .mapToObj(n -> labeled("s" + n, 1_000_000 + n, SOURCE_SHIFT))
                        .toList(),
                StandardCharsets.UTF_8);
        return file;
    }
}
