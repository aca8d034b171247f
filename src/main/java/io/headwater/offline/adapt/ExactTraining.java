package io.headwater.offline.adapt;

import io.headwater.feature.FeatureBatch;
import io.headwater.graph.OnnxGraph;
import io.headwater.learn.OnlineRow;
import io.headwater.learn.Task;
import io.headwater.learn.adapt.training.AdaptNet;
import io.headwater.learn.calibration.LogitMap;
import io.headwater.learn.exact.RidgeLearner;
import io.headwater.learn.exact.RidgeSettings;
import io.headwater.learn.gradient.TrainingRows;
import java.util.List;

/** The exact learner on source rows, as a net without a hidden layer. */
final class ExactTraining {
    private static final float NEXT_TO_NOTHING = 1e-6f;

    private ExactTraining() {}

    /**
     * @param domains numbers of the rows of each source domain
     * @param weights share of the whole that each domain's rows have; empty where all rows count alike
     */
    static AdaptNet linear(Representation rows, List<int[]> domains, List<Double> weights) {
        int classes = rows.domains().classes().size();
        RidgeLearner learner =
                new RidgeLearner(classes == 2 ? Task.BINARY : Task.CLASSES, rows.columns(), RidgeSettings.byDefault());
        float[] each = each(rows.source().size(), domains, weights);
        // It numbers classes as they come, so they come in their order.
        for (int label = 0; label < classes; label++) {
            learn(learner, rows.source(), label, each);
        }
        learner.solve();
        OnnxGraph graph = learner.graph(LogitMap.IDENTITY);
        return AdaptNet.linear(
                graph.initializer("head.weight").floats(),
                graph.initializer("head.bias").floats());
    }

    /** {@code [source rows]} how much each counts, 0 if it is not to be learned. */
    private static float[] each(int rows, List<int[]> domains, List<Double> weights) {
        double all = domains.stream().mapToInt(domain -> domain.length).sum();
        float[] each = new float[rows];
        for (int i = 0; i < domains.size(); i++) {
            float weight = weights.isEmpty() ? 1 : (float) (weights.get(i) * all / domains.get(i).length);
            for (int row : domains.get(i)) {
                each[row] = weight;
            }
        }
        return each;
    }

    /** The rows of one class; where none is to be learned, one at the columns' zero that counts next to nothing. */
    private static void learn(RidgeLearner learner, TrainingRows rows, int label, float[] each) {
        FeatureBatch batch = new FeatureBatch(rows.layout(), 1);
        OnlineRow row = new OnlineRow(batch.numericWidth(), 0);
        float[] memo = new float[learner.memoLength()];
        boolean none = true;
        for (int at = 0; at < rows.size(); at++) {
            if (rows.label(at) == label && each[at] > 0) {
                none = false;
                batch.clear();
                rows.copyTo(batch, new int[] {at}, 0, 1, false);
                row.read(batch, 0);
                learner.learn(row, memo, label, each[at]);
            }
        }
        if (none) {
            learner.learn(new OnlineRow(batch.numericWidth(), 0), memo, label, NEXT_TO_NOTHING);
        }
    }
}
