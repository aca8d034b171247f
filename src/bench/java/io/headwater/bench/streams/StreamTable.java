package io.headwater.bench.streams;

import io.headwater.offline.evaluate.ClassFigures;
import io.headwater.offline.evaluate.Measures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Learners beside their peers on the same rows with the same delay, each from nothing and in one thread.
 *
 * <p>Arguments: the data folder, streams, delays in rows, seeds, learners, each but the first a list with commas. A
 * stream may name its own delays, {@code fraud@clock} or {@code sea-abrupt:20000@0/48}, where {@code clock} is what the
 * stream itself says. A recorded stream is the same for every seed; a learner without chance then runs once.
 */
public final class StreamTable {
    private StreamTable() {}

    /** A stream and the delays that it is run with. */
    private record Asked(String stream, List<Delay> delays) {
        static Asked parse(String text, String delays) {
            int at = text.indexOf('@');
            return at < 0
                    ? new Asked(text, delays(delays, ","))
                    : new Asked(text.substring(0, at), delays(text.substring(at + 1), "/"));
        }

        private static List<Delay> delays(String list, String separator) {
            return Stream.of(list.split(separator, -1)).map(Delay::parse).toList();
        }
    }

    public static void main(String[] args) throws IOException {
        if (args.length != 5) {
            throw new IllegalArgumentException("arguments are DATA STREAMS DELAYS SEEDS LEARNERS; streams are "
                    + RealStreams.NAMES + " and " + GeneratedStreams.NAMES);
        }
        Path data = Path.of(args[0]);
        List<Asked> asked = new ArrayList<>();
        for (String stream : args[1].split(",", -1)) {
            asked.add(Asked.parse(stream, args[2]));
        }
        long[] seeds = Arguments.seeds(args[3]);
        List<Contestant> learners = Contestant.named(args[4]);
        System.out.println(Arguments.circumstances());
        StreamResults results = new StreamResults();
        for (Asked one : asked) {
            boolean fixed = !Streams.isGenerated(one.stream);
            StreamRows rows = Streams.open(one.stream, seeds[0], data);
            for (long seed : seeds) {
                if (!fixed && seed != seeds[0]) {
                    rows = Streams.open(one.stream, seed, data);
                }
                for (Delay delay : one.delays) {
                    for (Contestant learner : learners) {
                        if (!fixed || learner.isSeeded() || seed == seeds[0]) {
                            run(learner, rows, delay, seed, results);
                        }
                    }
                }
            }
        }
        results.print();
    }

    private static void run(Contestant learner, StreamRows rows, Delay delay, long seed, StreamResults results)
            throws IOException {
        Measures measures = Measures.of(rows.task(), rows.rows(), rows.classes(), rows.rows());
        Course.Speed speed = Course.run(learner, rows, delay.of(rows), seed, each -> measures);
        ClassFigures figures = (ClassFigures) measures.figures();
        results.add(rows.name(), delay, learner.title(), seed, figures, speed.processor());
        System.out.printf(
                Locale.ROOT,
                "{\"stream\":\"%s\",\"rows\":%d,\"delay\":\"%s\",\"seed\":%d,\"learner\":\"%s\",\"accuracy\":%.5f,"
                        + "\"kappa_temporal\":%.5f,\"roc_auc\":%.5f,\"average_precision\":%.5f,\"log_loss\":%.5f,"
                        + "\"ece\":%.5f,\"no_change\":%.5f,\"majority\":%.5f,\"rows_per_second\":%.0f,\"rows_per_second_wall\":%.0f}%n",
                rows.name(),
                rows.rows(),
                delay,
                seed,
                learner.name(),
                figures.accuracy(),
                figures.kappaTemporal(),
                figures.rocAuc(),
                figures.averagePrecision(),
                figures.logLoss(),
                figures.ece(),
                figures.baselines().noChange(),
                figures.baselines().majority(),
                speed.processor(),
                speed.wall());
    }
}
