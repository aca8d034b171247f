package io.headwater.learn.adapt;

import io.headwater.learn.Allowed;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * How live traffic is aligned with the source.
 *
 * @param method the term, or none
 * @param lambda λ; empty: by how far each target lies from the source, see {@link Alignment#strength}
 * @param sources names of the domains that are sources, every other one being a target; empty: the source model's examples
 *     are the source, and all live traffic is one target
 * @param maxTargets how many targets have a window of their own; a further one gets the place of one that ended, else it
 *     shares the last
 * @param rows of each domain in a step's term
 * @param sourceRows source rows that are kept
 * @param windowRows the latest rows of a target that are kept
 * @param rampSteps steps over which a target's λ grows to its full size
 * @param fadeLabels labels of a target after which its λ is half of that; 0: it never fades
 */
public record StreamAdaptation(
        Alignment method,
        OptionalDouble lambda,
        Set<String> sources,
        int maxTargets,
        int rows,
        int sourceRows,
        int windowRows,
        int rampSteps,
        int fadeLabels) {
    public static final StreamAdaptation NONE = by(Alignment.NONE);

    /** Rows of a target's window for each one that a step takes of it. */
    public static final int WINDOW_STEPS = 16;

    /** As many as the usual mini-batch has with what it replays; with twice as many no target was ranked better. */
    private static final int ROWS = 64;

    /** Chosen on the shift demo's payments of seeds 101 to 106, see docs/adr/0014. */
    private static final int FADE_LABELS = 1_000;

    /** Source domains with a sample of their own, at the most. */
    static final int MAX_SOURCES = 100;

    /** A target's traffic has ended when so many windows of rows have come since its last one. */
    private static final int ENDED_WINDOWS = 16;

    public StreamAdaptation {
        sources = Set.copyOf(sources);
        lambda.ifPresent(value -> Allowed.within("lambda", value, 0, 1e6));
        Allowed.within("source domains", sources.size(), 0, MAX_SOURCES);
        Allowed.within("max targets", maxTargets, 1, 1_000);
        Allowed.within("adaptation rows", rows, 2, 100_000);
        Allowed.within("source rows", sourceRows, 2, 1_000_000);
        Allowed.within("window rows", windowRows, 2, 1_000_000);
        Allowed.within("ramp steps", rampSteps, 1, 1_000_000_000);
        Allowed.within("fade labels", fadeLabels, 0, 1_000_000_000);
    }

    /** As it is where nobody says otherwise, but for the method. */
    public static StreamAdaptation by(Alignment method) {
        return new StreamAdaptation(
                method, OptionalDouble.empty(), Set.of(), 8, ROWS, 2_048, WINDOW_STEPS * ROWS, 200, FADE_LABELS);
    }

    public StreamAdaptation withLambda(double value) {
        return new StreamAdaptation(
                method,
                OptionalDouble.of(value),
                sources,
                maxTargets,
                rows,
                sourceRows,
                windowRows,
                rampSteps,
                fadeLabels);
    }

    public StreamAdaptation withSources(Set<String> names) {
        return new StreamAdaptation(
                method, lambda, names, maxTargets, rows, sourceRows, windowRows, rampSteps, fadeLabels);
    }

    /** As after so many labels of a target λ is half; 0: it never fades. */
    public StreamAdaptation withFadeLabels(int labels) {
        return new StreamAdaptation(
                method, lambda, sources, maxTargets, rows, sourceRows, windowRows, rampSteps, labels);
    }

    /** With so many rows of each domain in a step, and windows to match. */
    public StreamAdaptation withRows(int each) {
        return new StreamAdaptation(
                method, lambda, sources, maxTargets, each, sourceRows, WINDOW_STEPS * each, rampSteps, fadeLabels);
    }

    /** Whether anything is aligned: with λ = 0 everything is as without a method, bit for bit. */
    public boolean isUsed() {
        return method.isUsed() && (lambda.isEmpty() || lambda.getAsDouble() > 0);
    }

    /** Whether a row of that domain is of a source. */
    public boolean isSource(String domain) {
        return sources.contains(domain);
    }

    /*
     * What an estimate that is off by A is worth beside one of m labels, whose variance is v / m: mean squared error is
     * least when the first has the weight n / (n + m), n = v / A^2. Ben-David et al. (Machine Learning 79, 2010, section
     * 5) find of the bound on a classifier's target error what this says of a mean: the more labels of the target, the
     * less the source is worth, and the sooner the further it lies. n is a number here and not of the distance, since λ
     * follows from that already. See docs/adr/0014.
     */
    /** What is left of a target's λ after so many of its labels, 0 to 1. */
    double left(long labels) {
        return fadeLabels == 0 ? 1 : fadeLabels / ((double) fadeLabels + labels);
    }

    /** Rows of whatever domain without one of a target after which its traffic has ended. */
    long endedRows() {
        return (long) ENDED_WINDOWS * windowRows;
    }

    /** The target that a row of that domain belongs to, where it is no source: one for all where no source has a name. */
    String target(String domain) {
        return sources.isEmpty() ? "" : domain;
    }
}
