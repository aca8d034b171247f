package io.headwater.learn.calibration;

import io.headwater.learn.PairedBet;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import java.util.Locale;

/**
 * A map of logits that changes only when labels prove that another loses less. It begins as what is known to be right, as
 * a rule the identity; a learned one is held beside it, and at each proof it goes half of the way there. Where nothing
 * is wrong with the logits nothing is done to them, bit for bit.
 */
public final class ProvenMap {
    /*
     * A Calibration that is always believed follows with a lag: on streams that drift, with labels that are late, it
     * corrects what the learner has mended itself, and moves the order of scores over time (docs/adr/0013). So it is held
     * back, and what would be used of it next, the candidate, bets against the map in use on what both said of a row as
     * it arrived: PairedBet, evidence of 20 to 1, so that logits which are right are touched in one stream of 20 at most,
     * however often one looks (for logits that are right no other map loses less). Half of the way, because what looks
     * wrong during a change is over when its labels come: a passing fault is then half believed, one that stays is
     * mended in a few steps all the same. The way back to the start is taken on evidence of 3 to 1, for the start is what
     * is right if nothing is known.
     *
     * Between two proofs the map stands still: the order of scores changes at no other time.
     */
    private static final double PRIOR_ROWS = 200;

    private static final double SHARE_OF_THE_WAY = 0.5;

    private static final double DECIDES = 20;
    private static final double LEAVES = 3;
    private static final double CLIP_NATS = 4;

    /** Whole numbers up to here are exact in a float, which is what a memo has. */
    private static final int GENERATIONS = 1 << 24;

    private final LogitMap start;
    private final Calibration learned;
    private final PairedBet forCandidate = new PairedBet(CLIP_NATS);
    private final PairedBet forStart = new PairedBet(CLIP_NATS);
    private LogitMap used;
    private int generation;

    /** One whose logits are taken to be right. */
    public ProvenMap() {
        this(LogitMap.IDENTITY);
    }

    /** @param start what is right as far as is known: the correction of a balance between classes, for instance */
    public ProvenMap(LogitMap start) {
        this.start = start;
        this.used = start;
        this.learned = new Calibration(start, Calibration.DEFAULT_HALF_LIFE, PRIOR_ROWS);
    }

    /** The map in use. */
    public LogitMap map() {
        return used;
    }

    /** The map in use of one logit; bit for bit the logit where that is the identity. */
    public float apply(float logit) {
        return used.equals(LogitMap.IDENTITY) ? logit : (float) used.apply(logit);
    }

    /** What the map would make of a logit that the next proof would put into use. */
    public float candidate(float logit) {
        return (float) (candidateScale() * logit + candidateShift());
    }

    private double candidateScale() {
        return used.scale() + SHARE_OF_THE_WAY * (learned.scale() - used.scale());
    }

    private double candidateShift() {
        return used.shift() + SHARE_OF_THE_WAY * (learned.shift() - used.shift());
    }

    /** Which map is in use, by number: what a candidate said speaks of the map that was in use then. */
    public int generation() {
        return generation;
    }

    /**
     * Learns how a logit came out.
     *
     * @param logit before the map; one that is not finite is passed over
     * @param candidate what {@link #candidate} made of it when the row arrived
     * @param generation {@link #generation} of that time
     * @return what has changed, as a sentence; empty as a rule
     */
    public String learn(float logit, float candidate, int generation, boolean cameTrue) {
        if (!Float.isFinite(logit)) {
            return "";
        }
        if (generation == this.generation) {
            double lost = lossNats(used.apply(logit), cameTrue);
            forCandidate.record(lost - lossNats(candidate, cameTrue));
            if (!used.equals(start)) {
                forStart.record(lost - lossNats(start.apply(logit), cameTrue));
            }
        }
        String news = "";
        if (forCandidate.evidence() >= DECIDES) {
            news = become(new LogitMap(candidateScale(), candidateShift()), forCandidate);
        } else if (!used.equals(start) && forStart.evidence() >= LEAVES) {
            news = become(start, forStart);
        }
        learned.learn(logit, cameTrue, 1);
        return news;
    }

    private String become(LogitMap next, PairedBet proof) {
        String news = String.format(
                Locale.ROOT,
                "logits are mapped by %.3f z %+.3f from here on, which lost %.4f nats less per label than %.3f z %+.3f"
                        + " over %d labels (evidence %.0f to 1)",
                next.scale(),
                next.shift(),
                proof.mean(),
                used.scale(),
                used.shift(),
                proof.count(),
                proof.evidence());
        used = next;
        generation = (generation + 1) % GENERATIONS;
        forCandidate.clear();
        forStart.clear();
        return news;
    }

    /** Strict: the choice that follows is to be the same on every machine. */
    private static double lossNats(double logit, boolean cameTrue) {
        double signed = cameTrue ? -logit : logit;
        return Math.max(signed, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(signed)));
    }

    /** Takes in that what was learned may be out of date. The map stays until something better is proven. */
    public void alarm() {
        learned.alarm();
    }

    /** One that has learned nothing. */
    ProvenMap atStart() {
        return new ProvenMap(start);
    }

    /** Writes all that decides what later calls do. */
    public void write(StateWriter out) {
        out.real64(used.scale()).real64(used.shift()).integer(generation).reals64(learned.state());
        forCandidate.write(out);
        forStart.write(out);
    }

    /**
     * What {@link #write} wrote, of a map with the same start.
     *
     * @throws IllegalArgumentException if there is nothing of the kind
     */
    public ProvenMap read(StateReader in) {
        ProvenMap read = new ProvenMap(start);
        read.used = new LogitMap(in.real64(), in.real64());
        read.generation = in.integer(0, GENERATIONS - 1);
        read.learned.restore(in.reals64(Calibration.STATE));
        read.forCandidate.read(in);
        read.forStart.read(in);
        return read;
    }
}
