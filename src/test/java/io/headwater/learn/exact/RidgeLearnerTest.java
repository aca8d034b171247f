package io.headwater.learn.exact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.headwater.event.OwnerKeys;
import io.headwater.event.RowKey;
import io.headwater.learn.OnlineRow;
import io.headwater.learn.Task;
import io.headwater.learn.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RidgeLearnerTest {
    private static final int COLUMNS = 6;
    private static final RidgeSettings PLAIN = RidgeSettings.byDefault();
    private static final RidgeSettings PROJECTED = PLAIN.projectedTo(50, 3);

    private record Labelled(float[] numeric, float label) {}

    /** Four Gaussian classes with one covariance; or a number that is linear in the row, with noise. */
    private static List<Labelled> rows(Task task, int count, long seed) {
        Random random = new Random(seed);
        List<Labelled> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int classes = task == Task.CLASSES ? 4 : 2;
            int digit = i < classes ? i : random.nextInt(classes);
            float[] numeric = new float[COLUMNS];
            double common = random.nextGaussian();
            for (int column = 0; column < COLUMNS; column++) {
                numeric[column] = (float) (0.5 * common + random.nextGaussian());
            }
            float label = digit;
            if (task.isRegression()) {
                label = (float) (3 + 2 * numeric[0] - numeric[4] + 0.1 * random.nextGaussian());
            } else {
                numeric[digit % COLUMNS] += 2;
            }
            rows.add(new Labelled(numeric, label));
        }
        return rows;
    }

    private static RidgeLearner learned(Task task, RidgeSettings settings, List<Labelled> rows) {
        RidgeLearner learner = new RidgeLearner(task, COLUMNS, settings);
        float[] memo = new float[learner.memoLength()];
        for (Labelled row : rows) {
            learner.learn(new OnlineRow(row.numeric(), new int[0]), memo, row.label(), 1);
        }
        learner.solve();
        return learner;
    }

    @ParameterizedTest
    @EnumSource(Task.class)
    void erase_leavesNoTraceOfARowThatWaits_andWhatWasLearned(Task task) {
        List<Labelled> rows = rows(task, 300, 5);
        RidgeLearner kept = learned(task, PLAIN, rows);
        RidgeLearner erased = new RidgeLearner(task, COLUMNS, PLAIN);
        float[] memo = new float[1];
        int owner = 0;
        for (Labelled row : rows) {
            OnlineRow online = new OnlineRow(row.numeric(), new int[0]);
            online.setKey(1 + owner++ % 50);
            erased.learn(online, memo, row.label(), 1);
        }
        // 300 rows are 9 blocks and 12 rows that wait, the owners' 39 to 50.
        byte[] before = erased.checkpoint();
        float ofOwner44 = rows.get(293).numeric()[2];
        assertThat(Trace.isIn(before, ofOwner44)).isTrue();
        assertThat(erased.erase(OwnerKeys.of(3)))
                .as("all of its rows are in the sums")
                .isZero();
        assertThat(erased.erase(OwnerKeys.of(RowKey.NONE))).isZero();
        assertThat(erased.checkpoint()).isEqualTo(before);

        assertThat(erased.erase(OwnerKeys.of(44))).isEqualTo(1);

        assertThat(Trace.isIn(erased.checkpoint(), ofOwner44)).isFalse();
        assertThat(erased.erase(OwnerKeys.of(45)))
                .as("nothing waits any longer")
                .isZero();
        RidgeLearner again = new RidgeLearner(task, COLUMNS, PLAIN);
        again.restore(erased.checkpoint());
        again.solve();
        assertSameOutputs(again, kept, task);
    }

    @Test
    void restore_keepsWhoseRowsWait() {
        RidgeLearner learner = new RidgeLearner(Task.BINARY, COLUMNS, PLAIN);
        OnlineRow row = new OnlineRow(new float[] {1.25f, 2, 3, 4, 5, 6}, new int[0]);
        row.setKey(7);
        learner.learn(row, new float[1], 1, 1);
        RidgeLearner again = new RidgeLearner(Task.BINARY, COLUMNS, PLAIN);
        again.restore(learner.checkpoint());
        assertThat(again.checkpoint()).isEqualTo(learner.checkpoint());
        assertThat(again.erase(OwnerKeys.of(7))).isEqualTo(1);
    }

    private static float[] outputs(RidgeLearner learner, Labelled row) {
        float[] outputs = new float[learner.outputs()];
        learner.score(new OnlineRow(row.numeric(), new int[0]), outputs);
        return outputs;
    }

    private static void assertSameOutputs(RidgeLearner one, RidgeLearner other, Task task) {
        for (Labelled row : rows(task, 20, 77)) {
            assertThat(outputs(one, row)).containsExactly(outputs(other, row), offset(2e-4f));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Task.class,
            names = {"BINARY", "CLASSES", "SQUARED"})
    void twoHalvesMerged_equalTheWhole(Task task) {
        for (RidgeSettings settings : List.of(PLAIN, PROJECTED)) {
            List<Labelled> some = rows(task, 333, 1);
            List<Labelled> others = rows(task, 670, 2);
            List<Labelled> all = new ArrayList<>(some);
            all.addAll(others);
            RidgeLearner whole = learned(task, settings, all);
            RidgeLearner half = learned(task, settings, some);
            half.merge(learned(task, settings, others));

            assertThat(half.greatestRelativeDifference(whole)).isLessThan(1e-9);
            assertSameOutputs(half, whole, task);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void order_doesNotMatter(long seed) {
        List<Labelled> rows = rows(Task.CLASSES, 700, seed);
        RidgeLearner one = learned(Task.CLASSES, PROJECTED, rows);
        List<Labelled> byClass = new ArrayList<>(rows);
        byClass.sort((a, b) -> Float.compare(a.label(), b.label()));
        RidgeLearner sorted = learned(Task.CLASSES, PROJECTED, byClass);

        assertThat(one.greatestRelativeDifference(sorted)).isLessThan(1e-9);
        assertSameOutputs(one, sorted, Task.CLASSES);
    }

    /** The logit of two Gaussian classes of one covariance is known: linear, with the log odds of the classes. */
    @Test
    void binaryLogit_approachesTheTrueOne() {
        Random random = new Random(5);
        List<Labelled> rows = new ArrayList<>();
        for (int i = 0; i < 60_000; i++) {
            boolean positive = random.nextInt(10) == 0;
            float x = (float) random.nextGaussian();
            float y = (float) (0.6 * x + 0.8 * random.nextGaussian());
            rows.add(new Labelled(new float[] {x + (positive ? 1 : 0), y, 5, Float.NaN, 0, 0}, positive ? 1 : 0));
        }
        RidgeLearner learner = learned(Task.BINARY, PLAIN.withPriorRows(0), rows);
        // Precision of (x, y): 1 / (1 - .36) * [[1, -.6], [-.6, 1]]; difference of the means (1, 0)
        for (float[] at : new float[][] {{0, 0}, {1, 0}, {0, 1}, {-1, 2}}) {
            double logit = ((at[0] - 0.5) - 0.6 * at[1]) / 0.64 + Math.log(0.1 / 0.9);
            float[] out = new float[1];
            learner.score(new OnlineRow(new float[] {at[0], at[1], 5, Float.NaN, 0, 0}, new int[0]), out);
            assertThat((double) out[0]).isCloseTo(logit, offset(0.15));
        }
        RidgeLearner even = learned(Task.BINARY, PLAIN.withPriorRows(0).withEvenPriors(), rows);
        float difference = outputs(even, rows.get(0))[0] - outputs(learner, rows.get(0))[0];
        assertThat((double) difference).isCloseTo(Math.log(0.9 / 0.1), offset(0.05));
    }

    @Test
    void regression_findsTheCoefficients_inAnyUnit() {
        for (float unit : new float[] {1e-4f, 1, 1e4f}) {
            List<Labelled> rows = new ArrayList<>();
            for (Labelled row : rows(Task.SQUARED, 2_000, 6)) {
                float[] scaled = row.numeric().clone();
                scaled[0] *= unit;
                rows.add(new Labelled(scaled, row.label()));
            }
            RidgeLearner learner = learned(Task.SQUARED, PLAIN.withPriorRows(0.1), rows);
            for (Labelled row : rows.subList(0, 50)) {
                double truth = 3 + 2 * row.numeric()[0] / unit - row.numeric()[4];
                assertThat((double) outputs(learner, row)[0]).isCloseTo(truth, offset(0.03));
            }
        }
    }

    @Test
    void halfLife_weighsRowsAsTheirAge() {
        double halfLife = 50;
        List<Labelled> rows = rows(Task.SQUARED, 777, 7);
        RidgeLearner fading = learned(Task.SQUARED, PLAIN.withHalfLife(halfLife), rows);

        RidgeLearner weighted = new RidgeLearner(Task.SQUARED, COLUMNS, PLAIN);
        for (int i = 0; i < rows.size(); i++) {
            float weight = (float) Math.pow(0.5, (rows.size() - 1 - i) / halfLife);
            weighted.learn(
                    new OnlineRow(rows.get(i).numeric(), new int[0]),
                    new float[1],
                    rows.get(i).label(),
                    weight);
        }
        weighted.solve();
        assertSameOutputs(fading, weighted, Task.SQUARED);
        assertThat(fading.outputs()).isEqualTo(1);
    }

    @Test
    void lateClass_isPredictedOnceLearned() {
        List<Labelled> rows = rows(Task.CLASSES, 800, 8);
        List<Labelled> byClass = new ArrayList<>(rows);
        byClass.sort((a, b) -> Float.compare(a.label(), b.label()));
        RidgeLearner learner = learned(Task.CLASSES, PLAIN, byClass.subList(0, 300));
        assertThat(learner.outputs()).isEqualTo(2);
        learner = learned(Task.CLASSES, PLAIN, byClass);
        assertThat(learner.outputs()).isEqualTo(4);
        int right = 0;
        for (Labelled row : rows) {
            float[] out = outputs(learner, row);
            int best = 0;
            for (int i = 1; i < out.length; i++) {
                best = out[i] > out[best] ? i : best;
            }
            right += best == (int) row.label() ? 1 : 0;
        }
        assertThat(right / 800.0).isGreaterThan(0.75);
    }

    @Test
    void scoresAreUpToDate_withoutBeingAsked() {
        RidgeLearner learner = new RidgeLearner(Task.SQUARED, COLUMNS, PLAIN);
        float[] memo = new float[1];
        float[] out = new float[1];
        double late = 0;
        List<Labelled> rows = rows(Task.SQUARED, 400, 9);
        for (int i = 0; i < rows.size(); i++) {
            OnlineRow row = new OnlineRow(rows.get(i).numeric(), new int[0]);
            learner.arrive(row, out, memo);
            late += i < 200 ? 0 : Math.abs(out[0] - rows.get(i).label());
            learner.learn(row, memo, rows.get(i).label(), 1);
        }
        assertThat(late / 200).isLessThan(0.15);
    }

    @Test
    void learning_doesNotDependOnWhatWasScoredInBetween() {
        List<Labelled> rows = rows(Task.CLASSES, 300, 10);
        RidgeLearner delayed = new RidgeLearner(Task.CLASSES, COLUMNS, PROJECTED);
        float[][] memos = new float[300][1];
        float[] out = new float[10];
        for (int i = 0; i < 305; i++) {
            if (i < 300) {
                delayed.arrive(new OnlineRow(rows.get(i).numeric(), new int[0]), out, memos[i]);
                delayed.score(new OnlineRow(rows.get(0).numeric(), new int[0]), out);
            }
            if (i >= 5) {
                OnlineRow due = new OnlineRow(rows.get(i - 5).numeric(), new int[0]);
                delayed.learn(due, memos[i - 5], rows.get(i - 5).label(), 1);
            }
        }
        delayed.solve();
        assertThat(delayed.checkpoint())
                .isEqualTo(learned(Task.CLASSES, PROJECTED, rows).checkpoint());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 100, 333})
    void restored_goesOnBitForBit(int at) {
        List<Labelled> rows = rows(Task.CLASSES, 600, 11);
        RidgeLearner one = new RidgeLearner(Task.CLASSES, COLUMNS, PROJECTED.withHalfLife(100));
        RidgeLearner other = new RidgeLearner(Task.CLASSES, COLUMNS, PROJECTED.withHalfLife(100));
        float[] memo = new float[1];
        for (int i = 0; i < rows.size(); i++) {
            if (i == at) {
                other.restore(one.checkpoint());
            }
            OnlineRow row = new OnlineRow(rows.get(i).numeric(), new int[0]);
            one.learn(row, memo, rows.get(i).label(), 1);
            if (i >= at) {
                other.learn(row, memo, rows.get(i).label(), 1);
                assertThat(outputs(other, rows.get(0))).isEqualTo(outputs(one, rows.get(0)));
            }
        }
        assertThat(other.checkpoint()).isEqualTo(one.checkpoint());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 50})
    void strangeValues_leaveFiniteOutputs(int features) {
        RidgeLearner learner = new RidgeLearner(Task.BINARY, COLUMNS, PLAIN.projectedTo(features, 1));
        Random random = new Random(12);
        float[] strange = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MAX_VALUE, 0, -1};
        float[] out = new float[1];
        float[] memo = new float[1];
        for (int i = 0; i < 500; i++) {
            OnlineRow row = new OnlineRow(COLUMNS, 0);
            for (int column = 0; column < COLUMNS; column++) {
                row.numeric()[column] = strange[random.nextInt(strange.length)];
            }
            learner.arrive(row, out, memo);
            assertThat(out[0]).isFinite();
            learner.learn(row, memo, random.nextInt(2), 1);
        }
    }

    @Test
    void wrongLabelsAndOtherLearners_areRefused() {
        RidgeLearner learner = learned(Task.CLASSES, PLAIN, rows(Task.CLASSES, 50, 13));
        OnlineRow row = new OnlineRow(COLUMNS, 0);
        assertThatThrownBy(() -> learner.learn(row, new float[1], 5, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> learner.learn(row, new float[1], 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> learner.merge(new RidgeLearner(Task.CLASSES, COLUMNS, PROJECTED)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be merged");
        assertThatThrownBy(() -> new RidgeLearner(Task.CLASSES, COLUMNS, PROJECTED).restore(learner.checkpoint()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
