package io.headwater.learn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairedEvidenceTest {
    /** Knows the true logit of a row, with some noise, and is more or less sure of it. */
    private record Predictor(float scale, float noise) {
        float says(float truth, Random random) {
            return scale * (truth + noise * (float) random.nextGaussian());
        }
    }

    /** Two predictors on rows whose labels are drawn from a true logit, and what is known of them. */
    private record Pair(PairedEvidence evidence, Random random, Predictor used, Predictor other) {
        Pair(long seed, Predictor used, Predictor other) {
            this(new PairedEvidence(), new Random(seed), used, other);
        }

        void next() {
            float truth = (float) (2 * random.nextGaussian());
            boolean label = random.nextDouble() < 1 / (1 + Math.exp(-truth));
            evidence.record(used.says(truth, random), other.says(truth, random), label);
        }

        /** Labels until there is enough; {@code most} + 1 where there is not by then. */
        int labelsUntil(BooleanSupplier enough, int most) {
            for (int label = 1; label <= most; label++) {
                next();
                if (enough.getAsBoolean()) {
                    return label;
                }
            }
            return most + 1;
        }
    }

    /** Each knows the truth as badly as the other, but not in the same way. */
    @Test
    void equals_areToldApartInAtMostOneRunOfTwenty_howeverOftenOneLooks() {
        Predictor alike = new Predictor(1, 1);
        int left = 0;
        for (int run = 0; run < 400; run++) {
            Pair pair = new Pair(run, alike, alike);
            left += pair.labelsUntil(pair.evidence()::isEnoughOnEither, 2_000) <= 2_000 ? 1 : 0;
        }
        assertThat(left).isLessThanOrEqualTo(20);
    }

    /** What log loss alone does not see: the other one is far too sure, and orders the rows better. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void worseOrderByALineThatIsLessSure_isEnoughOnEither_andNeverOnBoth(long seed) {
        Pair pair = new Pair(seed, new Predictor(0.3f, 1.5f), new Predictor(5, 0));
        PairedEvidence evidence = pair.evidence();
        assertThat(pair.labelsUntil(evidence::isEnoughOnEither, 3_000)).isBetween(20, 2_500);
        assertThat(evidence.told()).startsWith("ranked worse by 0.").doesNotContain("lost more");
        assertThat(evidence.leadNats()).isNegative();
        assertThat(evidence.leadAuc()).isPositive();

        assertThat(pair.labelsUntil(evidence::isEnoughOnBoth, 5_000)).isEqualTo(5_001);
    }

    /** The other way round: the same order, but far too sure. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void sameOrderByALineThatIsTooSure_isEnoughOnEither_andNeverOnBoth(long seed) {
        Pair pair = new Pair(seed, new Predictor(5, 0), new Predictor(1, 0));
        PairedEvidence evidence = pair.evidence();
        assertThat(pair.labelsUntil(evidence::isEnoughOnEither, 1_000)).isLessThan(300);
        assertThat(evidence.told()).startsWith("lost more, 0.").doesNotContain("ranked");
        assertThat(evidence.leadAuc()).isZero();

        assertThat(pair.labelsUntil(evidence::isEnoughOnBoth, 5_000)).isEqualTo(5_001);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void worseInBothSenses_isEnoughOnBoth(long seed) {
        Pair pair = new Pair(seed, new Predictor(1, 3), new Predictor(1, 0));
        PairedEvidence evidence = pair.evidence();
        assertThat(pair.labelsUntil(evidence::isEnoughOnBoth, 2_000)).isLessThan(800);
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
