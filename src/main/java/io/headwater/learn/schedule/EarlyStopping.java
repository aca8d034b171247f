package io.headwater.learn.schedule;

import io.headwater.learn.Allowed;

/**
 * The rule that ends a training when held-out rows stop getting better: Prechelt, Early Stopping - But When? (1998).
 *
 * @param patience evaluations in a row without a better one after which training ends
 * @param minGain a loss is better only if it is lower than the best by more than this, in nats; each better one costs a
 *     copy of the weights
 */
public record EarlyStopping(int patience, double minGain) {
    public EarlyStopping {
        Allowed.within("patience", patience, 1, 1_000_000);
        Allowed.within("minimum gain", minGain, 0, 1e6);
    }

    /**
     * What is known so far.
     *
     * @param best lowest loss; infinite before the first evaluation
     * @param sinceBest evaluations since then that were not better, or since patience began anew
     * @param better whether the last evaluation is the best: its weights are to be kept
     */
    public record State(double best, int sinceBest, boolean better) {
        public static final State START = new State(Double.POSITIVE_INFINITY, 0, false);

        State afresh() {
            return new State(best, 0, better);
        }
    }

    /** @param loss of the held-out rows; one that is not a number is never better */
    public State evaluated(State state, double loss) {
        boolean better = loss < state.best() - minGain;
        return better ? new State(loss, 0, true) : new State(state.best(), state.sinceBest() + 1, false);
    }

    public boolean isOver(State state) {
        return state.sinceBest() >= patience;
    }
}
