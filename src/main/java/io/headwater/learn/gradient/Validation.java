package io.headwater.learn.gradient;

import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import java.util.Arrays;
import java.util.Comparator;

/**
 * How good a source model was on examples that it was not trained on.
 *
 * @param rows held-out examples
 * @param logLoss mean, in nats
 * @param accuracy share of rows on the right side of one half
 * @param rocAuc area under the ROC curve, ties counted half; one half where only one class was held out
 * @param epochs passes over the training examples until the best weights
 */
public record Validation(int rows, double logLoss, double accuracy, double rocAuc, int epochs) {
    static Validation of(float[] logits, float[] labels, int epochs) {
        double loss = 0;
        int right = 0;
        for (int i = 0; i < logits.length; i++) {
            loss += LogLoss.of(logits[i], labels[i]);
            right += (logits[i] > 0) == (labels[i] == 1) ? 1 : 0;
        }
        int rows = logits.length;
        return new Validation(rows, loss / rows, right / (double) rows, rocAuc(logits, labels), epochs);
    }

    /** Mann and Whitney's statistic from mid-ranks. */
    private static double rocAuc(float[] logits, float[] labels) {
        Integer[] order = new Integer[logits.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> logits[i]));
        double positives = 0;
        double ranks = 0;
        for (int from = 0; from < order.length; ) {
            int until = from;
            while (until < order.length && logits[order[until]] == logits[order[from]]) {
                until++;
            }
            double midRank = (from + 1 + until) / 2.0;
            for (int i = from; i < until; i++) {
                positives += labels[order[i]];
                ranks += labels[order[i]] * midRank;
            }
            from = until;
        }
        double negatives = order.length - positives;
        return positives == 0 || negatives == 0
                ? 0.5
                : (ranks - positives * (positives + 1) / 2) / (positives * negatives);
    }

    void write(StateWriter out) {
        out.integer(rows).real64(logLoss).real64(accuracy).real64(rocAuc).integer(epochs);
    }

    static Validation read(StateReader in) {
        return new Validation(in.integer(), in.real64(), in.real64(), in.real64(), in.integer());
    }
}
