package io.headwater.bench.streams;

import io.headwater.learn.Task;

/** What a peer says of the classes, as logits. */
final class Votes {
    /*
     * Votes are shares of counts or of trees and are often exactly 0 or 1, of which no logit is finite.
     */
    private static final double LEAST = 1e-6;

    private Votes() {}

    /**
     * @param votes by class, not negative, of any sum; those that are missing at the end are 0
     * @param outputs one logit if there are two classes, else the logarithm of each class's share
     */
    static void toLogits(Task task, double[] votes, int classes, float[] outputs) {
        double sum = 0;
        for (double vote : votes) {
            sum += vote;
        }
        if (task == Task.BINARY) {
            outputs[0] = (float) (Math.log(share(votes, 1, sum, 2)) - Math.log(share(votes, 0, sum, 2)));
        } else {
            for (int k = 0; k < classes; k++) {
                outputs[k] = (float) Math.log(share(votes, k, sum, classes));
            }
        }
    }

    private static double share(double[] votes, int k, double sum, int classes) {
        if (!(sum > 0) || Double.isInfinite(sum)) {
            return 1.0 / classes;
        }
        double vote = k < votes.length ? votes[k] / sum : 0;
        return Math.min(1 - LEAST, Math.max(LEAST, vote));
    }
}
