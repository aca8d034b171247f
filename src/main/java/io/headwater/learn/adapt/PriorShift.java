package io.headwater.learn.adapt;

import io.headwater.learn.Allowed;
import java.util.Arrays;

/**
 * Correction of a model's outputs for label shift: the classes' shares among new, unlabelled rows are not those of the
 * training rows, while what a class looks like is the same.
 *
 * @param training shares of the classes among the training rows, above 0
 * @param found shares among the new rows
 */
public record PriorShift(double[] training, double[] found) {
    /*
     * Saerens, Latinne & Decaestecker, Adjusting the Outputs of a Classifier to New a Priori Probabilities (Neural
     * Computation 2002), equations 2.4 and 2.9: expectation maximization of the likelihood of the new rows. It trusts
     * the probabilities, so they should be calibrated; Alexandari et al., Maximum Likelihood with Bias-Corrected
     * Calibration is Hard-To-Beat at Label Shift Adaptation (ICML 2020).
     */
    private static final int MOST_STEPS = 1_000;
    private static final double CLOSE = 1e-8;
    private static final double LEAST_SHARE = 1e-9;

    /**
     * @param probabilities the model's, row-major {@code [rows, classes]}
     * @throws IllegalArgumentException if there are no rows, or a class has no share among the training rows
     */
    public static PriorShift estimate(float[] probabilities, double[] training) {
        int classes = training.length;
        int rows = probabilities.length / Math.max(1, classes);
        if (classes < 2 || rows == 0 || rows * classes != probabilities.length) {
            throw new IllegalArgumentException(probabilities.length + " probabilities for " + classes
                    + " classes; at least one whole row of two classes is needed");
        }
        Arrays.stream(training).forEach(share -> Allowed.above("a class's share of the training rows", share, 0, 1));
        double[] shares = training.clone();
        for (int step = 0; step < MOST_STEPS; step++) {
            double[] next = expectation(probabilities, new PriorShift(training, shares));
            double change = 0;
            for (int i = 0; i < classes; i++) {
                change = Math.max(change, Math.abs(next[i] - shares[i]));
            }
            shares = next;
            if (change < CLOSE) {
                break;
            }
        }
        return new PriorShift(training.clone(), shares);
    }

    /** Mean over the rows of their corrected probabilities. */
    private static double[] expectation(float[] probabilities, PriorShift shift) {
        int classes = shift.training.length;
        int rows = probabilities.length / classes;
        double[] sums = new double[classes];
        float[] row = new float[classes];
        for (int at = 0; at < probabilities.length; at += classes) {
            System.arraycopy(probabilities, at, row, 0, classes);
            shift.correct(row);
            for (int i = 0; i < classes; i++) {
                sums[i] += row[i] / rows;
            }
        }
        return sums;
    }

    /** Makes a row of probabilities those of the new shares; a row that no class could have made stays as it is. */
    public void correct(float[] row) {
        double sum = 0;
        for (int i = 0; i < row.length; i++) {
            sum += row[i] * found[i] / training[i];
        }
        if (!(sum > 0)) {
            return;
        }
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) (row[i] * found[i] / training[i] / sum);
        }
    }

    /**
     * What is added to the logits of a row: the same correction. Of two classes it is one number, for the logit of the
     * second; of more a number for each class. A class that was not found at all counts as found with a share of 1e-9.
     */
    public double[] logitShifts() {
        double[] shifts = new double[training.length];
        for (int i = 0; i < shifts.length; i++) {
            shifts[i] = Math.log(Math.max(LEAST_SHARE, found[i]) / training[i]);
        }
        return shifts.length == 2 ? new double[] {shifts[1] - shifts[0]} : shifts;
    }
}
