package io.headwater.bench.streams;

import io.headwater.bench.streams.StreamRows.Drift;
import io.headwater.offline.evaluate.EvaluationListener;
import io.headwater.offline.evaluate.LabelArrivals;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * How many rows learners need after an abrupt drift until they are right about as often as before it. There are two bars:
 * 95 % of what the learner itself had before the drift, and 95 % of what the best of the learners had, because the worse
 * a learner was the lower its own bar lies.
 *
 * <p>Arguments: the learners, the streams, the seeds (each with commas), rows of a stream.
 */
public final class RecoveryStudy {
    private static final String LEARNERS = "mixture,arf";
    private static final String STREAMS = "sea-abrupt,agrawal-abrupt,hyperplane-abrupt,rbf-abrupt,led-abrupt";

    /** One learner's way through one stream: its rows that were right. */
    private record Way(Contestant learner, BitSet right) {}

    private RecoveryStudy() {}

    public static void main(String[] args) throws IOException {
        List<Contestant> learners = Contestant.named(args.length > 0 ? args[0] : LEARNERS);
        String[] streams = (args.length > 1 ? args[1] : STREAMS).split(",", -1);
        long[] seeds = Arguments.seeds(args.length > 2 ? args[2] : "1,2,3");
        int length = args.length > 3 ? Integer.parseInt(args[3]) : 2 * GeneratedStreams.ROWS;
        System.out.println(Arguments.circumstances());
        RecoveryTable table = new RecoveryTable();
        for (String stream : streams) {
            for (long seed : seeds) {
                StreamRows rows = Streams.open(stream + ":" + length, seed, Path.of(""));
                List<Way> ways = new ArrayList<>();
                for (Contestant learner : learners) {
                    ways.add(new Way(learner, right(learner, rows, seed)));
                }
                compare(rows, seed, ways, table);
            }
        }
        table.print();
    }

    private static void compare(StreamRows rows, long seed, List<Way> ways, RecoveryTable table) {
        List<Drift> drifts = rows.drifts();
        if (drifts.isEmpty() || drifts.get(0).width() > 0) {
            throw new IllegalArgumentException(rows.name() + " has no abrupt drift");
        }
        for (int i = 0; i < drifts.size(); i++) {
            Drift drift = drifts.get(i);
            double best = ways.stream()
                    .mapToDouble(way -> Recovery.at(drift, way.right).before())
                    .max()
                    .orElseThrow();
            for (Way way : ways) {
                Recovery recovery = Recovery.at(drift, way.right);
                double own = Recovery.SHARE * recovery.before();
                double common = Recovery.SHARE * best;
                int end = i + 1 < drifts.size() ? drifts.get(i + 1).row() : rows.rows();
                table.add(
                        rows.name(),
                        way.learner.title(),
                        seed,
                        recovery,
                        Recovery.rowsTo(own, drift.row(), end, way.right),
                        Recovery.rowsTo(common, drift.row(), end, way.right),
                        end - drift.row());
            }
        }
    }

    private static BitSet right(Contestant contestant, StreamRows rows, long seed) throws IOException {
        BitSet right = new BitSet(rows.rows());
        Course.Speed speed = Course.run(
                contestant, rows, LabelArrivals.afterRows(rows.rows(), 0), seed, learner -> new EvaluationListener() {
                    @Override
                    public void scored(int row, float[] outputs, int count, float label) {
                        right.set(row, Guess.of(learner.task(), outputs, count) == (int) label);
                    }
                });
        System.out.printf(
                Locale.ROOT,
                "%s seed %d, %s: %.4f, %.0f rows/s%n",
                rows.name(),
                seed,
                contestant.title(),
                right.cardinality() / (double) rows.rows(),
                speed.processor());
        return right;
    }
}
