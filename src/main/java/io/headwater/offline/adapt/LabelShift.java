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
 * @param training shares among the source rows
 * @param found shares among the target rows, as estimated
 * @param uncorrected accuracy on the target's test rows before the correction
 * @param corrected the net whose probabilities are those of the target's shares, and its accuracy
 */
record LabelShift(List<Double> training, List<Double> found, double uncorrected, Outcome corrected) {
    /*
     * The estimate trusts the probabilities, and a trained net is too sure of itself. So its logits are calibrated first:
     * Alexandari et al., Maximum Likelihood with Bias-Corrected Calibration is Hard-To-Beat at Label Shift Adaptation
     * (ICML 2020). How sure it may be, the scale, is learned of the rows that a net from the same seed did not learn. They
     * are too few to say as well where the middle is, so the shift is what gives two classes their shares among all
     * source rows.
     */
    private static final int CALIBRATION_PASSES = 20;

    private static final double LARGEST_SHIFT = 50;

    LabelShift {
        training = List.copyOf(training);
        found = List.copyOf(found);
    }

    static LabelShift correct(Representation rows, Outcome outcome, TorchDevice device) {
        int classes = rows.domains().classes().size();
        double[] shares = shares(rows, classes);
        double scale = calibration(outcome.atHome(), classes).scale();
        double[] shift = new double[classes == 2 ? 1 : classes];
        AdaptNet scaled = outcome.net().mapped(scale, shift);
        if (classes == 2) {
            shift[0] = shift(logits(rows, rows.source(), scaled, device), shares[1]);
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

    private static double[] shares(Representation rows, int classes) {
        double[] shares = new double[classes];
        for (int row = 0; row < rows.source().size(); row++) {
            shares[rows.source().label(row)] += 1.0 / rows.source().size();
        }
        return shares;
    }

    private static float[] logits(Representation all, TrainingRows rows, AdaptNet net, TorchDevice device) {
        try (NetOutputs outputs = new NetOutputs(net, all.source().layout(), device)) {
            return outputs.logits(rows, AdaptRun.all(rows));
        }
    }

    /** What is added to the logits so that their mean probability is {@code share}: by halves, for it rises with it. */
    private static double shift(float[] logits, double share) {
        double low = -LARGEST_SHIFT;
        double high = LARGEST_SHIFT;
        while (high - low > 1e-9) {
            double middle = (low + high) / 2;
            double sum = 0;
            for (float logit : logits) {
                sum += sigmoid(logit + middle);
            }
            if (sum / logits.length < share) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
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
