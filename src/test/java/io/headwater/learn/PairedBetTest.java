package io.headwater.learn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairedBetTest {
    private static final int RUNS = 400;
    private static final double CLIP = 4;

    /** Labels until the bet is decided; {@code most} + 1 where it is not by then. */
    private static int decidedAfter(PairedBet bet, Random random, ToDoubleFunction<Random> advantage, int most) {
        for (int label = 1; label <= most; label++) {
            bet.record(advantage.applyAsDouble(random));
            if (bet.evidence() >= 20) {
                return label;
            }
        }
        return most + 1;
    }

    private static double shareDecided(ToDoubleFunction<Random> advantage, int labels) {
        int decided = 0;
        for (int run = 0; run < RUNS; run++) {
            decided += decidedAfter(new PairedBet(CLIP), new Random(run), advantage, labels) <= labels ? 1 : 0;
        }
        return decided / (double) RUNS;
    }

    @Test
    void equals_areToldApartInAtMostOneRunOfTwenty_howeverOftenOneLooks() {
        assertThat(shareDecided(random -> 0.3 * random.nextGaussian(), 3_000)).isLessThanOrEqualTo(0.05);
        assertThat(shareDecided(random -> random.nextBoolean() ? 4 : -4, 3_000)).isLessThanOrEqualTo(0.05);
        // Rarely much, mostly a little the other way: what a few wrong alarms do to a model of rare events.
        assertThat(shareDecided(random -> random.nextInt(50) == 0 ? 3.92 : -0.08, 3_000))
                .isLessThanOrEqualTo(0.05);
        assertThat(shareDecided(random -> random.nextInt(50) == 0 ? -3.92 : 0.08, 3_000))
                .isLessThanOrEqualTo(0.05);
    }

    @Test
    void identical_leaveTheEvidenceAtOne() {
        PairedBet bet = new PairedBet(CLIP);
        for (int i = 0; i < 10_000; i++) {
            bet.record(0);
            assertThat(bet.evidence()).isCloseTo(1, org.assertj.core.api.Assertions.within(1e-9));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void better_isFound(long seed) {
        assertThat(decidedAfter(new PairedBet(CLIP), new Random(seed), r -> 0.1 + 0.4 * r.nextGaussian(), 1_000))
                .isBetween(20, 400);
        assertThat(decidedAfter(new PairedBet(CLIP), new Random(seed), r -> 0.01 + 0.1 * r.nextGaussian(), 5_000))
                .isBetween(100, 3_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void betterSinceLately_isFoundAfterALongTimeOfBeingWorse(long seed) {
        Random random = new Random(seed);
        PairedBet bet = new PairedBet(CLIP);
        int worse = 50_000;
        assertThat(decidedAfter(bet, random, r -> -0.1 + 0.4 * r.nextGaussian(), worse))
                .isGreaterThan(worse);

        assertThat(decidedAfter(bet, random, r -> 0.1 + 0.4 * r.nextGaussian(), 5_000))
                .isLessThan(1_500);
    }

    @Test
    void oneLabel_howeverBad_countsAtMostTheClip() {
        PairedBet huge = new PairedBet(CLIP);
        PairedBet one = new PairedBet(CLIP);
        huge.record(Double.POSITIVE_INFINITY);
        one.record(CLIP);
        huge.record(Double.NaN);
        one.record(0);
        assertThat(huge.evidence()).isEqualTo(one.evidence());
        assertThat(huge.mean()).isEqualTo(CLIP / 2);
        assertThat(huge.evidence()).isLessThan(2);
    }

    /** What waits for other evidence is to be gone soon after it has ceased to be true. */
    @Test
    void evidence_howeverLongItGrew_fallsSoon() {
        PairedBet bet = new PairedBet(CLIP);
        for (int i = 0; i < 100_000; i++) {
            bet.record(1);
        }
        assertThat(bet.evidence()).isBetween(90.0, 101.0);
        for (int i = 0; i < 20; i++) {
            bet.record(-1);
        }
        assertThat(bet.evidence()).isLessThan(20);
    }

    @Test
    void read_goesOnAsWritten() {
        PairedBet bet = new PairedBet(CLIP);
        decidedAfter(bet, new Random(1), r -> 0.4 * r.nextGaussian(), 500);
        StateWriter out = new StateWriter("bet", 1);
        bet.write(out);
        PairedBet again = new PairedBet(CLIP);
        again.read(new StateReader(out.toBytes(), "bet", 1));

        int more = decidedAfter(bet, new Random(2), r -> 0.1 + 0.4 * r.nextGaussian(), 5_000);
        assertThat(decidedAfter(again, new Random(2), r -> 0.1 + 0.4 * r.nextGaussian(), 5_000))
                .isEqualTo(more);
        assertThat(again.evidence()).isEqualTo(bet.evidence());
        assertThat(again.mean()).isEqualTo(bet.mean());
    }
}
