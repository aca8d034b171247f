package io.headwater.learn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairedEvidenceTest {
    /** Two predictors of rows whose labels are drawn from a true logit. */
    private interface Predictors {
        float used(float truth, Random random);

        float other(float truth, Random random);
    }

    /** Labels until there is enough on either; {@code most} + 1 where there is not by then. */
    private static int leftAfter(PairedEvidence evidence, Random random, Predictors two, int most) {
        for (int label = 1; label <= most; label++) {
            record(evidence, random, two);
            if (evidence.isEnoughOnEither()) {
                return label;
            }
        }
        return most + 1;
    }

    private static void record(PairedEvidence evidence, Random random, Predictors two) {
        float truth = (float) (2 * random.nextGaussian());
        boolean label = random.nextDouble() < 1 / (1 + Math.exp(-truth));
        evidence.record(two.used(truth, random), two.other(truth, random), label);
    }

    private static Predictors predictors(float usedScale, float usedNoise, float otherScale, float otherNoise) {
        return new Predictors() {
            @Override
            public float used(float truth, Random random) {
                return usedScale * (truth + usedNoise * (float) random.nextGaussian());
            }

            @Override
            public float other(float truth, Random random) {
                return otherScale * (truth + otherNoise * (float) random.nextGaussian());
            }
        };
    }

    /** Each knows the truth as badly as the other, but not in the same way. */
    @Test
    void equals_areToldApartInAtMostOneRunOfTwenty_howeverOftenOneLooks() {
        Predictors equals = predictors(1, 1, 1, 1);
        int left = 0;
        for (int run = 0; run < 400; run++) {
            left += leftAfter(new PairedEvidence(), new Random(run), equals, 2_000) <= 2_000 ? 1 : 0;
        }
        assertThat(left).isLessThanOrEqualTo(20);
    }

    /** What log loss alone does not see: the other one is far too sure, and orders the rows better. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void worseOrderByALineThatIsLessSure_isEnoughOnEither_andNeverOnBoth(long seed) {
        Predictors two = predictors(0.3f, 1.5f, 5, 0);
        PairedEvidence evidence = new PairedEvidence();
        Random random = new Random(seed);
        assertThat(leftAfter(evidence, random, two, 3_000)).isBetween(20, 2_500);
        assertThat(evidence.told()).startsWith("ranked worse by 0.").doesNotContain("lost more");
        assertThat(evidence.leadNats()).isNegative();
        assertThat(evidence.leadAuc()).isPositive();

        for (int label = 0; label < 5_000; label++) {
            record(evidence, random, two);
            assertThat(evidence.isEnoughOnBoth()).isFalse();
        }
    }

    /** The other way round: the same order, but far too sure. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void sameOrderByALineThatIsTooSure_isEnoughOnEither_andNeverOnBoth(long seed) {
        Predictors two = predictors(5, 0, 1, 0);
        PairedEvidence evidence = new PairedEvidence();
        Random random = new Random(seed);
        assertThat(leftAfter(evidence, random, two, 1_000)).isLessThan(300);
        assertThat(evidence.told()).startsWith("lost more, 0.").doesNotContain("ranked");
        assertThat(evidence.leadAuc()).isZero();

        for (int label = 0; label < 5_000; label++) {
            record(evidence, random, two);
            assertThat(evidence.isEnoughOnBoth()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void worseInBothSenses_isEnoughOnBoth(long seed) {
        Predictors two = predictors(1, 3, 1, 0);
        PairedEvidence evidence = new PairedEvidence();
        Random random = new Random(seed);
        int labels = 0;
        while (!evidence.isEnoughOnBoth() && labels < 2_000) {
            record(evidence, random, two);
            labels++;
        }
        assertThat(labels).isLessThan(800);
        assertThat(evidence.told()).contains("lost more", " and ranked worse");
    }

    @Test
    void labelsOfOneClassAlone_areNeverEnough_andLeaveItReadable() {
        PairedEvidence evidence = new PairedEvidence();
        for (int i = 0; i < 10_000; i++) {
            evidence.record(-8, 8, true);
            assertThat(evidence.isEnoughOnEither()).isFalse();
        }
        StateWriter out = new StateWriter("evidence", 1);
        evidence.write(out);
        PairedEvidence again = PairedEvidence.read(new StateReader(out.toBytes(), "evidence", 1));

        for (int i = 0; i < 10; i++) {
            again.record(0, 0, false);
        }
        assertThat(again.isEnoughOnEither()).isTrue();
    }
}
