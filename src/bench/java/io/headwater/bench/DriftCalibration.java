package io.headwater.bench;

import io.headwater.drift.Adwin;
import io.headwater.drift.FalseAlarmBudget;
import io.headwater.drift.PageHinkley;
import java.util.Locale;
import java.util.function.LongFunction;

/**
 * How much of its budget each detector spends alone, on independent losses without any change. The two constants of
 * {@link Adwin} were chosen so: with {@code L} set by hand, errors of 0 and 1 as they are (scaled down, as a loss
 * monitor does, they alarm less), the values until a false cut of the worst stream were 940, 3,300, 11,400, 35,700,
 * 125,000 and 500,000 at L = 2 to 7, above exp(4.35 + 1.2 L) throughout.
 */
final class DriftCalibration {
    private static final int ROWS = 3_000_000;
    /** The window starts afresh now and then: a stream is not unchanging forever. */
    private static final int STREAM = 100_000;

    private DriftCalibration() {}

    public static void main(String[] args) {
        System.out.println("| stream | budget, events | allowed | ADWIN: cuts | ADWIN: rises | Page-Hinkley |");
        System.out.println("|---|---|---|---|---|---|");
        DriftStreams.independent().forEach((kind, streams) -> {
            for (double budget : new double[] {1_000, 10_000, 100_000}) {
                row(kind, streams, budget);
            }
        });
    }

    private static void row(String kind, LongFunction<DriftStreams.Losses> streams, double eventsPerAlarm) {
        FalseAlarmBudget budget = new FalseAlarmBudget(eventsPerAlarm);
        int cuts = 0;
        int rises = 0;
        int alarms = 0;
        for (long seed = 1; seed <= ROWS / STREAM; seed++) {
            DriftStreams.Losses losses = streams.apply(seed);
            double variance = 0;
            double[] sample = new double[STREAM];
            for (int i = 0; i < STREAM; i++) {
                sample[i] = losses.next(i);
            }
            double mean = 0;
            for (double loss : sample) {
                mean += loss / STREAM;
            }
            for (double loss : sample) {
                variance += (loss - mean) * (loss - mean) / STREAM;
            }
            double cap = mean + 8 * Math.sqrt(variance);
            Adwin adwin = new Adwin(budget);
            PageHinkley pageHinkley = new PageHinkley(budget);
            for (double loss : sample) {
                double value = Math.min(1, loss / cap);
                if (adwin.add(value)) {
                    cuts++;
                    rises += adwin.after() > adwin.before() ? 1 : 0;
                    adwin.reset();
                }
                alarms += pageHinkley.add(value, variance / (cap * cap)) ? 1 : 0;
            }
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %.0f | %.0f | %d | %d | %d |%n",
                kind,
                eventsPerAlarm,
                ROWS / eventsPerAlarm,
                cuts,
                rises,
                alarms);
    }
}
