package io.headwater.offline.evaluate;

import java.util.ArrayList;
import java.util.List;

/**
 * Figures of a classification.
 *
 * @param accuracy share of rows whose likeliest class was theirs
 * @param kappa how far accuracy is from what the shares of the classes give by chance (0) to 1 (Cohen, 1960)
 * @param kappaTemporal how far accuracy is from the no-change baseline's (0) to 1 (Žliobaitė et al., 2015)
 * @param rocAuc area under the ROC curve; of several classes the mean over each against the rest, those without rows left
 *     out. NaN where there is nothing to rank, or more scores than are kept
 * @param averagePrecision area under precision and recall, averaged in the same way
 * @param logLoss mean, nats; a class that was not known yet counts as a probability of 1e-15
 * @param ece expected calibration error, {@link io.headwater.gate.CalibrationError}: of class 1, or of several classes of
 *     the likeliest
 * @param baselines accuracies of trivial predictions
 * @param windows in their order
 */
public record ClassFigures(
        int rows,
        double accuracy,
        double kappa,
        double kappaTemporal,
        double rocAuc,
        double averagePrecision,
        double logLoss,
        double ece,
        Baselines baselines,
        List<Window> windows)
        implements Figures {
    /** Below this share of the rarer class accuracy says little, and a chart shows the ranking first. */
    private static final double RARE = 0.1;

    public ClassFigures {
        windows = List.copyOf(windows);
    }

    /**
     * Accuracies of predictions that look at labels alone, at those which have come when the row is scored. Before the
     * first has come both say the first class.
     *
     * @param noChange the class of the last label
     * @param majority the most frequent class so far
     */
    public record Baselines(double noChange, double majority) {}

    /**
     * The same figures over some rows that follow each other.
     *
     * @param end rows of the whole stream up to the window's last
     * @param rows in it that count
     */
    public record Window(
            int end,
            int rows,
            double accuracy,
            double rocAuc,
            double averagePrecision,
            double logLoss,
            Baselines baselines) {}

    @Override
    public int[] ends() {
        return windows.stream().mapToInt(Window::end).toArray();
    }

    @Override
    public List<Panel> panels() {
        Panel accuracies = new Panel(
                "accuracy",
                List.of(
                        curve("learner", Window::accuracy),
                        curve("no change", window -> window.baselines().noChange()),
                        curve("majority", window -> window.baselines().majority())));
        List<Panel> panels = new ArrayList<>(List.of(accuracies));
        Curve areas = curve("learner", Window::rocAuc);
        if (hasSome(areas)) {
            boolean rare = 1 - baselines.majority() < RARE;
            panels.add(rare ? 0 : 1, new Panel("ROC AUC", List.of(areas)));
        }
        panels.add(new Panel("log loss, nats", List.of(curve("learner", Window::logLoss))));
        return List.copyOf(panels);
    }

    private static boolean hasSome(Curve curve) {
        for (double value : curve.values()) {
            if (!Double.isNaN(value)) {
                return true;
            }
        }
        return false;
    }

    private interface Figure {
        double of(Window window);
    }

    private Curve curve(String name, Figure figure) {
        return new Curve(name, windows.stream().mapToDouble(figure::of).toArray());
    }
}
