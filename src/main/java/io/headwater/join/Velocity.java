package io.headwater.join;

/**
 * Velocity features of payments that come one after the other from a file or a generator, in this process's memory. Give
 * it payments and labels in the order in which they become known. One thread owns it; once a key was met, no payment
 * allocates.
 */
public final class Velocity {
    private final VelocityFeatures features;
    private final VelocityLog[] cards;
    private final VelocityLog[] terminals;

    /**
     * @param cards how many cards there are, numbered from 0
     * @param terminals how many terminals, likewise
     */
    public Velocity(VelocityFeatures features, int cards, int terminals) {
        this.features = features;
        this.cards = new VelocityLog[cards];
        this.terminals = new VelocityLog[terminals];
    }

    private VelocityLog log(VelocityLog[] logs, int key) {
        VelocityLog log = logs[key];
        if (log == null) {
            log = new VelocityLog(features.settings().capacity());
            logs[key] = log;
        }
        return log;
    }

    /**
     * Takes in a payment.
     *
     * @param out receives its features, as {@link VelocityFeatures#layout} names them
     */
    public void paid(int card, int terminal, long timeMs, float amount, float[] out) {
        features.card(log(cards, card), timeMs, amount, out);
        features.terminal(log(terminals, terminal), timeMs, out);
    }

    /** Takes in that a payment made at {@code timeMs} is now known to be fraud or not. */
    public void confirmed(int terminal, long timeMs, boolean fraud) {
        features.confirmed(log(terminals, terminal), timeMs, fraud);
    }
}
