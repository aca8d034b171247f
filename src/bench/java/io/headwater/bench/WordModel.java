package io.headwater.bench;

import io.headwater.bench.TfIdf.Row;
import io.headwater.learn.gradient.Validation;
import java.util.Arrays;
import java.util.List;

/**
 * TF-IDF with logistic regression, the penalty chosen by the log loss of the held-out rows.
 *
 * @param seconds processor seconds of reading all texts
 * @param trainingSeconds of all the fits that the choice is among
 */
record WordModel(Validation test, double cost, double seconds, double trainingSeconds) {
    private static final double[] COSTS = {0.1, 1, 10, 100, 1_000};

    static WordModel run(List<String> texts, int[] labels, Split split) {
        long start = CpuClock.nanos();
        TfIdf words =
                new TfIdf(Arrays.stream(split.training()).mapToObj(texts::get).toList());
        List<Row> all = texts.stream().map(words::row).toList();
        long read = CpuClock.nanos();
        List<Row> training = Arrays.stream(split.training()).mapToObj(all::get).toList();
        int[] truth = Arrays.stream(split.training()).map(row -> labels[row]).toArray();
        double least = Double.POSITIVE_INFINITY;
        LogisticRegression best = null;
        double chosen = 0;
        for (double cost : COSTS) {
            LogisticRegression model = new LogisticRegression(training, truth, words.columns(), cost);
            double loss = examined(model, all, labels, split.heldOut()).logLoss();
            if (best == null || loss < least) {
                best = model;
                least = loss;
                chosen = cost;
            }
        }
        if (best == null) {
            throw new IllegalStateException("there is no penalty to choose");
        }
        double trained = (CpuClock.nanos() - read) / 1e9;
        return new WordModel(examined(best, all, labels, split.test()), chosen, (read - start) / 1e9, trained);
    }

    private static Validation examined(LogisticRegression model, List<Row> rows, int[] labels, int[] which) {
        float[] logits = new float[which.length];
        for (int i = 0; i < which.length; i++) {
            logits[i] = (float) model.logit(rows.get(which[i]));
        }
        return Transfer.examined(logits, labels, 2, which);
    }
}
