package io.headwater.gate;

/**
 * How the gate decides.
 *
 * @param window how many of the last examined examples count
 * @param minExamples examples that must have been examined before the first promotion
 * @param standardErrors how many standard errors above zero a paired loss difference must lie to be called worse;
 *     1.645 is one-sided 95 %
 * @param maxWorseNats a mean difference above this is worse whatever its standard error, nats
 */
public record GateSettings(int window, int minExamples, double standardErrors, double maxWorseNats) {
    public static final GateSettings DEFAULT = new GateSettings(1000, 200, 1.645, 0.05);

    public GateSettings {
        if (minExamples < 2 || window < minExamples) {
            throw new IllegalArgumentException(
                    "a gate window of " + window + " with at least " + minExamples + " examples");
        }
        if (!(standardErrors >= 0) || !(maxWorseNats >= 0)) {
            throw new IllegalArgumentException("the gate's standard errors (" + standardErrors
                    + ") and worst difference (" + maxWorseNats + ") are numbers from 0");
        }
    }
}
