package io.headwater.bench;

import io.headwater.graph.Backbone;
import io.headwater.torch.FineTuning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Trains MiniLM with a fresh head and tells rows per second, milliseconds per step and how resident memory changes.
 * Arguments: cut, rows per batch, tokens per row, steps, steps of warm-up that are left out, a file for the samples.
 */
final class MiniLmTraining {
    private static final int SEED = 17;
    private static final float LEARNING_RATE = 2e-5f;
    private static final int SAMPLES = 400;
    private static final int BLOCK = 20;

    private MiniLmTraining() {}

    public static void main(String[] args) throws IOException {
        String cut = args[0];
        int rows = Integer.parseInt(args[1]);
        int tokens = Integer.parseInt(args[2]);
        int steps = Integer.parseInt(args[3]);
        int warmUp = Integer.parseInt(args[4]);
        int every = Math.max(1, (steps - warmUp) / SAMPLES);
        double[] kiloSteps = new double[SAMPLES];
        double[] mebibytes = new double[SAMPLES];
        long[] nanos = new long[steps - warmUp];
        int samples = 0;
        StringBuilder file = new StringBuilder("step,rss_mib,loss\n");
        try (FineTuning training =
                new FineTuning(Backbone.of(FineTuning.miniLm(), cut, 1, List.of(), SEED), rows, tokens)) {
            Random random = new Random(SEED);
            for (int step = 0; step < steps; step++) {
                long start = System.nanoTime();
                training.stage(random);
                double loss = training.step(LEARNING_RATE);
                if (step >= warmUp) {
                    nanos[step - warmUp] = System.nanoTime() - start;
                    if ((step - warmUp) % every == 0 && samples < SAMPLES) {
                        kiloSteps[samples] = step / 1000.0;
                        mebibytes[samples] = residentMebibytes();
                        file.append(String.format(Locale.ROOT, "%d,%.2f,%.5f%n", step, mebibytes[samples++], loss));
                    }
                }
            }
        }
        Files.writeString(Path.of(args[5]), file);
        speed(cut, rows, tokens, nanos);
        if (samples >= 2 * BLOCK) {
            memory(steps, warmUp, Arrays.copyOf(kiloSteps, samples), Arrays.copyOf(mebibytes, samples));
        }
    }

    private static void speed(String cut, int rows, int tokens, long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        double seconds = Arrays.stream(nanos).sum() / 1e9;
        System.out.printf(
                Locale.ROOT,
                "cut %s, %d rows of %d tokens: %.0f rows/s; step median %.1f ms, p90 %.1f ms over %d steps%n",
                cut,
                rows,
                tokens,
                rows * nanos.length / seconds,
                sorted[sorted.length / 2] / 1e6,
                sorted[sorted.length * 9 / 10] / 1e6,
                nanos.length);
    }

    private static void memory(int steps, int warmUp, double[] kiloSteps, double[] mebibytes) {
        Slope slope = Slope.of(kiloSteps, mebibytes, BLOCK, SEED);
        System.out.printf(
                Locale.ROOT,
                "resident memory over steps %d to %d: %.1f MiB at first, %.1f MiB at last; slope %.4f MiB per 1,000"
                        + " steps, 95 %% interval %.4f to %.4f (%d samples, blocks of %d)%n",
                warmUp,
                steps,
                mebibytes[0],
                mebibytes[mebibytes.length - 1],
                slope.perX(),
                slope.low(),
                slope.high(),
                mebibytes.length,
                BLOCK);
    }

    private static double residentMebibytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        throw new IOException("/proc/self/status has no VmRSS");
    }
}
