package io.headwater.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.gate.Contest.Difference;
import io.headwater.gate.Contest.Standing;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GateTest {
    private static final GateSettings SETTINGS = new GateSettings(1000, 200, 1.645, 0.05);

    private final Gate gate = new Gate(SETTINGS);

    /** Champion and challenger know the truth up to their own noise; a share of the challenger's logits has lost its sign. */
    private static Contest contest(Random random, int examples, double noise, double flip) {
        Contest contest = new Contest(SETTINGS.window());
        for (int i = 0; i < examples; i++) {
            double truth = 1.5 * random.nextGaussian();
            boolean label = random.nextDouble() < 1 / (1 + Math.exp(-truth));
            double sign = random.nextDouble() < flip ? -1 : 1;
            contest.record(
                    (float) (truth + noise * random.nextGaussian()),
                    (float) (sign * truth + noise * random.nextGaussian()),
                    (float) (0.5 * truth),
                    label);
        }
        return contest;
    }

    @Test
    void corruptedLine_isRejected() {
        // Given 200 lines whose weights were corrupted so that a quarter of their logits changed sign
        for (long seed = 1; seed <= 200; seed++) {
            Standing standing = contest(new Random(seed), 600, 0, 0.25).standing();

            assertThat(gate.judge(standing, Optional.empty()))
                    .as("seed %d", seed)
                    .isInstanceOf(Verdict.Reject.class);
        }
    }

    @Test
    void equalLineWithALittleNoise_isPromotedNearlyAlways() {
        /*
         * Two lines of the same quality: the one-sided 95 % rule calls the challenger worse in 5 % of contests. The
         * count over 400 seeded contests is binomial with mean 20 and deviation 4.4; 40 is 4.5 deviations above.
         */
        int rejected = 0;
        for (long seed = 1; seed <= 400; seed++) {
            Standing standing = contest(new Random(seed), 500, 0.1, 0).standing();
            rejected += gate.judge(standing, Optional.empty()) instanceof Verdict.Promote ? 0 : 1;
        }

        assertThat(rejected).isLessThan(40);
    }

    @Test
    void lineEqualToTheChampion_isPromoted() {
        Standing standing = contest(new Random(1), 300, 0, 0).standing();

        assertThat(gate.judge(standing, Optional.empty()))
                .isEqualTo(
                        new Verdict.Promote(
                                "not worse than the champion: log loss +0.0000 nats (standard error 0.0000) over 300 examples"));
    }

    @Test
    void lineThatIsWorseInItsLastBitsAlone_isPromoted() {
        Contest contest = new Contest(SETTINGS.window());
        for (int i = 0; i < 300; i++) {
            boolean label = i % 3 == 0;
            float logit = label ? 1f : -1f;
            contest.record(logit, label ? Math.nextDown(logit) : Math.nextUp(logit), 0, label);
        }
        Standing standing = contest.standing();
        assertThat(standing.toChampion().meanNats()).isPositive();

        assertThat(gate.judge(standing, Optional.empty())).isInstanceOf(Verdict.Promote.class);
    }

    @ParameterizedTest
    @CsvSource({"0,Wait", "1,Wait", "199,Wait", "200,Promote", "1500,Promote"})
    void tooFewExamples_wait(int examples, String verdict) {
        Standing standing = contest(new Random(2), examples, 0, 0).standing();

        Verdict judged = gate.judge(standing, Optional.empty());

        assertThat(judged.getClass().getSimpleName()).isEqualTo(verdict);
        if (judged instanceof Verdict.Wait) {
            assertThat(judged.reason()).isEqualTo("examined " + examples + " examples, the gate waits for 200");
        }
    }

    @Test
    void probeFault_rejectsWhateverTheStanding() {
        Standing good = contest(new Random(3), 300, 0, 0).standing();
        Standing none = new Contest(10).standing();

        assertThat(gate.judge(good, Optional.of("probe row 3 is off")))
                .isEqualTo(new Verdict.Reject("probe row 3 is off"));
        assertThat(gate.judge(none, Optional.of("probe row 3 is off"))).isInstanceOf(Verdict.Reject.class);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void oneLogitThatIsNotFiniteWhereTheOthersAre_rejectsAndNamesTheCandidate(float logit) {
        // Given a challenger that is far better on all other examples
        Contest better = better(300);
        better.record(1, logit, Float.NaN, true);
        Contest thanFrozen = better(300);
        thanFrozen.record(Float.NaN, logit, 1, true);

        assertThat(gate.judge(better.standing(), Optional.empty()))
                .isEqualTo(new Verdict.Reject("worse than the champion: the candidate scores 1 of 301 examples without"
                        + " a finite number, where the champion has one"));
        assertThat(gate.judge(thanFrozen.standing(), Optional.empty()))
                .isEqualTo(new Verdict.Reject("worse than the frozen model: the candidate scores 1 of 301 examples"
                        + " without a finite number, where the frozen model has one"));
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void championThatIsNotFinite_neitherKeepsABetterLineOutNorLetsAWorseOneIn(float logit) {
        Contest better = better(999);
        better.record(logit, 1, logit, true);
        Contest worse = contest(new Random(5), 999, 0, 0.25);
        worse.record(logit, 1, logit, true);

        assertThat(gate.judge(better.standing(), Optional.empty())).isInstanceOf(Verdict.Promote.class);
        assertThat(gate.judge(worse.standing(), Optional.empty())).isInstanceOf(Verdict.Reject.class);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void exampleThatNobodyScores_tellsNothing(float logit) {
        Contest better = better(300);
        better.record(logit, logit, logit, true);
        Contest worse = contest(new Random(6), 300, 0, 0.25);
        worse.record(logit, logit, logit, true);

        assertThat(gate.judge(better.standing(), Optional.empty())).isInstanceOf(Verdict.Promote.class);
        assertThat(gate.judge(worse.standing(), Optional.empty())).isInstanceOf(Verdict.Reject.class);
    }

    @Test
    void oneHugeLogitOfTheChampion_letsNoWorseLineIn() {
        Contest contest = contest(new Random(7), 999, 0, 0.25);
        contest.record(-1e37f, 0, -1e37f, true);

        assertThat(gate.judge(contest.standing(), Optional.empty())).isInstanceOf(Verdict.Reject.class);
    }

    @Test
    void hugeLogitsOfBoth_keepNoBetterLineOut() {
        Contest contest = better(999);
        contest.record(-1e37f, -2e37f, -1e37f, true);

        assertThat(gate.judge(contest.standing(), Optional.empty())).isInstanceOf(Verdict.Promote.class);
    }

    /** The challenger is right by a margin where both others know nothing. */
    private static Contest better(int examples) {
        Contest contest = new Contest(SETTINGS.window());
        for (int i = 0; i < examples; i++) {
            contest.record(0, i % 3 == 0 ? 2 : -2, 0, i % 3 == 0);
        }
        return contest;
    }

    @ParameterizedTest
    @CsvSource({"NaN,0.01", "0,NaN", "NaN,NaN", "Infinity,0.01", "-Infinity,NaN"})
    void differenceThatIsNotANumber_countsAsWorse(double mean, double error) {
        Difference fine = new Difference(0, 0.01, 0);

        assertThat(gate.judge(standing(new Difference(mean, error, 0), fine), Optional.empty()))
                .isInstanceOf(Verdict.Reject.class);
        assertThat(gate.judge(standing(fine, new Difference(mean, error, 0)), Optional.empty()))
                .isInstanceOf(Verdict.Reject.class);
    }

    @ParameterizedTest
    @CsvSource({
        // mean, standard error, whether it passes: the bound is 1.645 standard errors, and .05 at the most
        "0.016, 0.01, true",
        "0.017, 0.01, false",
        "0.049, 0.04, true",
        "0.051, 1.00, false",
        "-0.30, 0.01, true",
        "0.000, 0.00, true"
    })
    void worse_isOutsideTheNoiseOrTheMargin(double mean, double error, boolean passes) {
        Standing toChampion = standing(new Difference(mean, error, 0), new Difference(-1, 0.01, 0));
        Standing toFrozen = standing(new Difference(-1, 0.01, 0), new Difference(mean, error, 0));

        assertThat(gate.judge(toChampion, Optional.empty()) instanceof Verdict.Promote)
                .isEqualTo(passes);
        assertThat(gate.judge(toFrozen, Optional.empty()) instanceof Verdict.Promote)
                .isEqualTo(passes);
    }

    @Test
    void verdict_saysWhomAndByHowMuchInAnyLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            Standing standing = standing(new Difference(0, 0, 0), new Difference(0.0712, 0.0102, 0));

            assertThat(gate.judge(standing, Optional.empty()).reason())
                    .isEqualTo("worse than the frozen model: log loss +0.0712 nats (standard error 0.0102) over 500"
                            + " examples");
        } finally {
            Locale.setDefault(before);
        }
    }

    private static Standing standing(Difference toChampion, Difference toFrozen) {
        Prequential figures = new Prequential(500, 0.5, 0.7, 0.01);
        return new Standing(figures, figures, figures, toChampion, toFrozen);
    }

    @ParameterizedTest
    @CsvSource({"10,1,1,0.1", "10,11,1,0.1", "10,5,-1,0.1", "10,5,NaN,0.1", "10,5,1,-0.1", "10,5,1,NaN"})
    void settings_thatDecideNothing_areRefused(int window, int minExamples, double errors, double worst) {
        assertThatThrownBy(() -> new GateSettings(window, minExamples, errors, worst))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
