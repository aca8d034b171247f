package io.headwater.learn;

import java.util.Arrays;

/**
 * A bet that one of two predictors is better than another, from differences between the two as these come; it may be
 * looked at after every one and acted on at any time.
 */
public final class PairedBet {
    /*
     * Waudby-Smith & Ramdas, Estimating means of bounded random variables by betting (JRSS B 2023). The null: the
     * advantage of the other predictor, clipped, has an expectation of at most 0 at every time, given all that came
     * before. Betting a share λ of a capital of 1 on each advantage x, in clips, multiplies it by 1 + λ x; under the
     * null no such capital is expected to grow, so the chance that it is ever 20 is at most 1/20 (Ville), however often
     * one looks.
     *
     * Eight shares of the capital bet at stakes that halve, because the best stake (mean over variance) is not known.
     * None bets all that it has from the start: a predictor that was worse for a hundred thousand labels would have
     * ruined it. It enters the game at time t with weight 100 / ((99 + t) (100 + t)), which is 1 over all t, so that
     * what was not yet in play when things changed is there to bet on the change: Shin, Ramdas & Rinaldo, E-detectors
     * (NEJSDS 2023), with a prior over the time of change in place of a restart each time, which keeps the 1/20.
     *
     * What is won above MOST is thrown away, of all shares in proportion: evidence that waits for other evidence is to be
     * of late, and to fall soon once it is past. That keeps the 1/20 too.
     */
    private static final double[] STAKES = stakes();
    private static final double ENTRY = 100;
    private static final double MOST = 100;

    private final double clip;
    private final double[] inPlay = new double[STAKES.length];
    private long count;
    private double sum;

    /** @param clip a difference counts at most so much, either way */
    public PairedBet(double clip) {
        this.clip = clip;
    }

    private static double[] stakes() {
        double[] stakes = new double[8];
        double stake = 0.9;
        for (int i = 0; i < stakes.length; i++, stake /= 2) {
            stakes[i] = stake;
        }
        return stakes;
    }

    /**
     * Takes the next difference in.
     *
     * @param advantage of the other predictor over the one that is in use; NaN counts as none
     */
    public void record(double advantage) {
        double x = Double.isNaN(advantage) ? 0 : Math.max(-clip, Math.min(clip, advantage));
        double enters = ENTRY / ((ENTRY + count) * (ENTRY + count + 1));
        for (int i = 0; i < STAKES.length; i++) {
            inPlay[i] = (inPlay[i] + enters) * (1 + STAKES[i] * x / clip);
        }
        count++;
        sum += x;
        double won = evidence();
        for (int i = 0; won > MOST && i < STAKES.length; i++) {
            inPlay[i] *= MOST / won;
        }
    }

    /** What a capital of 1 has become: so much to 1 for the other predictor. */
    public double evidence() {
        double all = 0;
        for (double capital : inPlay) {
            all += capital;
        }
        return all / STAKES.length + ENTRY / (ENTRY + count);
    }

    /** Differences taken in. */
    public long count() {
        return count;
    }

    /** The mean clipped advantage of the other predictor; 0 before the first. */
    public double mean() {
        return count == 0 ? 0 : sum / count;
    }

    /** Begins again: what was in use and what was not have changed places. */
    public void clear() {
        Arrays.fill(inPlay, 0);
        count = 0;
        sum = 0;
    }

    public void write(StateWriter out) {
        out.integer64(count).real64(sum).reals64(inPlay);
    }

    /** @throws IllegalArgumentException if there is nothing of the kind; half of it is read in then */
    public void read(StateReader in) {
        count = in.integer64();
        sum = in.real64();
        double[] capital = in.reals64(STAKES.length);
        System.arraycopy(capital, 0, inPlay, 0, capital.length);
        if (count < 0 || !Double.isFinite(sum) || !(evidence() >= 0) || evidence() > 2 * MOST) {
            throw new IllegalArgumentException("a bet over " + count + " differences that stands at " + evidence());
        }
    }
}
