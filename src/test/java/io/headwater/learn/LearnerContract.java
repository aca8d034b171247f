package io.headwater.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.event.Event;
import io.headwater.event.OwnerKeys;
import io.headwater.event.RowKey;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.FeatureEncoder;
import io.headwater.graph.OnnxGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link Learner} keeps to; each implementation's test inherits it. Rows are {@link SyntheticStream}'s. */
public abstract class LearnerContract {
    /** A new learner for {@link SyntheticStream#SCHEMA}; the same seed gives the same learner. */
    protected abstract Learner open(long seed);

    private static final int ROWS = 16;

    protected static float[] logits(Learner learner, FeatureBatch batch) {
        float[] out = new float[batch.rows()];
        learner.logits(batch, out);
        return out;
    }

    private static FeatureBatch probe(int rows) {
        return new SyntheticStream(99, 0.3, 0).batch(rows, new float[rows]);
    }

    @Test
    void logits_changeNothing_andDependOnTheRowAlone() {
        try (Learner learner = open(1)) {
            new SyntheticStream(1, 0, 0).feed(learner, 3);
            byte[] before = learner.checkpoint();
            FeatureBatch probe = probe(40);
            float[] together = logits(learner, probe);
            assertThat(logits(learner, probe)).isEqualTo(together);
            assertThat(learner.checkpoint()).isEqualTo(before);
            for (int row = 0; row < 40; row += 7) {
                FeatureBatch alone = new FeatureBatch(SyntheticStream.SCHEMA.rows(), 1);
                alone.copyRow(probe, row);
                assertThat(logits(learner, alone)[0]).isCloseTo(together[row], within(1e-5f));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void sameCalls_giveTheSameBits(long seed) {
        try (Learner one = open(seed);
                Learner two = open(seed)) {
            new SyntheticStream(seed, 0.5, 1).feed(one, 20);
            new SyntheticStream(seed, 0.5, 1).feed(two, 20);
            assertThat(one.weightsSha256()).isEqualTo(two.weightsSha256()).hasSize(64);
            assertThat(one.checkpoint()).isEqualTo(two.checkpoint());
            assertThat(one.export()).isEqualTo(two.export());
            assertThat(logits(one, probe(30))).isEqualTo(logits(two, probe(30)));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void restore_continuesAsIfUninterrupted(long seed) {
        try (Learner uninterrupted = open(seed);
                Learner restored = open(seed + 100)) {
            SyntheticStream stream = new SyntheticStream(seed, 0.5, 1);
            stream.feed(uninterrupted, 17);
            byte[] checkpoint = uninterrupted.checkpoint();
            new SyntheticStream(7, 0, -1).feed(restored, 5);
            assertThat(restored.weightsSha256()).isNotEqualTo(uninterrupted.weightsSha256());

            restored.restore(checkpoint);
            assertThat(restored.weightsSha256()).isEqualTo(uninterrupted.weightsSha256());
            assertThat(restored.checkpoint()).isEqualTo(checkpoint);

            new SyntheticStream(seed + 5, 1, 0).feed(uninterrupted, 17);
            new SyntheticStream(seed + 5, 1, 0).feed(restored, 17);
            assertThat(restored.checkpoint()).isEqualTo(uninterrupted.checkpoint());
            assertThat(restored.weightsSha256()).isEqualTo(uninterrupted.weightsSha256());
            assertThat(logits(restored, probe(30))).isEqualTo(logits(uninterrupted, probe(30)));
        }
    }

    @Test
    void restore_ofBadBytes_isRefusedAndChangesNothing() {
        try (Learner learner = open(1)) {
            new SyntheticStream(1, 0, 0).feed(learner, 5);
            byte[] good = learner.checkpoint();
            new SyntheticStream(2, 0, 0).feed(learner, 2);
            byte[] state = learner.checkpoint();
            assertRefused(learner, new byte[0]);
            assertRefused(learner, "not a checkpoint at all".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            assertRefused(learner, Arrays.copyOf(good, good.length + 1));
            for (int length = 1; length < good.length; length += 1 + good.length / 50) {
                assertRefused(learner, Arrays.copyOf(good, length));
            }
            for (int at = 0; at < good.length; at += 1 + good.length / 50) {
                byte[] damaged = good.clone();
                damaged[at] ^= 0x10;
                assertRefused(learner, damaged);
            }
            assertThat(learner.checkpoint()).isEqualTo(state);
        }
    }

    private static void assertRefused(Learner learner, byte[] bytes) {
        assertThatThrownBy(() -> learner.restore(bytes)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void export_scoresAsLogitsDo_inOnnxRuntime() {
        try (Learner learner = open(1)) {
            new SyntheticStream(1, 1, 2).feed(learner, 20);
            FeatureBatch probe = hostile(probe(50));
            try (OnnxModel model = new OnnxModel(learner.export(), probe)) {
                float[] exported = new float[probe.rows()];
                model.logits(exported);
                assertThat(exported).containsExactly(logits(learner, probe), within(1e-5f));
            }
        }
    }

    /** In a process of its own: DJL's engine insists on making the one ONNX Runtime environment itself. */
    @Test
    void export_scoresAsLogitsDo_inDjl(@TempDir Path dir) throws IOException, InterruptedException {
        try (Learner learner = open(1)) {
            new SyntheticStream(1, 1, 2).feed(learner, 20);
            FeatureBatch probe = hostile(probe(50));
            Path model = Files.write(dir.resolve("model.onnx"), learner.export());
            Path rows = Files.write(dir.resolve("rows"), DjlScores.write(probe));
            Path scores = dir.resolve("scores");
            ForkedJvm.run(DjlScores.class, model.toString(), rows.toString(), scores.toString());

            StateReader in = new StateReader(Files.readAllBytes(scores), "scores", 1);
            float[] expected = logits(learner, probe);
            assertThat(in.reals()).containsExactly(expected, within(1e-5f));
            float[] probabilities = in.reals();
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) probabilities[i]).isCloseTo(1 / (1 + Math.exp(-expected[i])), within(1e-5));
            }
        }
    }

    @Test
    void hostileInput_leavesEverythingFinite() {
        try (Learner learner = open(1)) {
            new SyntheticStream(1, 0, 0).feed(learner, 5);
            float[] labels = new float[ROWS];
            for (float label : new float[] {0, 1}) {
                Arrays.fill(labels, label);
                for (int i = 0; i < 30; i++) {
                    FeatureBatch hostile = hostile(probe(ROWS));
                    SyntheticStream.arrive(learner, hostile);
                    LearnReport report = learner.learn(hostile, labels);
                    assertThat(report.lossNats()).isFinite();
                }
            }
            assertFinite(logits(learner, hostile(probe(ROWS))));
            new SyntheticStream(3, 0, 0).feed(learner, 5);
            assertFinite(logits(learner, probe(50)));
            for (var initializer :
                    OnnxGraph.read(learner.export()).initializers().values()) {
                boolean isFloat = initializer.type() == io.headwater.graph.ElementType.FLOAT;
                if (isFloat) {
                    assertFinite(initializer.floats());
                }
            }
        }
    }

    private static void assertFinite(float[] values) {
        for (float value : values) {
            assertThat(value).isFinite();
        }
    }

    /** Rows of NaN, infinities and huge values in place of the first ones; categories never seen. */
    private static FeatureBatch hostile(FeatureBatch rows) {
        float[] values = {
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            1e38f,
            -1e38f,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            Float.MIN_VALUE
        };
        FeatureBatch batch = new FeatureBatch(SyntheticStream.SCHEMA.rows(), rows.rows());
        FeatureEncoder encoder = new FeatureEncoder(SyntheticStream.SCHEMA);
        for (float value : values) {
            @Nullable String[] categorical = {"never seen " + value, null};
            encoder.encode(new Event("h", Long.MAX_VALUE, new float[] {value, value, -value}, categorical), batch);
        }
        for (int row = batch.rows(); row < rows.rows(); row++) {
            batch.copyRow(rows, row);
        }
        return batch;
    }

    @Test
    void emptyBatch_isNothing() {
        try (Learner learner = open(1)) {
            new SyntheticStream(1, 0, 0).feed(learner, 2);
            byte[] before = learner.checkpoint();
            FeatureBatch empty = new FeatureBatch(SyntheticStream.SCHEMA.rows(), 4);
            SyntheticStream.arrive(learner, empty);
            LearnReport report = learner.learn(empty, new float[0]);
            learner.logits(empty, new float[0]);
            assertThat(report).isEqualTo(LearnReport.NOTHING);
            assertThat(learner.checkpoint()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void learn_followsTheStream(long seed) {
        try (Learner learner = open(seed)) {
            float[] labels = new float[1_000];
            FeatureBatch unseen = new SyntheticStream(seed + 50, 0, -2).batch(1_000, labels);
            double before = loss(logits(learner, unseen), labels);
            new SyntheticStream(seed, 0, -2).feed(learner, 80);
            assertThat(loss(logits(learner, unseen), labels)).isLessThan(0.9 * before);
        }
    }

    /** Rows whose first number is found nowhere else, of two owners in turn, and of both classes for each. */
    private static FeatureBatch ownedRows(float[] labels) {
        FeatureBatch batch = new SyntheticStream(21, 0, 0).batch(labels.length, new float[labels.length]);
        for (int row = 0; row < labels.length; row++) {
            batch.numeric().put(row * batch.numericWidth(), ownedValue(row));
            batch.setKey(row, RowKey.of("owner " + row % 2));
            labels[row] = row / 2 % 2;
        }
        return batch;
    }

    private static float ownedValue(int row) {
        return 87.65432f + 0.125f * row;
    }

    /** How many of the rows of one owner are found in the learner's checkpoint. */
    private static int traces(byte[] checkpoint, int owner, int rows) {
        int found = 0;
        for (int row = owner; row < rows; row += 2) {
            found += Trace.isIn(checkpoint, ownedValue(row)) ? 1 : 0;
        }
        return found;
    }

    /** Has the learner see rows of two owners come, and then learn them; then so many batches of others. */
    private static void feedOwned(Learner learner, long seed, int after) {
        SyntheticStream others = new SyntheticStream(seed, 0.3, 0);
        others.feed(learner, 5);
        float[] labels = new float[ROWS];
        FeatureBatch rows = ownedRows(labels);
        Memos memos = new Memos(ROWS, learner.memoLength());
        learner.arrive(rows, new float[ROWS], memos);
        learner.learn(rows, labels, memos);
        others.feed(learner, after);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void erase_leavesNoTraceOfAnOwnersRows_andTheOthersWhereTheyWere(int batchesAfter) {
        try (Learner learner = open(1);
                Learner again = open(2)) {
            feedOwned(learner, 1, batchesAfter);
            byte[] before = learner.checkpoint();
            assertThat(learner.weightsSha256()).isNotEmpty();
            assertThat(traces(before, 1, ROWS)).as("rows kept").isPositive();
            int ofTheOther = traces(before, 0, ROWS);

            int erased = learner.erase(OwnerKeys.of(RowKey.of("owner 1")));

            byte[] after = learner.checkpoint();
            assertThat(erased).isGreaterThanOrEqualTo(traces(before, 1, ROWS));
            assertThat(traces(after, 1, ROWS)).isZero();
            assertThat(traces(after, 0, ROWS)).isEqualTo(ofTheOther);
            again.restore(after);
            assertThat(again.weightsSha256()).isEqualTo(learner.weightsSha256());
            assertThat(learner.erase(OwnerKeys.of(RowKey.of("owner 1"))))
                    .as("a second time")
                    .isZero();
            assertThat(learner.checkpoint()).isEqualTo(after);
        }
    }

    @Test
    void erase_ofWhatIsNotThere_changesNothing() {
        try (Learner learner = open(1)) {
            feedOwned(learner, 1, 2);
            learner.learn(hostile(probe(ROWS)), new float[ROWS]);
            byte[] before = learner.checkpoint();
            String weights = learner.weightsSha256();
            assertThat(learner.erase(OwnerKeys.of(RowKey.of("nobody that came"))))
                    .isZero();
            assertThat(learner.erase(OwnerKeys.of(RowKey.NONE)))
                    .as("rows that are nobody's")
                    .isZero();
            assertThat(learner.checkpoint()).isEqualTo(before);
            assertThat(learner.weightsSha256()).isEqualTo(weights);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void erase_isFollowedByTheSameBits_alsoAfterARestore(long seed) {
        try (Learner uninterrupted = open(seed);
                Learner restored = open(seed + 100)) {
            feedOwned(uninterrupted, seed, 2);
            restored.restore(uninterrupted.checkpoint());
            for (Learner learner : List.of(uninterrupted, restored)) {
                int erased = learner.erase(OwnerKeys.of(RowKey.of("owner 1")));
                for (int i = 0; i < 60; i++) {
                    erased += learner.erase(OwnerKeys.of(RowKey.of("e" + i)));
                }
                assertThat(erased).isGreaterThan(ROWS / 2);
            }
            assertThat(restored.checkpoint()).isEqualTo(uninterrupted.checkpoint());
            assertThat(restored.weightsSha256()).isEqualTo(uninterrupted.weightsSha256());
            restored.restore(uninterrupted.checkpoint());

            for (int i = 0; i < 4; i++) {
                for (Learner learner : List.of(uninterrupted, restored)) {
                    new SyntheticStream(seed + 10 + i, 0.3, 0).feed(learner, 4);
                    learner.erase(OwnerKeys.of(RowKey.of("e" + (20 + i))));
                }
            }
            assertThat(restored.checkpoint()).isEqualTo(uninterrupted.checkpoint());
            assertThat(restored.weightsSha256()).isEqualTo(uninterrupted.weightsSha256());
            assertFinite(logits(uninterrupted, probe(50)));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void erase_ofManyAtOnce_isThatOfEach_inWhateverOrder(long seed) {
        long[] owners = LongStream.concat(
                        LongStream.of(RowKey.of("nobody that came"), RowKey.of("owner 1")),
                        IntStream.range(0, 60).mapToLong(i -> RowKey.of("e" + (i * 7 % 60))))
                .toArray();
        try (Learner all = open(seed);
                Learner each = open(seed);
                Learner back = open(seed)) {
            for (Learner learner : List.of(all, each, back)) {
                feedOwned(learner, seed, 2);
            }
            int erased = all.erase(OwnerKeys.of(owners));
            int forth = 0;
            for (int i = 0; i < owners.length; i++) {
                forth += each.erase(OwnerKeys.of(owners[i]));
                back.erase(OwnerKeys.of(owners[owners.length - 1 - i]));
            }
            assertThat(erased).isGreaterThan(ROWS / 2).isEqualTo(forth);
            assertThat(each.checkpoint()).isEqualTo(all.checkpoint());
            assertThat(back.checkpoint()).isEqualTo(all.checkpoint());

            for (Learner learner : List.of(all, each, back)) {
                new SyntheticStream(seed + 10, 0.3, 0).feed(learner, 4);
            }
            assertThat(each.weightsSha256()).isEqualTo(all.weightsSha256());
            assertThat(back.checkpoint()).isEqualTo(all.checkpoint());
        }
    }

    private static double loss(float[] logits, float[] labels) {
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            sum += Math.log1p(Math.exp(labels[i] == 1 ? -logits[i] : logits[i]));
        }
        return sum / logits.length;
    }

    @Test
    void learn_ofALargeBatch_andOfOneRow() {
        try (Learner learner = open(1)) {
            float[] labels = new float[3_000];
            FeatureBatch large = new SyntheticStream(5, 0, 0).batch(3_000, labels);
            assertThat(learner.learn(large, labels).lossNats()).isPositive();
            assertFinite(logits(learner, large));
            FeatureBatch one = new SyntheticStream(6, 0, 0).batch(1, labels);
            String before = learner.weightsSha256();
            learner.learn(one, labels);
            assertThat(learner.weightsSha256()).isNotEqualTo(before);
        }
    }
}
