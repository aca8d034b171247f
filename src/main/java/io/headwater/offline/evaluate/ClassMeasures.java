package io.headwater.offline.evaluate;

import io.headwater.gate.CalibrationError;
import io.headwater.gate.Ranking;
import io.headwater.learn.Task;
import io.headwater.offline.evaluate.ClassFigures.Baselines;
import io.headwater.offline.evaluate.ClassFigures.Window;
import java.util.ArrayList;
import java.util.List;

/** Measures a classification: sums for each window, and every score for what needs their order. */
final class ClassMeasures implements Measures {
    /** More scores of several classes than this (256 MB) are not kept, and so not ranked. */
    private static final long MOST_SCORES = 1L << 26;

    private static final int RIGHT = 0;
    private static final int NO_CHANGE = 1;
    private static final int MAJORITY = 2;
    private static final int LOSS = 3;

    private final RowLoss loss;
    private final Windows windows;
    private final boolean binary;
    private final int classes;
    private final boolean ranked;
    /** Of each row the logit of class 1, or of each class the logarithm of its probability. */
    private final float[] scores;

    private final int[] labels;
    /** Probability of the likeliest class; of two, of class 1. */
    private final float[] confidences;

    private final boolean[] cameTrue;
    private final long[] known;
    private final long[] predicted;
    private final long[] actual;
    private int last;
    private int majority;
    private int rows;

    ClassMeasures(Task task, int rows, int classes, int window) {
        this.loss = new RowLoss(task);
        this.binary = task == Task.BINARY;
        this.classes = Math.max(2, classes);
        this.windows = new Windows(window, rows, 4);
        long scores = (long) rows * (binary ? 1 : this.classes);
        this.ranked = binary || scores <= MOST_SCORES;
        this.scores = new float[ranked ? (int) scores : 0];
        this.labels = new int[rows];
        this.confidences = new float[rows];
        this.cameTrue = new boolean[rows];
        this.known = new long[this.classes];
        this.predicted = new long[this.classes];
        this.actual = new long[this.classes];
    }

    @Override
    public void scored(int row, float[] outputs, int count, float label) {
        if (Float.isNaN(label)) {
            return;
        }
        int truth = (int) label;
        int likeliest = binary ? two(outputs[0], truth) : several(outputs, Math.min(count, classes), truth);
        labels[rows] = truth;
        predicted[likeliest]++;
        actual[truth]++;
        windows.add(RIGHT, likeliest == truth ? 1 : 0);
        windows.add(NO_CHANGE, last == truth ? 1 : 0);
        windows.add(MAJORITY, majority == truth ? 1 : 0);
        windows.add(LOSS, loss.of(outputs, count, label));
        windows.next(row);
        rows++;
    }

    private int two(float logit, int truth) {
        scores[rows] = logit;
        confidences[rows] = (float) (1 / (1 + Math.exp(-logit)));
        cameTrue[rows] = truth == 1;
        return logit > 0 ? 1 : 0;
    }

    private int several(float[] logits, int count, int truth) {
        int best = 0;
        for (int k = 1; k < count; k++) {
            best = logits[k] > logits[best] ? k : best;
        }
        double sum = RowLoss.logSum(logits, count);
        if (ranked) {
            long at = (long) rows * classes;
            for (int k = 0; k < classes; k++) {
                scores[(int) at + k] = k < count ? (float) (logits[k] - sum) : Float.NEGATIVE_INFINITY;
            }
        }
        confidences[rows] = (float) Math.exp(logits[best] - sum);
        cameTrue[rows] = best == truth;
        return best;
    }

    @Override
    public void learned(int row, float label) {
        last = (int) label;
        known[last]++;
        if (known[last] > known[majority]) {
            majority = last;
        }
    }

    @Override
    public ClassFigures figures() {
        double accuracy = windows.mean(RIGHT);
        Ranking ranking = ranking(0, rows);
        Baselines baselines = new Baselines(windows.mean(NO_CHANGE), windows.mean(MAJORITY));
        return new ClassFigures(
                rows,
                accuracy,
                above(accuracy, agreementByChance()),
                above(accuracy, baselines.noChange()),
                ranking.rocAuc(),
                ranking.averagePrecision(),
                windows.mean(LOSS),
                CalibrationError.of(confidences, cameTrue, rows),
                baselines,
                curve());
    }

    private List<Window> curve() {
        List<Window> curve = new ArrayList<>();
        for (int w = 0; w < windows.count(); w++) {
            int from = windows.first(w);
            Ranking ranking = ranking(from, from + windows.rows(w));
            curve.add(new Window(
                    windows.end(w),
                    windows.rows(w),
                    windows.mean(RIGHT, w),
                    ranking.rocAuc(),
                    ranking.averagePrecision(),
                    windows.mean(LOSS, w),
                    new Baselines(windows.mean(NO_CHANGE, w), windows.mean(MAJORITY, w))));
        }
        return curve;
    }

    /** Where {@code accuracy} lies between {@code floor} and 1. */
    private static double above(double accuracy, double floor) {
        return (accuracy - floor) / (1 - floor);
    }

    private double agreementByChance() {
        double agreement = 0;
        for (int k = 0; k < classes; k++) {
            agreement += (double) predicted[k] / rows * actual[k] / rows;
        }
        return agreement;
    }

    private Ranking ranking(int from, int to) {
        if (binary) {
            return Ranking.of(scores, cameTrue, from, to);
        }
        int areas = 0;
        double area = 0;
        int precisions = 0;
        double precision = 0;
        float[] column = new float[to - from];
        boolean[] positive = new boolean[to - from];
        for (int k = 0; ranked && k < classes; k++) {
            for (int i = 0; i < column.length; i++) {
                column[i] = scores[(from + i) * classes + k];
                positive[i] = labels[from + i] == k;
            }
            Ranking one = Ranking.of(column, positive);
            areas += Double.isNaN(one.rocAuc()) ? 0 : 1;
            area += Double.isNaN(one.rocAuc()) ? 0 : one.rocAuc();
            precisions += Double.isNaN(one.averagePrecision()) ? 0 : 1;
            precision += Double.isNaN(one.averagePrecision()) ? 0 : one.averagePrecision();
        }
        return new Ranking(area / areas, precision / precisions);
    }
}
