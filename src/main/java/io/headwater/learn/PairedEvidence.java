package io.headwater.learn;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Evidence that one of two predictors loses less than the one in use, or ranks better, from what both said of the same
 * labels as these come.
 */
public final class PairedEvidence {
    /*
     * Two bets, since users of a score do two things with it: they read it as a probability, and they look at the
     * highest first. A line that ranks worse but is less sure of itself can be ahead in log loss.
     *
     * Enough on either: the mean of both bets is 20. Each is expected not to grow while the other predictor is not
     * better in its sense, so their mean is not where it is better in neither, and the chance of that is at most 1/20:
     * half of the 1/20 each, and a little more where both grow. Enough on both: each is 20. If the other predictor is
     * not better in even one sense, the chance of that is at most 1/20 too.
     *
     * The clip of the loss is wide, for a narrow one takes the part of a predictor that is seldom but then terribly
     * wrong: clipped to 1 nat, one that was too sure of itself beat an equally good one that was too unsure in half of
     * all runs. That of the AUC is about twice the standard deviation of a block's difference: few are cut off, and the
     * stakes, which are shares of the clip, reach as high as such a difference is worth.
     */
    /** A label's difference of log loss counts at most so much, in nats. */
    public static final double CLIP_NATS = 4;

    /** A block's difference of ROC AUC counts at most so much. */
    public static final double CLIP_AUC = 0.25;

    /** So much to 1 is enough. */
    private static final double ENOUGH = 20;

    /**
     * Labels of each class before there is a decision: where one class is known sooner than the other, as fraud often is,
     * its labels alone say only who scores higher.
     */
    private static final long LEAST_OF_A_CLASS = 10;

    private final PairedBet loss = new PairedBet(CLIP_NATS);
    private final PairedRanks ranks = new PairedRanks();
    private final PairedBet ranking = new PairedBet(CLIP_AUC);
    private long ones;
    private long zeros;

    /**
     * Takes a label in.
     *
     * @param used the logit of the predictor in use
     * @param other that of the other one
     */
    public void record(float used, float other, boolean label) {
        if (label) {
            ones++;
        } else {
            zeros++;
        }
        loss.record(lossNats(used, label) - lossNats(other, label));
        if (ranks.add(used, other, label)) {
            ranking.record(ranks.endBlock());
        }
    }

    /** Strict: the choice that follows is to be the same on every machine. Infinite for a logit that is no number. */
    private static double lossNats(float logit, boolean label) {
        if (!Float.isFinite(logit)) {
            return Double.POSITIVE_INFINITY;
        }
        double signed = label ? -logit : logit;
        return Math.max(signed, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(signed)));
    }

    /** Whether the other predictor loses less or ranks better, as far as can be told. */
    public boolean isEnoughOnEither() {
        return hasBothClasses() && (loss.evidence() + ranking.evidence()) / 2 >= ENOUGH;
    }

    /** Whether it loses less and ranks better. */
    public boolean isEnoughOnBoth() {
        return hasBothClasses() && Math.min(loss.evidence(), ranking.evidence()) >= ENOUGH;
    }

    private boolean hasBothClasses() {
        return Math.min(ones, zeros) >= LEAST_OF_A_CLASS;
    }

    /** Labels taken in since it began. */
    public long labels() {
        return ones + zeros;
    }

    /** By how much less the other predictor lost, the mean over the labels, each clipped; 0 before the first. */
    public double leadNats() {
        return loss.mean();
    }

    /** By how much better it ranked, the mean over the blocks, each clipped; 0 before the first ended. */
    public double leadAuc() {
        return ranking.mean();
    }

    /** What there is enough of, of the predictor in use: "lost more, 0.1 nats per label (evidence 40 to 1)". */
    public String told() {
        List<String> told = new ArrayList<>();
        if (loss.evidence() >= ENOUGH) {
            told.add("lost more" + mean(leadNats(), ", %.4f nats per label") + toOne(loss));
        }
        if (ranking.evidence() >= ENOUGH) {
            told.add("ranked worse" + mean(leadAuc(), " by %.4f of ROC AUC") + toOne(ranking));
        }
        return String.join(" and ", told);
    }

    /** The mean over all may say the contrary where the tide turned lately. */
    private static String mean(double lead, String format) {
        return lead > 0 ? String.format(Locale.ROOT, format, lead) : " lately";
    }

    private static String toOne(PairedBet bet) {
        return String.format(Locale.ROOT, " (evidence %.0f to 1)", bet.evidence());
    }

    /** All that decides, as bits of text for a hash. */
    String fingerprint() {
        return ones + " " + zeros + " " + Double.doubleToLongBits(loss.evidence()) + " "
                + Double.doubleToLongBits(ranking.evidence());
    }

    /** Begins again: what was in use and what was not have changed places. */
    public void clear() {
        loss.clear();
        ranks.clear();
        ranking.clear();
        ones = 0;
        zeros = 0;
    }

    void write(StateWriter out) {
        out.integer64(ones).integer64(zeros);
        loss.write(out);
        ranks.write(out);
        ranking.write(out);
    }

    /** @throws IllegalArgumentException if there is nothing of the kind */
    static PairedEvidence read(StateReader in) {
        PairedEvidence read = new PairedEvidence();
        read.ones = in.integer64();
        read.zeros = in.integer64();
        read.loss.read(in);
        read.ranks.read(in);
        read.ranking.read(in);
        if (read.ones < 0 || read.zeros < 0) {
            throw new IllegalArgumentException(
                    "evidence over " + read.ones + " labels of class 1 and " + read.zeros + " of class 0");
        }
        return read;
    }
}
