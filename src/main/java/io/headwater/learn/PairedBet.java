package io.headwater.learn;

import java.util.Arrays;

/**
 * Evidence that one of two predictors loses less than another, from their losses on the same labels as these come;
 * it may be looked at after every label and acted on at any time.
 */
public final class PairedBet {
    /*
     * Waudby-Smith & Ramdas, Estimating means of bounded random variables by betting (JRSS B 2023). The null: the
     * advantage of the other predictor, in nats and clipped to 4, has an expectation of at most 0 at every label, given
     * all labels before it. Betting a share λ of a capital of 1 on each advantage 4 x multiplies it by 1 + λ x; under
     * the null no such capital is expected to grow, so the chance that it is ever 20 is at most 1/20 (Ville), however
     * often one looks.
     *
     * The clip is wide, for a narrow one takes the part of a predictor that is seldom but then terribly wrong: clipped
     * to 1 nat, one that was too sure of itself beat an equally good one that was too unsure in half of all runs.
     *
     * Eight shares of the capital bet at stakes that halve, because the best stake (mean over variance) is not known.
     * None bets all that it has from the start: a predictor that was worse for a hundred thousand labels would have
     * ruined it. It enters the game at label t with weight 100 / ((99 + t) (100 + t)), which is 1 over all t, so that
     * what was not yet in play when things changed is there to bet on the change: Shin, Ramdas & Rinaldo, E-detectors
     * (NEJSDS 2023), with a prior over the time of change in place of a restart at each label, which keeps the 1/20.
     */
    /** A label's advantage counts at most so much, in nats. */
    public static final double CLIP_NATS = 4;

    /** Evidence of at least so much to 1 decides: a false decision has a chance of at most 1 in so many. */
    public static final double DECIDES = 20;

    private static final double[] STAKES = stakes();
    private static final double ENTRY = 100;

    private final double[] inPlay = new double[STAKES.length];
    private long labels;
    private double sumNats;

    private static double[] stakes() {
        double[] stakes = new double[8];
        double stake = 0.9;
        for (int i = 0; i < stakes.length; i++, stake /= 2) {
            stakes[i] = stake;
        }
        return stakes;
    }

    /**
     * Takes the next label in.
     *
     * @param advantageNats the loss of the predictor that is in use less that of the other; NaN counts as none
     */
    public void record(double advantageNats) {
        double x = Double.isNaN(advantageNats) ? 0 : Math.max(-CLIP_NATS, Math.min(CLIP_NATS, advantageNats));
        double enters = ENTRY / ((ENTRY + labels) * (ENTRY + labels + 1));
        for (int i = 0; i < STAKES.length; i++) {
            inPlay[i] = (inPlay[i] + enters) * (1 + STAKES[i] * x / CLIP_NATS);
        }
        labels++;
        sumNats += x;
    }

    /** What a capital of 1 has become: so much to 1 for the other predictor. */
    public double evidence() {
        double all = 0;
        for (double capital : inPlay) {
            all += capital;
        }
        return all / STAKES.length + ENTRY / (ENTRY + labels);
    }

    /** Whether the other predictor is better, as far as can be told. */
    public boolean isDecided() {
        return evidence() >= DECIDES;
    }

    /** Labels taken in. */
    public long labels() {
        return labels;
    }

    /** The mean clipped advantage of the other predictor, in nats; 0 before the first label. */
    public double meanNats() {
        return labels == 0 ? 0 : sumNats / labels;
    }

    /** Begins again: what was in use and what was not have changed places. */
    public void clear() {
        Arrays.fill(inPlay, 0);
        labels = 0;
        sumNats = 0;
    }

    void write(StateWriter out) {
        out.integer64(labels).real64(sumNats).reals64(inPlay);
    }

    /** @throws IllegalArgumentException if there is nothing of the kind */
    static PairedBet read(StateReader in) {
        PairedBet read = new PairedBet();
        read.labels = in.integer64();
        read.sumNats = in.real64();
        double[] capital = in.reals64(STAKES.length);
        System.arraycopy(capital, 0, read.inPlay, 0, capital.length);
        if (read.labels < 0 || !Double.isFinite(read.evidence())) {
            throw new IllegalArgumentException(
                    "a bet over " + read.labels + " labels that stands at " + read.evidence());
        }
        return read;
    }
}
