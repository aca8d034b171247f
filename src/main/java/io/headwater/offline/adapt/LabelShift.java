package io.headwater.offline.adapt;

import io.headwater.learn.adapt.PriorShift;
import io.headwater.learn.adapt.training.AdaptNet;
import io.headwater.learn.adapt.training.NetOutputs;
import io.headwater.learn.calibration.Calibration;
import io.headwater.learn.calibration.LogitMap;
import io.headwater.learn.gradient.TrainingRows;
import io.headwater.offline.adapt.AdaptRun.HeldOut;
import io.headwater.offline.adapt.AdaptRun.Outcome;
import io.headwater.torch.TorchDevice;
import java.util.Arrays;
import java.util.List;

/**
 * The classes' shares in two domains, found without a label of the target, and a net corrected for them.
 *
 * @param training shares among the source rows, as they counted in the training
 * @param found shares among the target rows, as estimated
 * @param explained the largest proxy A-distance of the domains' rows where nothing but these shares differs
 * @param uncorrected accuracy on the target's test rows before the correction
 * @param corrected the net whose probabilities are those of the target's shares, and its accuracy
 */
record LabelShift(List<Double> training, List<Double> found, double explained, double uncorrected, Outcome corrected) {
    /*
     * The estimate trusts the probabilities, and a trained net is too sure of itself. So its logits are calibrated first:
     * Alexandari et al., Maximum Likelihood with Bias-Corrected Calibration is Hard-To-Beat at Label Shift Adaptation
     * (ICML 2020). How sure it may be, the scale, is learned of the rows that a net from the same seed did not learn. They
     * are too few to say as well where the middle is, so the shift is what gives the classes their shares among all source
     * rows.
     *
     * Where a class looks the same in both domains no classifier tells their rows apart with an error below
     * (1 - D) / 2, D the total variation of the classes' shares, for that of the rows is no larger. So the distance,
     * 2 (1 - 2 error), is at most 2 D, the sum of the shares' differences: what lies beyond it is another difference.
     */
    private static final int CALIBRATION_PASSES = 20;

    private static final int SHIFT_STEPS = 50;
    private static final double LARGEST_SHIFT = 50;

    LabelShift {
        training = List.copyOf(training);
        found = List.copyOf(found);
    }

    /** @param domainShares of each source domain in the training; empty where all rows counted alike */
    static LabelShift correct(Representation rows, List<Double> domainShares, Outcome outcome, TorchDevice device) {
        int classes = rows.domains().classes().size();
        double[] each = each(rows.domains(), domainShares);
        double[] shares = new double[classes];
        for (int row = 0; row < each.length; row++) {
            shares[rows.source().label(row)] += each[row];
        }
        double scale = calibration(outcome.atHome(), classes).scale();
        double[] shift = new double[classes == 2 ? 1 : classes];
        AdaptNet scaled = outcome.net().mapped(scale, shift);
        float[] source = logits(rows, rows.source(), scaled, device);
        if (classes == 2) {
            shift[0] = shift(source, each, shares[1]);
        } else {
            shift(source, each, shares, shift);
        }
        AdaptNet sure = scaled.mapped(1, shift);
        float[] logits = logits(rows, rows.target(), sure, device);
        PriorShift found = PriorShift.estimate(probabilities(logits, classes), shares);
        AdaptNet corrected = sure.mapped(1, found.logitShifts());
        try (NetOutputs outputs = new NetOutputs(corrected, rows.test().layout(), device)) {
            double accuracy = AdaptRun.accuracy(outputs, rows.test(), AdaptRun.all(rows.test()));
            return new LabelShift(
                    Arrays.stream(shares).boxed().toList(),
                    Arrays.stream(found.found()).boxed().toList(),
                    explained(rows.domains(), domainShares, found.found()),
                    outcome.accuracy(),
                    new Outcome(accuracy, outcome.sourceAccuracy(), outcome.distance(), outcome.atHome(), corrected));
        }
    }

    private static LogitMap calibration(HeldOut rows, int classes) {
        Calibration calibration = new Calibration(LogitMap.IDENTITY, Double.POSITIVE_INFINITY);
        for (int pass = 0; pass < CALIBRATION_PASSES; pass++) {
            for (int row = 0; row < rows.labels().length; row++) {
                if (classes == 2) {
                    calibration.learn(rows.logits()[row], rows.labels()[row] == 1, 1);
                } else {
                    calibration.learnClass(rows.logits(), row * classes, classes, rows.labels()[row], 1);
                }
            }
        }
        return calibration.map();
    }

    /** Of several sources each has its shares and its distance, and counts as it does in the mean of those. */
    private static double explained(Domains domains, List<Double> domainShares, double[] found) {
        List<int[]> sources = domains.sourceRows();
        double sum = 0;
        for (int i = 0; i < sources.size(); i++) {
            double[] shares = new double[found.length];
            for (int row : sources.get(i)) {
                shares[domains.sourceLabels()[row]] += 1.0 / sources.get(i).length;
            }
            double differences = 0;
            for (int k = 0; k < found.length; k++) {
                differences += Math.abs(found[k] - shares[k]);
            }
            sum += (domainShares.isEmpty() ? 1 : domainShares.get(i)) * differences;
        }
        return sum;
    }

    /** {@code [source rows]} what each counted in the training, 1 in all. */
    private static double[] each(Domains domains, List<Double> shares) {
        double[] each = new double[domains.source().size()];
        List<int[]> rows = domains.sourceRows();
        for (int i = 0; i < rows.size(); i++) {
            double share = shares.isEmpty() ? rows.get(i).length / (double) each.length : shares.get(i);
            for (int row : rows.get(i)) {
                each[row] = share / rows.get(i).length;
            }
        }
        return each;
    }

    private static float[] logits(Representation all, TrainingRows rows, AdaptNet net, TorchDevice device) {
        try (NetOutputs outputs = new NetOutputs(net, all.source().layout(), device)) {
            return outputs.logits(rows, AdaptRun.all(rows));
        }
    }

    /**
     * What is added to the logits so that their mean probability is {@code share}: by halves, for it rises with it.
     *
     * @param each what a row counts in the mean, 1 in all
     */
    private static double shift(float[] logits, double[] each, double share) {
        double low = -LARGEST_SHIFT;
        double high = LARGEST_SHIFT;
        while (high - low > 1e-9) {
            double middle = (low + high) / 2;
            double sum = 0;
            for (int row = 0; row < logits.length; row++) {
                sum += each[row] * sigmoid(logits[row] + middle);
            }
            if (sum < share) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /** The same for several classes: each moves by what its mean lacks, until none does (iterative scaling). */
    private static void shift(float[] logits, double[] each, double[] shares, double[] shift) {
        int classes = shares.length;
        float[] moved = new float[logits.length];
        float[] made = new float[logits.length];
        for (int step = 0; step < SHIFT_STEPS; step++) {
            double[] means = new double[classes];
            for (int row = 0, at = 0; row < each.length; row++, at += classes) {
                for (int i = 0; i < classes; i++) {
                    moved[at + i] = (float) (logits[at + i] + shift[i]);
                }
                softmax(moved, made, at, classes);
                for (int i = 0; i < classes; i++) {
                    means[i] += each[row] * made[at + i];
                }
            }
            for (int i = 0; i < classes; i++) {
                shift[i] += Math.log(shares[i] / Math.max(1e-9, means[i]));
            }
        }
    }

    private static double sigmoid(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }

    /** Row-major {@code [rows, classes]}. */
    private static float[] probabilities(float[] logits, int classes) {
        if (classes > 2) {
            float[] made = new float[logits.length];
            for (int at = 0; at < logits.length; at += classes) {
                softmax(logits, made, at, classes);
            }
            return made;
        }
        float[] made = new float[2 * logits.length];
        for (int row = 0; row < logits.length; row++) {
            made[2 * row] = (float) sigmoid(-logits[row]);
            made[2 * row + 1] = (float) sigmoid(logits[row]);
        }
        return made;
    }

    private static void softmax(float[] logits, float[] to, int from, int classes) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = from; i < from + classes; i++) {
            largest = Math.max(largest, logits[i]);
        }
        double sum = 0;
        for (int i = from; i < from + classes; i++) {
            sum += Math.exp(logits[i] - largest);
        }
        for (int i = from; i < from + classes; i++) {
            to[i] = (float) (Math.exp(logits[i] - largest) / sum);
        }
    }
}
