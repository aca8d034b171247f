package io.headwater.learn.gradient;

import io.headwater.gate.Ranking;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import java.util.Locale;

/**
 * How good a model is on rows that it was not trained on.
 *
 * @param rows held-out rows
 * @param logLoss mean, in nats, whatever training made small
 * @param accuracy share of rows whose likeliest class is theirs; of one logit, on the right side of one half
 * @param rocAuc area under the ROC curve, ties counted half; of several classes the mean over each against the rest,
 *     classes without rows or without others left out; one half where that leaves none
 * @param averagePrecision area under precision and recall, of the positive class, or the mean over the classes that have
 *     rows; 0 where none has. A model that knows nothing has the share of positives
 * @param epochs passes over the training rows until the best weights
 */
public record Validation(
        int rows, double logLoss, double accuracy, double rocAuc, double averagePrecision, int epochs) {
    /**
     * Of one logit for each row.
     *
     * @param labels 0 or 1
     */
    public static Validation of(float[] logits, float[] labels, int epochs) {
        double loss = 0;
        int right = 0;
        boolean[] positive = new boolean[logits.length];
        for (int i = 0; i < logits.length; i++) {
            loss += LogLoss.of(logits[i], labels[i]);
            positive[i] = labels[i] == 1;
            right += (logits[i] > 0) == positive[i] ? 1 : 0;
        }
        Ranking ranking = Ranking.of(logits, positive);
        int rows = logits.length;
        return new Validation(
                rows,
                loss / rows,
                right / (double) rows,
                or(ranking.rocAuc(), 0.5),
                or(ranking.averagePrecision(), 0),
                epochs);
    }

    /**
     * Of a logit for each class.
     *
     * @param logits row-major {@code [rows, classes]}
     * @param labels the class of each row, from 0
     */
    public static Validation of(float[] logits, int classes, int[] labels, int epochs) {
        int rows = labels.length;
        if (classes < 2 || logits.length != (long) rows * classes) {
            throw new IllegalArgumentException(
                    logits.length + " logits for " + rows + " rows and " + classes + " classes");
        }
        double loss = 0;
        int right = 0;
        float[] logProbabilities = new float[logits.length];
        for (int row = 0; row < rows; row++) {
            int at = row * classes;
            int best = 0;
            for (int i = 1; i < classes; i++) {
                best = logits[at + i] > logits[at + best] ? i : best;
            }
            double sum = 0;
            for (int i = 0; i < classes; i++) {
                sum += Math.exp(logits[at + i] - logits[at + best]);
            }
            double logSum = logits[at + best] + Math.log(sum);
            for (int i = 0; i < classes; i++) {
                logProbabilities[at + i] = (float) (logits[at + i] - logSum);
            }
            loss += logSum - logits[at + labels[row]];
            right += best == labels[row] ? 1 : 0;
        }
        Means means = Means.of(logProbabilities, classes, labels);
        return new Validation(
                rows, loss / rows, right / (double) rows, means.rocAuc(), means.averagePrecision(), epochs);
    }

    private static double or(double value, double otherwise) {
        return Double.isNaN(value) ? otherwise : value;
    }

    /** Of each class against the rest; probabilities of different rows compare, their logits do not. */
    private record Means(double rocAuc, double averagePrecision) {
        static Means of(float[] logProbabilities, int classes, int[] labels) {
            int areas = 0;
            int precisions = 0;
            double area = 0;
            double precision = 0;
            float[] scores = new float[labels.length];
            boolean[] positive = new boolean[labels.length];
            for (int i = 0; i < classes; i++) {
                for (int row = 0; row < labels.length; row++) {
                    scores[row] = logProbabilities[row * classes + i];
                    positive[row] = labels[row] == i;
                }
                Ranking ranking = Ranking.of(scores, positive);
                areas += Double.isNaN(ranking.rocAuc()) ? 0 : 1;
                precisions += Double.isNaN(ranking.averagePrecision()) ? 0 : 1;
                area += or(ranking.rocAuc(), 0);
                precision += or(ranking.averagePrecision(), 0);
            }
            return new Means(areas == 0 ? 0.5 : area / areas, precisions == 0 ? 0 : precision / precisions);
        }
    }

    public void write(StateWriter out) {
        out.integer(rows)
                .real64(logLoss)
                .real64(accuracy)
                .real64(rocAuc)
                .real64(averagePrecision)
                .integer(epochs);
    }

    public static Validation read(StateReader in) {
        return new Validation(in.integer(), in.real64(), in.real64(), in.real64(), in.real64(), in.integer());
    }

    /** One line for people. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d rows: log loss %.4f nats, accuracy %.2f %%, ROC AUC %.4f, average precision %.4f",
                rows,
                logLoss,
                100 * accuracy,
                rocAuc,
                averagePrecision);
    }
}
