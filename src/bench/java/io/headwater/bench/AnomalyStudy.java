package io.headwater.bench;

import io.headwater.dataset.DatasetException;
import io.headwater.gate.CalibrationError;
import io.headwater.learn.OnlineRow;
import io.headwater.learn.anomaly.AnomalyLearner;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Fraud found by its strangeness alone, on the protocol of {@link FraudWeeks}: what ranks the payments has seen no label,
 * which calibrate only, seven days late. Once with all columns, three of which count confirmed fraud of the terminal, and
 * once without those three. Arguments: sources as {@link FraudWeeks} has them.
 */
final class AnomalyStudy {
    private AnomalyStudy() {}

    public static void main(String[] args) throws DatasetException {
        for (String source : args) {
            FraudRows rows = FraudRows.of(source);
            int[] all = IntStream.range(0, FraudRows.WIDTH).toArray();
            int[] unlabelled = Arrays.stream(all)
                    .filter(column -> !FraudRows.names().get(column).contains("risk"))
                    .toArray();
            if (unlabelled.length != FraudRows.WIDTH - 3) {
                throw new IllegalStateException("no three columns of risk in " + FraudRows.names());
            }
            report(source, "all columns", rows, all);
            report(source, "without risk", rows, unlabelled);
        }
    }

    private static void report(String source, String name, FraudRows rows, int[] columns) {
        AnomalyLearner learner = new AnomalyLearner(columns.length, 1);
        float[] scores = new float[rows.rows];
        float[] memos = new float[rows.rows];
        OnlineRow row = new OnlineRow(columns.length, 0);
        float[] output = new float[1];
        float[] memo = new float[1];
        int labeled = 0;
        int strangest = 0;
        long began = CpuClock.nanos();
        for (int i = 0; i < rows.rows; i++) {
            for (; rows.seconds[labeled] + FraudRows.LABEL_DELAY_SECONDS <= rows.seconds[i]; labeled++) {
                memo[0] = memos[labeled];
                fill(row, rows, labeled, columns);
                learner.learn(row, memo, rows.fraud[labeled] ? 1 : 0, 1);
            }
            fill(row, rows, i, columns);
            learner.arrive(row, output, memo);
            memos[i] = memo[0];
            scores[i] = output[0];
            strangest += memo[0] > Math.log(99) ? 1 : 0;
        }
        double seconds = (CpuClock.nanos() - began) / 1e9;
        FraudMetrics[] weeks = Arrays.stream(FraudWeeks.TRAINING_DAYS)
                .mapToObj(day -> FraudMetrics.ofWeek(rows, scores, day))
                .toArray(FraudMetrics[]::new);
        FraudMetrics mean = FraudMetrics.mean(weeks);
        System.out.printf(
                Locale.ROOT,
                "%s | %s | AUC %.4f | AP %.4f | CP@%d %.4f | strangest hundredth %.4f | ECE %.4f | %,.0f rows/s of"
                        + " processor time | %,d bytes%n",
                source,
                name,
                mean.rocAuc(),
                mean.averagePrecision(),
                FraudMetrics.TOP_CARDS,
                mean.cardPrecision(),
                (double) strangest / rows.rows,
                calibrationError(rows, scores),
                rows.rows / seconds,
                learner.stateBytes());
    }

    /** From the first test week on. */
    private static double calibrationError(FraudRows rows, float[] scores) {
        int from = 0;
        while (rows.day(from) < FraudWeeks.TRAINING_DAYS[0] + 14) {
            from++;
        }
        float[] probabilities = new float[rows.rows];
        for (int i = 0; i < rows.rows; i++) {
            probabilities[i] = (float) (1 / (1 + Math.exp(-scores[i])));
        }
        return CalibrationError.of(probabilities, rows.fraud, from, rows.rows, CalibrationError.BINS);
    }

    private static void fill(OnlineRow row, FraudRows rows, int i, int[] columns) {
        for (int column = 0; column < columns.length; column++) {
            row.numeric()[column] = rows.feature(i, columns[column]);
        }
    }
}
