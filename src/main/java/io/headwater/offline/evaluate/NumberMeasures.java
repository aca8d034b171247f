package io.headwater.offline.evaluate;

import io.headwater.offline.evaluate.NumberFigures.Baseline;
import io.headwater.offline.evaluate.NumberFigures.Window;
import java.util.ArrayList;
import java.util.List;

/** Measures a regression: sums of errors for each window. */
final class NumberMeasures implements Measures {
    private static final int LEARNER = 0;
    private static final int NO_CHANGE = 1;
    private static final int MEAN = 2;
    /** Squares stand so many places behind the absolute errors. */
    private static final int SQUARES = 3;

    private final Windows windows;
    private double last;
    private double knownMean;
    private long known;
    private int rows;
    private double labelMean;
    private double labelSquares;

    NumberMeasures(int rows, int window) {
        this.windows = new Windows(window, rows, 2 * SQUARES);
    }

    @Override
    public void scored(int row, float[] outputs, int count, float label) {
        if (Float.isNaN(label)) {
            return;
        }
        error(LEARNER, outputs[0] - label);
        error(NO_CHANGE, last - label);
        error(MEAN, knownMean - label);
        windows.next(row);
        rows++;
        double off = label - labelMean; // Welford, 1962
        labelMean += off / rows;
        labelSquares += off * (label - labelMean);
    }

    private void error(int of, double error) {
        windows.add(of, Math.abs(error));
        windows.add(SQUARES + of, error * error);
    }

    @Override
    public void learned(int row, float label) {
        last = label;
        known++;
        knownMean += (label - knownMean) / known;
    }

    @Override
    public NumberFigures figures() {
        Baseline learner = figures(LEARNER);
        List<Window> curve = new ArrayList<>();
        for (int w = 0; w < windows.count(); w++) {
            curve.add(new Window(
                    windows.end(w),
                    windows.rows(w),
                    windows.mean(LEARNER, w),
                    windows.mean(NO_CHANGE, w),
                    windows.mean(MEAN, w)));
        }
        return new NumberFigures(
                rows, learner.mae(), learner.rmse(), learner.r2(), figures(NO_CHANGE), figures(MEAN), curve);
    }

    private Baseline figures(int of) {
        double squared = windows.mean(SQUARES + of);
        return new Baseline(windows.mean(of), Math.sqrt(squared), 1 - squared * rows / labelSquares);
    }
}
