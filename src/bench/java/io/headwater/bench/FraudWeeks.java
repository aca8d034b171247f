package io.headwater.bench;

import io.headwater.dataset.DatasetException;
import io.headwater.learn.OnlineLearner;
import io.headwater.learn.OnlineRow;
import io.headwater.learn.Task;
import io.headwater.learn.online.MixtureLearner;
import io.headwater.learn.online.MixtureSettings;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;

/**
 * Online learners on card payments, by the protocol of the Fraud Detection Handbook (chapter 5) over four test weeks: one
 * pass from the first day, a label comes seven days after its payment, and a payment's score is the one that it got when
 * it came. Arguments: {@code LEARNER[,LEARNER]}, then sources: the Handbook's file, or {@code generated:SEED}, on which
 * defaults may be chosen. {@code -Dseeds=3} repeats with so many seeds of the learner.
 */
final class FraudWeeks {
    /** First days of the training weeks: 25 July and the three weeks after it. */
    static final int[] TRAINING_DAYS = {115, 122, 129, 136};

    /** Each by its name, made with a seed. */
    private static final Map<String, LongFunction<OnlineLearner>> LEARNERS = new TreeMap<>(Map.of(
            "logistic", seed -> new FraudLogistic(FraudRows.WIDTH),
            "mixture", seed -> new MixtureLearner(Task.BINARY, FraudRows.WIDTH, 0, 0, MixtureSettings.of(seed))));

    private FraudWeeks() {}

    public static void main(String[] args) throws DatasetException {
        if (args.length < 2) {
            throw new IllegalArgumentException("found " + Arrays.toString(args)
                    + "; allowed is LEARNER[,LEARNER] SOURCE..., learners are " + LEARNERS.keySet());
        }
        int seeds = Integer.getInteger("seeds", 1);
        for (int source = 1; source < args.length; source++) {
            FraudRows rows = FraudRows.of(args[source]);
            for (String name : args[0].split(",", -1)) {
                LongFunction<OnlineLearner> made = LEARNERS.get(name);
                if (made == null) {
                    throw new IllegalArgumentException("found '" + name + "'; learners are " + LEARNERS.keySet());
                }
                for (long seed = 1; seed <= seeds; seed++) {
                    report(args[source], name + " " + seed, rows, made.apply(seed));
                }
            }
        }
    }

    private static void report(String source, String name, FraudRows rows, OnlineLearner learner) {
        long beganNs = CpuClock.nanos();
        float[] scores = pass(rows, learner);
        double seconds = (CpuClock.nanos() - beganNs) / 1e9;
        FraudMetrics[] weeks = Arrays.stream(TRAINING_DAYS)
                .mapToObj(day -> FraudMetrics.ofWeek(rows, scores, day))
                .toArray(FraudMetrics[]::new);
        for (int week = 0; week < weeks.length; week++) {
            print(source, name, "week " + (week + 1), weeks[week]);
        }
        print(source, name, "mean", FraudMetrics.mean(weeks));
        System.out.printf(
                Locale.ROOT,
                "%s | %s | %,.0f rows/s of processor time, %,d bytes%n",
                source,
                name,
                rows.rows / seconds,
                learner.stateBytes());
    }

    private static void print(String source, String name, String what, FraudMetrics metrics) {
        System.out.printf(
                Locale.ROOT,
                "%s | %s | %s | AUC %.4f | AP %.4f | CP@%d %.4f%n",
                source,
                name,
                what,
                metrics.rocAuc(),
                metrics.averagePrecision(),
                FraudMetrics.TOP_CARDS,
                metrics.cardPrecision());
    }

    /** The score of each row when it came. */
    static float[] pass(FraudRows rows, OnlineLearner learner) {
        float[] scores = new float[rows.rows];
        float[] outputs = new float[learner.outputs()];
        OnlineRow row = new OnlineRow(FraudRows.WIDTH, 0);
        float[][] memos = new float[1 << 18][];
        int labeled = 0;
        for (int i = 0; i < rows.rows; i++) {
            for (; rows.seconds[labeled] + FraudRows.LABEL_DELAY_SECONDS <= rows.seconds[i]; labeled++) {
                fill(row, rows, labeled);
                learner.learn(row, memos[labeled % memos.length], rows.fraud[labeled] ? 1 : 0, 1);
            }
            if (i - labeled >= memos.length) {
                throw new IllegalStateException("more than " + memos.length + " payments wait for their labels");
            }
            int slot = i % memos.length;
            if (memos[slot] == null) {
                memos[slot] = new float[learner.memoLength()];
            }
            fill(row, rows, i);
            learner.arrive(row, outputs, memos[slot]);
            scores[i] = outputs[0];
        }
        return scores;
    }

    private static void fill(OnlineRow row, FraudRows rows, int i) {
        System.arraycopy(rows.features, i * FraudRows.WIDTH, row.numeric(), 0, FraudRows.WIDTH);
    }
}
