package io.headwater.learn.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.graph.HeadNames;
import io.headwater.learn.OnlineRow;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.Task;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MixtureLearnerTest {
    private static final int NUMERIC = 4;
    private static final int CATEGORICAL = 2;
    private static final int BUCKETS = 64;

    private static MixtureLearner mixture(Task task) {
        return new MixtureLearner(task, NUMERIC, CATEGORICAL, BUCKETS, MixtureSettings.of(7));
    }

    @ParameterizedTest
    @EnumSource(Task.class)
    void restore_ofACheckpoint_goesOnBitForBitWithMemosFromBefore(Task task) {
        MixtureLearner one = mixture(task);
        Stream stream = new Stream(task, 3, 40);
        stream.feed(one, 3_000);

        MixtureLearner other = mixture(task);
        other.restore(one.checkpoint());
        Stream same = stream.copy();
        stream.feed(one, 1_000);
        same.feed(other, 1_000);

        assertThat(same.outputs).isEqualTo(stream.outputs);
        assertThat(other.checkpoint()).isEqualTo(one.checkpoint());
    }

    @ParameterizedTest
    @EnumSource(Task.class)
    void graph_inOnnxRuntime_givesTheLearnersScores(Task task) {
        MixtureLearner learner = mixture(task);
        Stream stream = new Stream(task, 5, 0);
        stream.feed(learner, 4_000);

        try (ExportedMixture exported = new ExportedMixture(learner, NUMERIC, CATEGORICAL)) {
            for (int i = 0; i < 200; i++) {
                OnlineRow row = stream.row(10_000 + i);
                float[] expected = new float[learner.outputs()];
                learner.score(row, expected);
                float[] found = exported.score(row);
                assertThat(found).hasSameSizeAs(expected);
                for (int k = 0; k < expected.length; k++) {
                    assertThat(found[k]).isCloseTo(expected[k], within(1e-5f * Math.max(1, Math.abs(expected[k]))));
                }
            }
        }
    }

    @Test
    void stateSha256_isAnother_whateverBitOfTheStateIs() {
        MixtureLearner learner = mixture(Task.BINARY);
        new Stream(Task.BINARY, 3, 40).feed(learner, 3_000);
        String digest = learner.stateSha256();
        byte[] whole = learner.checkpoint();
        MixtureLearner other = mixture(Task.BINARY);
        other.restore(whole);
        assertThat(other.stateSha256()).isEqualTo(digest);

        // Prime, so that it comes to every byte of a float; closer at the end, where short arrays are.
        int step = 997;
        int told = 0;
        for (int at = whole.length - Integer.BYTES - 1; at > 0; at -= whole.length - at < 20_000 ? 37 : step) {
            byte[] flipped = withBitFlipped(whole, at, 1 << at % 8);
            try {
                other.restore(flipped);
            } catch (IllegalArgumentException e) {
                // A length, or a number out of its bounds: no learner's state.
                continue;
            }
            assertThat(other.stateSha256()).as("bit %d of byte %d", at % 8, at).isNotEqualTo(digest);
            told++;
        }
        assertThat(told).isGreaterThan(whole.length / step);
    }

    /** A checkpoint with one other bit, and the checksum that goes with it. */
    private static byte[] withBitFlipped(byte[] checkpoint, int at, int bit) {
        byte[] flipped = checkpoint.clone();
        flipped[at] ^= (byte) bit;
        CRC32C checksum = new CRC32C();
        checksum.update(flipped, 0, flipped.length - Integer.BYTES);
        ByteBuffer.wrap(flipped).putInt(flipped.length - Integer.BYTES, (int) checksum.getValue());
        return flipped;
    }

    @Test
    void graph_ofABinaryMixture_hasTheOutputsThatServe() {
        assertThat(mixture(Task.BINARY).graph().outputs())
                .extracting(output -> output.name())
                .containsExactly(HeadNames.LOGIT, HeadNames.PROBABILITY);
    }

    @Test
    void learn_straightAfterTheArrival_givesTheSameBitsAsLater() {
        // It takes a short cut then, which must not show.
        MixtureLearner direct = mixture(Task.BINARY);
        MixtureLearner asked = mixture(Task.BINARY);
        Stream stream = new Stream(Task.BINARY, 11, 0);
        float[] out = new float[1];
        float[] memo = new float[direct.memoLength()];
        for (int i = 0; i < 3_000; i++) {
            OnlineRow row = stream.row(i);
            direct.arrive(row, out, memo);
            direct.learn(row, memo, stream.label(i), 1);
            asked.arrive(row, out, memo);
            asked.score(stream.row(i + 5_000), out);
            asked.learn(row, memo, stream.label(i), 1);
        }
        assertThat(asked.checkpoint()).isEqualTo(direct.checkpoint());
    }

    @Test
    void learn_anOlderMemoInTheArrayOfTheLast_isOfTheOlderRow() {
        MixtureLearner own = mixture(Task.BINARY);
        MixtureLearner shared = mixture(Task.BINARY);
        Stream stream = new Stream(Task.BINARY, 12, 0);
        float[] out = new float[1];
        float[] carrier = new float[own.memoLength()];
        for (int i = 0; i < 2_000; i += 2) {
            float[] older = new float[own.memoLength()];
            own.arrive(stream.row(i), out, older);
            own.arrive(stream.row(i + 1), out, new float[own.memoLength()]);
            own.learn(stream.row(i), older, stream.label(i), 1);

            shared.arrive(stream.row(i), out, carrier);
            float[] kept = carrier.clone();
            shared.arrive(stream.row(i + 1), out, carrier);
            System.arraycopy(kept, 0, carrier, 0, kept.length);
            shared.learn(stream.row(i), carrier, stream.label(i), 1);
        }
        assertThat(shared.checkpoint()).isEqualTo(own.checkpoint());
    }

    @Test
    void learn_theStack_takesTheLogitsOfTheArrival() {
        MixtureLearner honest = mixture(Task.BINARY);
        MixtureLearner told = mixture(Task.BINARY);
        Stream stream = new Stream(Task.BINARY, 13, 0);
        stream.feed(honest, 2_000);
        told.restore(honest.checkpoint());
        OnlineRow row = stream.row(2_001);
        float[] out = new float[1];
        float[] memo = new float[honest.memoLength()];
        honest.arrive(row, out, memo);
        told.arrive(row, out, memo.clone());
        float[] other = memo.clone();
        // The last is the net's, the three before it are the linear models': what they said then.
        other[other.length - 2] = 8;
        other[other.length - 3] = -8;

        honest.learn(row, memo, 1, 1);
        told.learn(row, other, 1, 1);

        assertThat(told.stackWeights()).isNotEqualTo(honest.stackWeights());
        assertThat(told.linearWeights()).isDeepEqualTo(honest.linearWeights());
    }

    @ParameterizedTest
    @EnumSource(Task.class)
    void learn_hostileValues_keepsEverythingFinite(Task task) {
        MixtureLearner learner = mixture(task);
        Stream stream = new Stream(task, 17, 3);
        stream.feed(learner, 500);
        float[] values = {
            Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MAX_VALUE, -Float.MAX_VALUE, 0
        };
        SeededRandom random = new SeededRandom(1);
        float[] out = new float[learner.outputs() + 1];
        for (int i = 0; i < 3_000; i++) {
            OnlineRow row = stream.row(i);
            for (int column = 0; column < NUMERIC; column++) {
                row.numeric()[column] = values[random.nextInt(values.length)];
            }
            float[] memo = new float[learner.memoLength()];
            learner.arrive(row, out, memo);
            learner.learn(row, memo, stream.label(i), 1e6f);
        }
        learner.score(stream.row(9_999), out);
        for (int k = 0; k < learner.outputs(); k++) {
            assertThat(out[k]).isFinite();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void learn_classesThatAnInteractionTells_findsThem(long seed) {
        // Whether two columns are on the same side: no linear model knows.
        MixtureLearner learner = new MixtureLearner(Task.BINARY, 3, 0, 0, MixtureSettings.of(seed));
        SeededRandom random = new SeededRandom(seed);
        OnlineRow row = new OnlineRow(3, 0);
        float[] out = new float[1];
        float[] memo = new float[learner.memoLength()];
        int right = 0;
        for (int i = 0; i < 12_000; i++) {
            for (int column = 0; column < 3; column++) {
                row.numeric()[column] = (float) random.nextDouble();
            }
            boolean positive = row.numeric()[0] > .5 ^ row.numeric()[1] > .5;
            learner.arrive(row, out, memo);
            right += i >= 10_000 && (out[0] > 0) == positive ? 1 : 0;
            learner.learn(row, memo, positive ? 1 : 0, 1);
        }
        assertThat(right / 2_000.0).isGreaterThan(.93);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void learn_classesOnTwoSidesOfASlantedLine_findsThemByTheNetAlone(long seed) {
        MixtureLearner learner =
                new MixtureLearner(Task.BINARY, 2, 0, 0, new MixtureSettings(false, false, true, false, seed));
        SeededRandom random = new SeededRandom(seed);
        OnlineRow row = new OnlineRow(2, 0);
        float[] out = new float[1];
        float[] memo = new float[learner.memoLength()];
        int right = 0;
        for (int i = 0; i < 12_000; i++) {
            row.numeric()[0] = (float) random.nextGaussian();
            row.numeric()[1] = (float) random.nextGaussian();
            boolean positive = Math.abs(row.numeric()[0] - row.numeric()[1]) > 1;
            learner.arrive(row, out, memo);
            right += i >= 10_000 && (out[0] > 0) == positive ? 1 : 0;
            learner.learn(row, memo, positive ? 1 : 0, 1);
        }
        assertThat(right / 2_000.0).isGreaterThan(.95);
    }

    @Test
    void scaled_beyondTenDeviations_tellsFarFromFarther() {
        RowExpansion expansion = new RowExpansion(RowColumns.of(1, 0, false, false));
        SeededRandom random = new SeededRandom(1);
        float[] row = new float[1];
        for (int i = 0; i < 10_000; i++) {
            row[0] = (float) random.nextGaussian();
            expansion.observe(row);
        }
        float[] scaled = new float[1];
        float before = 0;
        for (float value : new float[] {1, 9, 11, 30, 100, 500}) {
            row[0] = value;
            expansion.scaled(row, scaled);
            assertThat(scaled[0]).isGreaterThan(before);
            before = scaled[0];
        }
        row[0] = Float.POSITIVE_INFINITY;
        expansion.scaled(row, scaled);
        assertThat(scaled[0]).isBetween(before, 60f);
        row[0] = Float.NaN;
        expansion.scaled(row, scaled);
        assertThat(scaled[0]).isZero();
    }

    @Test
    void learn_aRareClassInTheTail_ranksItFirst() {
        MixtureLearner learner = new MixtureLearner(Task.BINARY, 3, 0, 0, MixtureSettings.of(1));
        SeededRandom random = new SeededRandom(5);
        OnlineRow row = new OnlineRow(3, 0);
        float[] out = new float[1];
        float[] memo = new float[learner.memoLength()];
        double rare = 0;
        double common = 0;
        int rares = 0;
        for (int i = 0; i < 60_000; i++) {
            boolean positive = random.nextInt(200) == 0;
            for (int column = 0; column < 3; column++) {
                row.numeric()[column] = (float) random.nextGaussian();
            }
            // Both tails of one column, no other: a line through it knows nothing.
            row.numeric()[1] = positive ? (random.nextInt(2) == 0 ? 4 : -4) : row.numeric()[1];
            learner.arrive(row, out, memo);
            if (i >= 50_000) {
                rares += positive ? 1 : 0;
                rare += positive ? out[0] : 0;
                common += positive ? 0 : out[0];
            }
            learner.learn(row, memo, positive ? 1 : 0, 1);
        }
        assertThat(rare / rares).isGreaterThan(0);
        assertThat(common / (10_000 - rares)).isLessThan(-4);
    }

    @Test
    void learn_aClassThatComesLate_isAddedAndFound() {
        MixtureLearner learner = new MixtureLearner(Task.CLASSES, 2, 0, 0, MixtureSettings.of(1));
        SeededRandom random = new SeededRandom(9);
        OnlineRow row = new OnlineRow(2, 0);
        int right = 0;
        for (int i = 0; i < 8_000; i++) {
            int label = random.nextInt(i < 3_000 ? 2 : 4);
            row.numeric()[0] = (float) (label % 2 * 3 + random.nextGaussian() * .4);
            row.numeric()[1] = (float) (label / 2 * 3 + random.nextGaussian() * .4);
            float[] out = new float[learner.outputs()];
            float[] memo = new float[learner.memoLength()];
            learner.arrive(row, out, memo);
            int said = 0;
            for (int k = 1; k < out.length; k++) {
                said = out[k] > out[said] ? k : said;
            }
            right += i >= 7_000 && said == label ? 1 : 0;
            learner.learn(row, memo, Math.min(label, learner.outputs()), 1);
        }
        assertThat(learner.outputs()).isEqualTo(4);
        assertThat(right / 1_000.0).isGreaterThan(.97);
    }

    @Test
    void learn_aMemoFromBeforeAClassWasKnown_isTaken() {
        MixtureLearner learner = mixture(Task.CLASSES);
        Stream stream = new Stream(Task.BINARY, 21, 0);
        OnlineRow row = stream.row(1);
        float[] old = new float[learner.memoLength()];
        learner.arrive(row, new float[2], old);
        float[] other = new float[learner.memoLength()];
        learner.arrive(row, new float[2], other);
        learner.learn(row, other, 2, 1);

        learner.learn(row, old, 1, 1);

        assertThat(learner.outputs()).isEqualTo(3);
        float[] out = new float[3];
        learner.score(row, out);
        assertThat(out[1]).isFinite();
    }

    @Test
    void learn_aLabelThatIsNone_isRefusedAndChangesNothing() {
        MixtureLearner learner = mixture(Task.BINARY);
        byte[] before = learner.checkpoint();
        float[] memo = new float[learner.memoLength()];
        OnlineRow row = new OnlineRow(NUMERIC, CATEGORICAL);
        assertThatThrownBy(() -> learner.learn(row, memo, 2, 1)).hasMessageContaining("2.0");
        assertThatThrownBy(() -> learner.learn(row, memo, Float.NaN, 1)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> learner.learn(row, memo, 1, 0)).hasMessageContaining("above 0");
        assertThat(learner.checkpoint()).isEqualTo(before);
    }

    @Test
    void restore_ofAnotherShape_isRefused() {
        byte[] other =
                new MixtureLearner(Task.BINARY, NUMERIC + 1, CATEGORICAL, BUCKETS, MixtureSettings.of(7)).checkpoint();
        assertThatThrownBy(() -> mixture(Task.BINARY).restore(other)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void alarm_afterAChange_makesTheStackMoveFaster() {
        MixtureLearner quiet = mixture(Task.BINARY);
        Stream stream = new Stream(Task.BINARY, 23, 0);
        stream.feed(quiet, 6_000);
        MixtureLearner alarmed = mixture(Task.BINARY);
        alarmed.restore(quiet.checkpoint());
        float[] before = quiet.stackWeights();
        alarmed.alarm();
        Stream after = stream.copy();
        stream.feed(quiet, 50);
        after.feed(alarmed, 50);
        assertThat(distance(before, alarmed.stackWeights())).isGreaterThan(distance(before, quiet.stackWeights()));
    }

    private static double distance(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += Math.abs(one[i] - other[i]);
        }
        return sum;
    }
}
