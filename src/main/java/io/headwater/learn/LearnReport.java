package io.headwater.learn;

/**
 * What one update did.
 *
 * @param lossNats mean log loss of the labelled rows before the update, in nats; 0 for no rows
 * @param adaptationLoss the domain-adaptation term before weighting, 0 where there is none
 * @param gradientNorm global L2 norm before clipping, of the last inner step
 * @param steps inner optimizer steps applied
 * @param skippedSteps inner steps left out because loss or gradient was not finite
 * @param note news for whoever runs the service, as whole sentences; empty where there is none
 * @param switched whether the learner scores with another model than before, so that what was examined speaks of one
 *     that is no longer in use
 */
public record LearnReport(
        double lossNats,
        double adaptationLoss,
        double gradientNorm,
        int steps,
        int skippedSteps,
        String note,
        boolean switched) {
    /** What an update without rows did. */
    public static final LearnReport NOTHING = new LearnReport(0, 0, 0, 0, 0, "", false);

    /** The same with more news behind those that it has. */
    public LearnReport withNote(String news) {
        String both = note.isEmpty() || news.isEmpty() ? note + news : note + "; " + news;
        return new LearnReport(lossNats, adaptationLoss, gradientNorm, steps, skippedSteps, both, switched);
    }
}
