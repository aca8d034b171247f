package io.headwater.learn.gradient;

import io.headwater.learn.LearnReport;

/** Sums of what one update did. */
final class UpdateTally {
    private double lossNats;
    private double adaptation;
    private double gradientNorm;
    private int steps;
    private int skipped;

    /** Of one row, before it is learned. */
    void addLoss(double nats) {
        lossNats += nats;
    }

    void add(TrainableHead.Outcome outcome) {
        adaptation = outcome.adaptation();
        gradientNorm = outcome.gradientNorm();
        steps += outcome.applied() ? 1 : 0;
        skipped += outcome.applied() ? 0 : 1;
    }

    LearnReport report(int rows) {
        return new LearnReport(rows == 0 ? 0 : lossNats / rows, adaptation, gradientNorm, steps, skipped, "", false);
    }
}
