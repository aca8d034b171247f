package io.headwater.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.event.OwnerKeys;
import io.headwater.event.RowKey;
import io.headwater.feature.FeatureBatch;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link Learner} keeps to when rows of an owner are erased from it: a part of the {@link LearnerContract}. */
abstract class ErasureContract {
    private static final int ROWS = 16;

    /** A new learner for {@link SyntheticStream#SCHEMA}; the same seed gives the same learner. */
    protected abstract Learner open(long seed);

    protected static float[] logits(Learner learner, FeatureBatch batch) {
        float[] out = new float[batch.rows()];
        learner.logits(batch, out);
        return out;
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
            learner.learn(ProbeRows.hostile(ProbeRows.probe(ROWS)), new float[ROWS]);
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
            ProbeRows.assertFinite(logits(uninterrupted, ProbeRows.probe(50)));
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
}
