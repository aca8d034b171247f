package io.headwater.bench;

import io.headwater.bench.SwapStudy.Scored;
import io.headwater.bench.SwapStudy.Swap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** What the times of swaps and of scored batches say about each other. */
final class SwapReport {
    private static final int RESAMPLES = 4_000;
    private static final int SEED = 17;

    /** Milliseconds of the batches around one swap, by the windows they overlap. */
    private record Around(double[] loading, double[] after, double[] matched) {}

    private final List<Swap> swaps;
    private final List<Scored> batches;
    private final List<Around> around = new ArrayList<>();

    SwapReport(List<Swap> swaps, List<Scored> batches, long windowNanos) {
        this.swaps = swaps;
        this.batches = batches;
        for (int i = 0; i < swaps.size(); i++) {
            Swap swap = swaps.get(i);
            long end = i + 1 < swaps.size()
                    ? swaps.get(i + 1).begun()
                    : batches.get(batches.size() - 1).begun();
            long middle = swap.swapped() + (end - swap.swapped()) / 2;
            around.add(new Around(
                    during(swap.begun(), swap.swapped()),
                    during(swap.swapped(), swap.swapped() + windowNanos),
                    during(middle, middle + windowNanos)));
        }
    }

    private double[] during(long from, long until) {
        return batches.stream()
                .filter(batch -> batch.ended() - from > 0 && batch.begun() - until < 0)
                .mapToDouble(batch -> (batch.ended() - batch.begun()) / 1e6)
                .toArray();
    }

    String print(String what, int rows, long lost) {
        double[] load = swaps.stream()
                .mapToDouble(swap -> (swap.warm() - swap.begun()) / 1e6)
                .sorted()
                .toArray();
        double[] exchange = swaps.stream()
                .mapToDouble(swap -> (swap.swapped() - swap.warm()) / 1e6)
                .sorted()
                .toArray();
        long backwards = 0;
        for (int i = 1; i < batches.size(); i++) {
            backwards += batches.get(i).version() < batches.get(i - 1).version() ? 1 : 0;
        }
        // A batch that begins after a swap returned must not be scored by an older version.
        long late = 0;
        for (Swap swap : swaps) {
            late += batches.stream()
                    .filter(batch -> batch.begun() - swap.swapped() > 0 && batch.version() < swap.version())
                    .count();
        }
        System.out.printf(Locale.ROOT, "%s: %d swaps, %d batches of %d%n", what, swaps.size(), batches.size(), rows);
        System.out.printf(Locale.ROOT, "load and warm ms: p50 %.1f, p99 %.1f%n", at(load, 0.5), at(load, 0.99));
        System.out.printf(Locale.ROOT, "swap ms: p50 %.4f, p99 %.4f%n", at(exchange, 0.5), at(exchange, 0.99));
        StringBuilder json = new StringBuilder(String.format(
                Locale.ROOT,
                "{\"study\":\"swap %s\",\"swaps\":%d,\"batches\":%d,\"load_warm_ms\":{\"p50\":%.2f,\"p99\":%.2f},"
                        + "\"lost\":%d,\"backwards\":%d,\"late\":%d",
                what,
                swaps.size(),
                batches.size(),
                at(load, 0.5),
                at(load, 0.99),
                lost,
                backwards,
                late));
        line("matched", window(around, 2), json);
        line("after", window(around, 1), json);
        line("loading", window(around, 0), json);
        ratio("after / matched", 1, 0.99, json);
        ratio("after / matched", 1, 0.5, json);
        ratio("loading / matched", 0, 0.99, json);
        ratio("loading / matched", 0, 0.5, json);
        System.out.printf(
                Locale.ROOT,
                "scores lost %d, versions going back %d, batches by an older version than the slot's %d%n",
                lost,
                backwards,
                late);
        return json.append('}').toString();
    }

    private static double[] window(List<Around> from, int which) {
        return from.stream()
                .flatMapToDouble(
                        one -> Arrays.stream(which == 0 ? one.loading() : which == 1 ? one.after() : one.matched()))
                .sorted()
                .toArray();
    }

    private static void line(String name, double[] sorted, StringBuilder json) {
        System.out.printf(
                Locale.ROOT,
                "batches %s: %d, ms p50 %.1f, p99 %.1f, most %.1f%n",
                name,
                sorted.length,
                at(sorted, 0.5),
                at(sorted, 0.99),
                at(sorted, 1));
        json.append(String.format(
                Locale.ROOT,
                ",\"%s_ms\":{\"n\":%d,\"p50\":%.2f,\"p99\":%.2f}",
                name,
                sorted.length,
                at(sorted, 0.5),
                at(sorted, 0.99)));
    }

    private void ratio(String name, int which, double quantile, StringBuilder json) {
        double[] ratios = new double[RESAMPLES];
        Random random = new Random(SEED);
        for (int i = 0; i < RESAMPLES; i++) {
            List<Around> drawn = new ArrayList<>();
            for (int j = 0; j < around.size(); j++) {
                drawn.add(around.get(random.nextInt(around.size())));
            }
            ratios[i] = at(window(drawn, which), quantile) / at(window(drawn, 2), quantile);
        }
        Arrays.sort(ratios);
        double found = at(window(around, which), quantile) / at(window(around, 2), quantile);
        System.out.printf(
                Locale.ROOT,
                "p%.0f of %s: %.2f, 95 %% interval %.2f to %.2f%n",
                100 * quantile,
                name,
                found,
                at(ratios, 0.025),
                at(ratios, 0.975));
        json.append(String.format(
                Locale.ROOT,
                ",\"p%.0f %s\":[%.3f,%.3f,%.3f]",
                100 * quantile,
                name,
                found,
                at(ratios, 0.025),
                at(ratios, 0.975)));
    }

    /** The value below which a share of the sorted ones lies. */
    private static double at(double[] sorted, double quantile) {
        return sorted.length == 0 ? Double.NaN : sorted[Math.max(0, (int) Math.ceil(quantile * sorted.length) - 1)];
    }
}
