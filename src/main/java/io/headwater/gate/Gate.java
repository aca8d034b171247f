package io.headwater.gate;

import io.headwater.gate.Contest.Difference;
import io.headwater.gate.Contest.Standing;
import java.util.Locale;
import java.util.Optional;

/**
 * The rule that a candidate has to pass before it serves: not worse than the champion and not worse than the frozen
 * model on examples that none of them had learned.
 */
public final class Gate {
    /*
     * Non-inferiority rather than superiority. Versions follow each other every few hundred examples, so two
     * neighbours differ too little for any test to call one better; demanding that would keep fresh weights from
     * serving. What has to be kept out is a line that got worse, and its paired loss difference is large. A challenger
     * is called worse when the one-sided interval of its paired difference lies above zero.
     */
    /**
     * A learner and the file that was exported of it differ in the last bits of their logits, and always in the same
     * direction: less than this is no difference, however small its standard error.
     */
    private static final double ROUNDING_NATS = 1e-5;

    private final GateSettings settings;

    public Gate(GateSettings settings) {
        this.settings = settings;
    }

    /**
     * Judges one candidate.
     *
     * @param standing the record of the candidate's line up to the moment it was taken
     * @param probeFault what is wrong with the exported file on the fixed probe set, if anything is
     */
    public Verdict judge(Standing standing, Optional<String> probeFault) {
        if (probeFault.isPresent()) {
            return new Verdict.Reject(probeFault.get());
        }
        int examples = standing.challenger().examples();
        if (examples < settings.minExamples()) {
            return new Verdict.Wait("examined " + examples + " examples, the gate waits for " + settings.minExamples());
        }
        return rejected("the champion", standing.toChampion(), examples)
                .or(() -> rejected("the frozen model", standing.toFrozen(), examples))
                .orElseGet(() -> promoted(standing.toChampion(), examples));
    }

    private Optional<Verdict> rejected(String other, Difference difference, int examples) {
        if (difference.notFinite() > 0) {
            return Optional.of(new Verdict.Reject(String.format(
                    Locale.ROOT,
                    "worse than %s: the candidate scores %d of %d examples without a finite number, where %s has one",
                    other,
                    difference.notFinite(),
                    examples,
                    other)));
        }
        return worse(difference)
                ? Optional.of(new Verdict.Reject(sentence("worse than " + other, difference, examples)))
                : Optional.empty();
    }

    private static Verdict promoted(Difference difference, int examples) {
        return new Verdict.Promote(sentence("not worse than the champion", difference, examples));
    }

    private boolean worse(Difference difference) {
        // Written so that NaN counts as worse.
        boolean withinNoise =
                difference.meanNats() - settings.standardErrors() * difference.standardErrorNats() <= ROUNDING_NATS;
        boolean withinMargin = difference.meanNats() <= settings.maxWorseNats();
        return !(withinNoise && withinMargin);
    }

    private static String sentence(String what, Difference difference, int examples) {
        return String.format(
                Locale.ROOT,
                "%s: log loss %+.4f nats (standard error %.4f) over %d examples",
                what,
                difference.meanNats(),
                difference.standardErrorNats(),
                examples);
    }
}
