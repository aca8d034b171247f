package io.headwater.offline.evaluate;

import java.util.List;

/**
 * Figures of a regression.
 *
 * @param mae mean absolute error
 * @param rmse root of the mean squared error
 * @param r2 share of the labels' variance that is explained; below 0 where their mean over the stream would be better
 * @param noChange of the last label that has come
 * @param mean of the mean of those that have come; before the first both say 0
 * @param windows in their order
 */
public record NumberFigures(
        int rows, double mae, double rmse, double r2, Baseline noChange, Baseline mean, List<Window> windows)
        implements Figures {
    public NumberFigures {
        windows = List.copyOf(windows);
    }

    /** A trivial prediction's figures. */
    public record Baseline(double mae, double rmse, double r2) {}

    /**
     * Mean absolute errors over some rows that follow each other.
     *
     * @param end rows of the whole stream up to the window's last
     * @param rows in it that count
     */
    public record Window(int end, int rows, double mae, double noChange, double mean) {}

    @Override
    public int[] ends() {
        return windows.stream().mapToInt(Window::end).toArray();
    }

    @Override
    public List<Panel> panels() {
        return List.of(new Panel(
                "mean absolute error",
                List.of(
                        new Curve(
                                "learner",
                                windows.stream().mapToDouble(Window::mae).toArray()),
                        new Curve(
                                "no change",
                                windows.stream().mapToDouble(Window::noChange).toArray()),
                        new Curve(
                                "mean",
                                windows.stream().mapToDouble(Window::mean).toArray()))));
    }
}
