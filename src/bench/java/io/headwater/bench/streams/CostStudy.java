package io.headwater.bench.streams;

import io.headwater.learn.OnlineLearner;
import io.headwater.learn.OnlineRow;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.Task;
import io.headwater.offline.evaluate.OnlineLearners;
import io.headwater.offline.evaluate.OnlineLearners.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What an event costs each learner, and what it keeps, by numeric columns and classes. No arguments. A label comes 48 rows
 * late. Normal columns, the class is the place of the greatest of the first columns; the first rows are left out, and the
 * median of three parts is told, in microseconds of the thread's processor time.
 */
final class CostStudy {
    private static final int[] COLUMNS = {10, 100, 1_000};
    private static final int[] CLASSES = {2, 10, 100};
    private static final int DELAY = 48;
    private static final int KEPT_ROWS = 256;

    private CostStudy() {}

    public static void main(String[] args) {
        System.out.println("| learner | columns | classes | us an event | bytes |");
        System.out.println("|---|---|---|---|---|");
        for (String name : List.of("mixture", "linear", "ferns", "ridge", "anomaly")) {
            for (int columns : COLUMNS) {
                for (int classes : CLASSES) {
                    if (!name.equals("anomaly") || classes == 2) {
                        report(name, columns, classes);
                    }
                }
            }
        }
    }

    private static void report(String name, int columns, int classes) {
        Task task = classes == 2 ? Task.BINARY : Task.CLASSES;
        OnlineLearner learner = OnlineLearners.make(name, task, new Shape(columns, 0, 0, 1));
        OnlineRow[] rows = rows(columns);
        int count = Math.max(600, 40_000_000 / (columns * classes * (name.equals("ridge") ? columns : 40) + 10_000));
        long[] nanos = new long[3];
        run(learner, rows, classes, 0, count);
        for (int part = 0; part < nanos.length; part++) {
            long begun = ThreadClock.nanos();
            run(learner, rows, classes, (part + 1) * count, count);
            nanos[part] = ThreadClock.nanos() - begun;
        }
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %d | %.2f | %,d |%n",
                name,
                columns,
                classes,
                nanos[1] / 1e3 / count,
                learner.stateBytes());
    }

    private static OnlineRow[] rows(int columns) {
        SeededRandom random = new SeededRandom(columns);
        OnlineRow[] rows = new OnlineRow[KEPT_ROWS];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new OnlineRow(columns, 0);
            for (int column = 0; column < columns; column++) {
                rows[i].numeric()[column] = (float) random.nextGaussian();
            }
        }
        return rows;
    }

    private static void run(OnlineLearner learner, OnlineRow[] rows, int classes, int from, int count) {
        float[][] memos = new float[DELAY + 1][];
        float[] outputs = new float[classes];
        for (int i = 0; i < count + DELAY; i++) {
            int slot = i % memos.length;
            if (memos[slot] == null || memos[slot].length < learner.memoLength()) {
                memos[slot] = new float[learner.memoLength()];
            }
            learner.arrive(rows[i % rows.length], outputs, memos[slot]);
            if (i >= DELAY) {
                int labelled = i - DELAY;
                int label = from == 0 && labelled < classes ? labelled : labelled % rows.length % classes;
                learner.learn(rows[labelled % rows.length], memos[labelled % memos.length], label, 1);
            }
        }
    }
}
