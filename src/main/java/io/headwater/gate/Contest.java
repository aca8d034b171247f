package io.headwater.gate;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Champion, challenger line and frozen model over the same last examples, each scored before anybody learned them.
 * Bounded: a ring of {@code window} examples. Owned by one thread.
 */
public final class Contest {
    /** The three that are examined on every example. */
    public enum Role {
        CHAMPION,
        CHALLENGER,
        FROZEN
    }

    /**
     * A difference counts losses up to so much, which is a probability of 1e-15: one event far out, of which a logit is
     * finite but huge, is not to decide by itself.
     */
    private static final double MOST_NATS = 35;

    private static final int ROLES = Role.values().length;

    private final int window;
    private final float[][] logits;
    private final boolean[] labels;
    private int size;
    private int next;

    public Contest(int window) {
        if (window < 1) {
            throw new IllegalArgumentException("a contest needs a window of at least one example, not " + window);
        }
        this.window = window;
        this.logits = new float[ROLES][window];
        this.labels = new boolean[window];
    }

    /** Takes one examined example in; the oldest goes when the window is full. */
    public void record(float champion, float challenger, float frozen, boolean label) {
        logits[Role.CHAMPION.ordinal()][next] = champion;
        logits[Role.CHALLENGER.ordinal()][next] = challenger;
        logits[Role.FROZEN.ordinal()][next] = frozen;
        labels[next] = label;
        next = (next + 1) % window;
        size = Math.min(size + 1, window);
    }

    public int examples() {
        return size;
    }

    /** Forgets everything: the line that these examples speak of is no more. */
    public void clear() {
        size = 0;
        next = 0;
    }

    /** The standing of all three over the window. */
    public Standing standing() {
        return new Standing(
                prequential(Role.CHAMPION),
                prequential(Role.CHALLENGER),
                prequential(Role.FROZEN),
                difference(Role.CHAMPION),
                difference(Role.FROZEN));
    }

    /** Where the k-th oldest example lies. Sums go in this order: a contest that was read again gives the same bits. */
    private int at(int k) {
        int i = next - size + k;
        return i < 0 ? i + window : i;
    }

    private Prequential prequential(Role role) {
        float[] of = logits[role.ordinal()];
        float[] probabilities = new float[size];
        double total = 0;
        for (int k = 0; k < size; k++) {
            int i = at(k);
            total += logLoss(of[i], labels[i]);
            probabilities[i] = (float) (1 / (1 + Math.exp(-of[i])));
        }
        return new Prequential(
                size,
                total / size,
                Ranking.of(of, labels, size).rocAuc(),
                CalibrationError.of(probabilities, labels, size));
    }

    /**
     * The challenger's loss less the other's, example by example. Where the other says no number there is no telling by
     * how much the challenger is better, and no difference is counted.
     */
    private Difference difference(Role other) {
        float[] mine = logits[Role.CHALLENGER.ordinal()];
        float[] theirs = logits[other.ordinal()];
        double mean = 0;
        double squares = 0;
        int notFinite = 0;
        for (int k = 0; k < size; k++) {
            int i = at(k);
            boolean theirsFinite = Float.isFinite(theirs[i]);
            boolean bothFinite = theirsFinite && Float.isFinite(mine[i]);
            notFinite += theirsFinite && !bothFinite ? 1 : 0;
            double d = bothFinite
                    ? Math.min(MOST_NATS, logLoss(mine[i], labels[i]))
                            - Math.min(MOST_NATS, logLoss(theirs[i], labels[i]))
                    : 0;
            double delta = d - mean;
            mean += delta / (k + 1);
            squares += delta * (d - mean);
        }
        double standardError = size > 1 ? Math.sqrt(squares / (size - 1) / size) : Double.POSITIVE_INFINITY;
        return new Difference(mean, standardError, notFinite);
    }

    /** Log loss of a logit in nats, computed without overflow; infinite if the logit is not finite. */
    public static double logLoss(float logit, boolean label) {
        if (!Float.isFinite(logit)) {
            return Double.POSITIVE_INFINITY;
        }
        double signed = label ? -logit : logit;
        return Math.max(signed, 0) + Math.log1p(Math.exp(-Math.abs(signed)));
    }

    /** Writes the window, oldest example first. */
    public void write(DataOutput out) throws IOException {
        out.writeInt(size);
        for (int k = 0; k < size; k++) {
            int i = at(k);
            for (float[] role : logits) {
                out.writeFloat(role[i]);
            }
            out.writeBoolean(labels[i]);
        }
    }

    /** Reads what {@link #write} wrote; a smaller window keeps the newest. */
    public static Contest read(DataInput in, int window) throws IOException {
        Contest contest = new Contest(window);
        int count = in.readInt();
        if (count < 0) {
            throw new IOException("a contest of " + count + " examples");
        }
        for (int k = 0; k < count; k++) {
            contest.record(in.readFloat(), in.readFloat(), in.readFloat(), in.readBoolean());
        }
        return contest;
    }

    /**
     * A paired difference of log losses.
     *
     * @param meanNats mean over the examples, nats; positive where the challenger is worse
     * @param standardErrorNats of the mean, nats, as if examples were independent; infinite for fewer than two
     * @param notFinite examples of which the challenger says no finite number, but the other does; they count 0 in both
     */
    public record Difference(double meanNats, double standardErrorNats, int notFinite) {}

    /** The figures of all three, and the challenger's paired difference to the other two. */
    public record Standing(
            Prequential champion,
            Prequential challenger,
            Prequential frozen,
            Difference toChampion,
            Difference toFrozen) {}
}
