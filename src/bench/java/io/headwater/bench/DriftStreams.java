package io.headwater.bench;

import io.headwater.learn.SeededRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.function.LongFunction;

/** Seeded streams of losses as test-then-train gives them, without any change or with one whose row is known. */
final class DriftStreams {
    /** A stream: the loss of the next row, asked for in order. */
    interface Losses {
        double next(int row);
    }

    private static final double PERIOD = 48;

    private DriftStreams() {}

    /** Losses in which nothing changes, each independent of the others. */
    static Map<String, LongFunction<Losses>> independent() {
        Map<String, LongFunction<Losses>> kinds = new LinkedHashMap<>();
        for (double rate : new double[] {0.01, 0.05, 0.2, 0.4}) {
            kinds.put("errors at " + rate, seed -> errors(seed, row -> rate));
        }
        kinds.put("log loss, calibrated model, half positive", seed -> calibrated(seed, 0, 1.5));
        kinds.put("log loss, calibrated model, 0.8 % positive", seed -> calibrated(seed, -6.5, 1.8));
        kinds.put("squared error, tails of Student's t with 5", DriftStreams::squaredError);
        return kinds;
    }

    /** Streams in which nothing changes: independent, correlated, periodic, heavy-tailed, and of a learner. */
    static Map<String, LongFunction<Losses>> stationary() {
        Map<String, LongFunction<Losses>> kinds = independent();
        kinds.put("log loss, logistic learner, delay 48", seed -> learner(seed, Integer.MAX_VALUE));
        kinds.put("errors in bursts of 100 rows", DriftStreams::bursts);
        kinds.put("autoregressive, 0.9", seed -> autoregressive(seed, 0.9, 0.5));
        kinds.put("autoregressive, 0.99", seed -> autoregressive(seed, 0.99, 0.5));
        kinds.put("autoregressive, 0.98, log-normal tails", seed -> autoregressive(seed, 0.98, 1));
        kinds.put("errors with a daily period", seed -> errors(seed, DriftStreams::daily));
        return kinds;
    }

    /** Streams that change at row {@code at}. */
    static Map<String, LongFunction<Losses>> drifting(int at) {
        Map<String, LongFunction<Losses>> kinds = new LinkedHashMap<>();
        abrupt(kinds, at, 0.01, 0.02);
        abrupt(kinds, at, 0.01, 0.05);
        abrupt(kinds, at, 0.1, 0.12);
        abrupt(kinds, at, 0.1, 0.15);
        abrupt(kinds, at, 0.1, 0.3);
        abrupt(kinds, at, 0.3, 0.5);
        kinds.put("errors 0.1 to 0.2 over 5,000 rows", seed -> errors(seed, row -> ramp(row, at, 5_000, 0.1, 0.2)));
        kinds.put("errors 0.1 to 0.2 over 20,000 rows", seed -> errors(seed, row -> ramp(row, at, 20_000, 0.1, 0.2)));
        kinds.put(
                "daily errors, rate half as high again",
                seed -> errors(seed, row -> daily(row) * (row < at ? 1 : 1.5)));
        kinds.put("logistic learner, concept turned round", seed -> learner(seed, at));
        return kinds;
    }

    private static void abrupt(Map<String, LongFunction<Losses>> kinds, int at, double from, double to) {
        kinds.put("errors " + from + " to " + to, seed -> errors(seed, row -> row < at ? from : to));
    }

    private static double ramp(int row, int at, int rows, double from, double to) {
        return from + (to - from) * Math.max(0, Math.min(1, (row - at) / (double) rows));
    }

    private static double daily(int row) {
        return 0.15 + 0.1 * Math.sin(2 * Math.PI * row / PERIOD);
    }

    private static Losses errors(long seed, IntToDoubleFunction rate) {
        SeededRandom random = new SeededRandom(seed);
        return row -> random.nextDouble() < rate.applyAsDouble(row) ? 1 : 0;
    }

    /** The log loss of the true probabilities, whose logits are normal. */
    private static Losses calibrated(long seed, double mean, double deviation) {
        SeededRandom random = new SeededRandom(seed);
        return row -> {
            double logit = mean + deviation * random.nextGaussian();
            boolean positive = random.nextDouble() < 1 / (1 + Math.exp(-logit));
            return Math.log1p(Math.exp(positive ? -logit : logit));
        };
    }

    private static Losses bursts(long seed) {
        SeededRandom random = new SeededRandom(seed);
        boolean[] bad = {false};
        return row -> {
            bad[0] ^= random.nextDouble() < 0.01;
            return random.nextDouble() < (bad[0] ? 0.3 : 0.05) ? 1 : 0;
        };
    }

    private static Losses autoregressive(long seed, double memory, double spread) {
        SeededRandom random = new SeededRandom(seed);
        double[] last = {random.nextGaussian()};
        return row -> {
            last[0] = memory * last[0] + Math.sqrt(1 - memory * memory) * random.nextGaussian();
            return Math.exp(spread * last[0]);
        };
    }

    private static Losses squaredError(long seed) {
        SeededRandom random = new SeededRandom(seed);
        return row -> {
            double chi = 0;
            for (int i = 0; i < 5; i++) {
                double normal = random.nextGaussian();
                chi += normal * normal;
            }
            double error = random.nextGaussian() / Math.sqrt(chi / 5);
            return error * error;
        };
    }

    /** A logistic learner of ten columns whose labels come 48 rows late; from {@code turn} on the concept is its opposite. */
    private static Losses learner(long seed, int turn) {
        SeededRandom random = new SeededRandom(seed);
        int columns = 10;
        int delay = 48;
        double[] truth = new double[columns];
        for (int i = 0; i < columns; i++) {
            truth[i] = random.nextGaussian();
        }
        double[] weights = new double[columns];
        double[][] waiting = new double[delay + 1][columns + 1];
        return row -> {
            double[] due = waiting[(row + 1) % waiting.length];
            if (row > delay) {
                double residual = due[columns] - 1 / (1 + Math.exp(-dot(weights, due)));
                for (int i = 0; i < columns; i++) {
                    weights[i] += 0.02 * residual * due[i];
                }
            }
            double[] now = waiting[row % waiting.length];
            for (int i = 0; i < columns; i++) {
                now[i] = random.nextGaussian();
            }
            double logit = dot(truth, now) * (row < turn ? 1 : -1);
            now[columns] = random.nextDouble() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
            double scored = dot(weights, now);
            return Math.log1p(Math.exp(now[columns] == 1 ? -scored : scored));
        };
    }

    private static double dot(double[] weights, double[] row) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * row[i];
        }
        return sum;
    }
}
