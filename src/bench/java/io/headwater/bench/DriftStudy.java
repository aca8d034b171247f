package io.headwater.bench;

import io.headwater.drift.DriftAlarm;
import io.headwater.drift.FalseAlarmBudget;
import io.headwater.drift.LossMonitor;
import io.headwater.drift.TrafficMonitor;
import io.headwater.learn.SeededRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Do drift detectors keep their budget of false alarms where nothing changes, and what do they miss, and how late are
 * they, where something does? A detector that sounds by chance as often as the budget allows is reported beside them.
 * Argument: streams of each kind (20).
 */
final class DriftStudy {
    private static final int ROWS = 100_000;
    private static final int CHANGE = 20_000;
    private static final int FEATURES = 20;
    /** An alarm that comes later than this after the change has missed it. */
    private static final int HORIZON = 20_000;

    private final int streams;
    private long nanos;
    private long values;

    private DriftStudy(int streams) {
        this.streams = streams;
    }

    public static void main(String[] args) {
        DriftStudy study = new DriftStudy(args.length > 0 ? Integer.parseInt(args[0]) : 20);
        study.falseAlarms();
        study.detection();
        study.traffic();
        System.out.printf(Locale.ROOT, "%n%.0f ns a loss, both detectors%n", (double) study.nanos / study.values);
    }

    private void falseAlarms() {
        System.out.println(
                "| no change | streams | rows | allowed | ADWIN | Page-Hinkley | alarms, 95 % interval | by chance |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        int[] total = new int[3];
        int count = 0;
        for (Map.Entry<String, LongFunction<DriftStreams.Losses>> kind :
                DriftStreams.stationary().entrySet()) {
            int[] alarms = new int[3];
            for (int i = 0; i < streams; i++) {
                DriftStreams.Losses losses = kind.getValue().apply(seed(kind.getKey(), i));
                LossMonitor monitor = new LossMonitor(FalseAlarmBudget.byDefault());
                SeededRandom chance = new SeededRandom(seed("chance" + kind.getKey(), i));
                for (int row = 0; row < ROWS; row++) {
                    if (observe(monitor, losses.next(row))) {
                        alarms[
                                Objects.requireNonNull(monitor.alarm())
                                        .detector()
                                        .ordinal()]++;
                    }
                    alarms[2] += chance.nextDouble() < 1 / FalseAlarmBudget.DEFAULT_EVENTS ? 1 : 0;
                }
            }
            printFalse(kind.getKey(), streams, alarms);
            for (int i = 0; i < total.length; i++) {
                total[i] += alarms[i];
            }
            count += streams;
        }
        printFalse("all", count, total);
    }

    private static void printFalse(String kind, int streams, int[] alarms) {
        int sum = alarms[0] + alarms[1];
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %d | %.0f | %d | %d | %d (%.1f to %.1f) | %d |%n",
                kind,
                streams,
                (long) streams * ROWS,
                streams * ROWS / FalseAlarmBudget.DEFAULT_EVENTS,
                alarms[0],
                alarms[1],
                sum,
                poissonLimit(sum, 0.975),
                poissonLimit(sum + 1, 0.025),
                alarms[2]);
    }

    /** The mean at which {@code count} or more come with probability {@code 1 - share} (Garwood, Biometrika 28, 1936). */
    private static double poissonLimit(int count, double share) {
        double low = 0;
        double high = 10 + 4.0 * count;
        for (int i = 0; i < 100 && count > 0; i++) {
            double middle = (low + high) / 2;
            double fewer = 0;
            double term = Math.exp(-middle);
            for (int k = 0; k < count; k++) {
                fewer += term;
                term *= middle / (k + 1);
            }
            if (fewer > share) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private boolean observe(LossMonitor monitor, double loss) {
        long start = System.nanoTime();
        boolean alarm = monitor.observe(loss);
        nanos += System.nanoTime() - start;
        values++;
        return alarm;
    }

    private void detection() {
        System.out.println();
        System.out.println("| change at row 20,000 | streams | missed | delay, rows: median | 90 % | by ADWIN |"
                + " by chance: missed | median of those found |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        DriftStreams.drifting(CHANGE).forEach((kind, losses) -> {
            double[] delays = new double[streams];
            double[] chance = new double[streams];
            int adwin = 0;
            for (int i = 0; i < streams; i++) {
                DriftAlarm alarm = firstAfterChange(losses.apply(seed(kind, i)));
                delays[i] = alarm == null ? Double.POSITIVE_INFINITY : alarm.row() - CHANGE;
                adwin += alarm != null && alarm.detector().ordinal() == 0 ? 1 : 0;
                double uniform = new SeededRandom(seed("chance" + kind, i)).nextDouble();
                double wait = -Math.log(1 - uniform) * FalseAlarmBudget.DEFAULT_EVENTS;
                chance[i] = wait > HORIZON ? Double.POSITIVE_INFINITY : wait;
            }
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %d | %.3f | %.0f | %.0f | %d | %.3f | %.0f |%n",
                    kind,
                    streams,
                    missed(delays),
                    quantile(delays, 0.5),
                    quantile(delays, 0.9),
                    adwin,
                    missed(chance),
                    quantile(found(chance), 0.5));
        });
    }

    private @Nullable DriftAlarm firstAfterChange(DriftStreams.Losses losses) {
        LossMonitor monitor = new LossMonitor(FalseAlarmBudget.byDefault());
        for (int row = 0; row < CHANGE + HORIZON; row++) {
            if (observe(monitor, losses.next(row)) && row >= CHANGE) {
                return monitor.alarm();
            }
        }
        return null;
    }

    private static double[] found(double[] delays) {
        return Arrays.stream(delays).filter(Double::isFinite).toArray();
    }

    private static double missed(double[] delays) {
        return 1 - (double) found(delays).length / delays.length;
    }

    private static double quantile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? Double.NaN : sorted[(int) (share * (sorted.length - 1) + 0.5)];
    }

    private void traffic() {
        System.out.println();
        System.out.println(
                "| traffic, 20 features | streams | false alarms of those allowed | missed | delay: median |");
        System.out.println("|---|---|---|---|---|");
        for (double memory : new double[] {0, 0.9, 0.98}) {
            for (double shift : new double[] {0.25, 0.5, 2}) {
                trafficRow(memory, shift);
            }
        }
    }

    /** One feature in twenty shifts by so many standard deviations. */
    private void trafficRow(double memory, double shift) {
        List<String> names = IntStream.range(0, FEATURES).mapToObj(i -> "f" + i).toList();
        int falseAlarms = 0;
        double[] delays = new double[streams];
        Arrays.fill(delays, Double.POSITIVE_INFINITY);
        for (int i = 0; i < streams; i++) {
            SeededRandom random = new SeededRandom(seed("traffic" + memory + shift, i));
            TrafficMonitor monitor = new TrafficMonitor(FalseAlarmBudget.byDefault(), names, List.of(), Set.of());
            float[] row = new float[FEATURES];
            double[] slow = new double[FEATURES];
            for (int at = 0; at < ROWS; at++) {
                for (int f = 0; f < FEATURES; f++) {
                    slow[f] = memory * slow[f] + Math.sqrt(1 - memory * memory) * random.nextGaussian();
                    row[f] = (float) slow[f];
                }
                row[7] += at >= ROWS - HORIZON ? shift : 0;
                if (monitor.observe(row, new int[0])) {
                    for (DriftAlarm alarm : monitor.alarms()) {
                        if (at >= ROWS - HORIZON && alarm.subject().equals("f7")) {
                            delays[i] = Math.min(delays[i], at - (ROWS - HORIZON));
                        } else {
                            falseAlarms++;
                        }
                    }
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "| autoregressive %.2f, shift %.2f sd | %d | %d of %.0f | %.3f | %.0f |%n",
                memory,
                shift,
                streams,
                falseAlarms,
                streams * ROWS / FalseAlarmBudget.DEFAULT_EVENTS,
                missed(delays),
                quantile(delays, 0.5));
    }

    private static long seed(String kind, int i) {
        return kind.hashCode() * 1_000_003L + i;
    }
}
