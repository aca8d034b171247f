package io.headwater.offline.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.headwater.event.OwnerKeys;
import io.headwater.event.RowKey;
import io.headwater.learn.OnlineLearner;
import io.headwater.learn.OnlineRow;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.Task;
import io.headwater.offline.evaluate.OnlineLearners.Shape;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link OnlineLearner} that can be had by name keeps to, for each task that it can do. */
final class OnlineLearnerContractTest {
    private static final int NUMERIC = 5;
    private static final int CATEGORICAL = 2;
    private static final int BUCKETS = 64;
    private static final int DELAY = 30;

    private static final int OWNERS = 7;

    /** From here on rows may be of a third class. */
    private static final int THIRD_CLASS = 700;

    private static final Set<String> NUMBERS_ONLY = Set.of("ridge", "anomaly");

    /** A learner by its name, and what it is to do. */
    private record Case(String name, Task task) {
        OnlineLearner open() {
            int categorical = NUMBERS_ONLY.contains(name) ? 0 : CATEGORICAL;
            return OnlineLearners.make(name, task, new Shape(NUMERIC, categorical, BUCKETS, 7));
        }

        OnlineRow emptyRow() {
            return new OnlineRow(NUMERIC, NUMBERS_ONLY.contains(name) ? 0 : CATEGORICAL);
        }

        @Override
        public String toString() {
            return name + " for " + task;
        }
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String name : OnlineLearners.names()) {
            for (Task task : Task.values()) {
                if (!name.equals("anomaly") || task == Task.BINARY) {
                    cases.add(new Case(name, task));
                }
            }
        }
        return cases;
    }

    /** The strangest rows have labels too, but no label says more than that a row is strange. */
    static List<Case> casesThatLearnFromLabels() {
        return cases().stream().filter(one -> !one.name().equals("anomaly")).toList();
    }

    /** A life on seeded rows whose labels come {@value #DELAY} rows late. */
    private static final class Life {
        final Case of;
        final OnlineLearner learner;
        final List<Float> outputs = new ArrayList<>();
        private final float[][] memos = new float[DELAY][];
        private final OnlineRow row;
        private float[] scores = new float[2];
        private int next;

        Life(Case of) {
            this.of = of;
            this.learner = of.open();
            this.row = of.emptyRow();
        }

        Life live(int rows) {
            for (int end = next + rows; next < end; next++) {
                arrive(next);
                outputs.add(scores[0]);
            }
            return this;
        }

        /** As {@link #live}, but nobody takes down what is said. */
        void liveUnheard(int rows) {
            for (int end = next + rows; next < end; next++) {
                arrive(next);
            }
        }

        private void arrive(int number) {
            int slot = number % DELAY;
            if (number >= DELAY) {
                fill(number - DELAY);
                learner.learn(row, memos[slot], label(of.task(), number - DELAY), 1);
            }
            if (scores.length < learner.outputs()) {
                scores = new float[learner.outputs()];
            }
            if (memos[slot] == null || memos[slot].length < learner.memoLength()) {
                memos[slot] = new float[learner.memoLength()];
            }
            fill(number);
            learner.arrive(row, scores, memos[slot]);
        }

        OnlineRow fill(int number) {
            OnlineLearnerContractTest.fill(row, number);
            return row;
        }
    }

    private static void fill(OnlineRow row, int number) {
        SeededRandom random = new SeededRandom(1_000_003L * number);
        for (int i = 0; i < NUMERIC; i++) {
            row.numeric()[i] = i > 2 && random.nextInt(10) == 0 ? Float.NaN : (float) random.nextGaussian();
        }
        for (int i = 0; i < row.categorical().length; i++) {
            row.categorical()[i] = random.nextInt(BUCKETS);
        }
        row.setKey(1 + number % OWNERS);
    }

    private static float label(Task task, int number) {
        OnlineRow row = new OnlineRow(NUMERIC, 0);
        fill(row, number);
        float sum = row.numeric()[0] + .7f * row.numeric()[1] - .5f * row.numeric()[2];
        return switch (task) {
            case BINARY -> sum > 0 ? 1 : 0;
            case CLASSES -> number >= THIRD_CLASS && sum > .8 ? 2 : sum > 0 ? 1 : 0;
            case SQUARED, HUBER -> 50 + 7 * sum;
        };
    }

    @Test
    void cases_areAllThatCanBeHad() {
        assertThat(cases()).hasSizeGreaterThanOrEqualTo(5 * Task.values().length + 1);
        assertThatThrownBy(() -> new Case("anomaly", Task.CLASSES).open())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two classes are allowed");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void sameCalls_giveTheSameBits(Case one) {
        assertThat(new Life(one).live(1_000).outputs).isEqualTo(new Life(one).live(1_000).outputs);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void score_isWhatItWasAMomentAgo_andChangesNothing(Case one) {
        Life asked = new Life(one);
        for (int i = 0; i < 25; i++) {
            asked.live(30);
            float[] first = new float[asked.learner.outputs()];
            float[] again = new float[asked.learner.outputs()];
            asked.learner.score(asked.fill(10_000 + i), first);
            asked.learner.score(asked.fill(20_000 + i), again);
            asked.learner.score(asked.fill(10_000 + i), again);
            assertThat(again).isEqualTo(first);
        }

        assertThat(asked.outputs).isEqualTo(new Life(one).live(750).outputs);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void hostileValues_leaveOutputsFinite(Case one) {
        Life life = new Life(one).live(200);
        float[] hostile = {
            Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MAX_VALUE, -Float.MAX_VALUE, 0, 1e-40f
        };
        float[] out = new float[life.learner.outputs()];
        float[] memo = new float[life.learner.memoLength()];
        for (int i = 0; i < 300; i++) {
            OnlineRow row = life.fill(30_000 + i);
            row.numeric()[i % NUMERIC] = hostile[i % hostile.length];
            row.numeric()[(i + 1) % NUMERIC] = hostile[(i / 7) % hostile.length];
            life.learner.arrive(row, out, memo);
            life.learner.learn(row, memo, i % 2, 1);
            for (float value : out) {
                assertThat(value).as("row %d", i).isFinite();
            }
        }
        assertThat(life.live(200).outputs).allMatch(Float::isFinite);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void labelOrWeightThatIsNone_isRefused_andChangesNothing(Case one) {
        Life tried = new Life(one).live(300);
        float[] memo = new float[tried.learner.memoLength()];
        float[] wrong = one.task().isRegression()
                ? new float[] {Float.NaN, Float.POSITIVE_INFINITY}
                : new float[] {-1, .5f, Float.NaN, tried.learner.outputs() + 2};
        tried.learner.arrive(tried.fill(40_000), new float[tried.learner.outputs()], memo);
        Life untried = new Life(one).live(300);
        untried.learner.arrive(untried.fill(40_000), new float[tried.learner.outputs()], memo.clone());
        for (float label : wrong) {
            assertThatThrownBy(() -> tried.learner.learn(tried.fill(40_000), memo, label, 1))
                    .as("label %s", label)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (float weight : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> tried.learner.learn(tried.fill(40_000), memo, 1, weight))
                    .as("weight %s", weight)
                    .isInstanceOf(IllegalArgumentException.class);
        }

        assertThat(tried.live(200).outputs).isEqualTo(untried.live(200).outputs);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void neitherMeeting_allocates_andMemoryIsWhatItWas(Case one) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        Life life = new Life(one);
        life.liveUnheard(4_000);
        long bytes = life.learner.stateBytes();

        // Making the rows and their labels allocates the same each time.
        long alone = -threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < 1_000; i++) {
            life.fill(i);
            label(one.task(), i);
            life.fill(i);
        }
        alone += threads.getThreadAllocatedBytes(thread);
        long living = -threads.getThreadAllocatedBytes(thread);
        life.liveUnheard(1_000);
        living += threads.getThreadAllocatedBytes(thread);

        assertThat(living - alone).isLessThan(2_000);
        assertThat(life.learner.stateBytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @MethodSource("casesThatLearnFromLabels")
    void labels_areLearned(Case one) {
        Life life = new Life(one);
        life.liveUnheard(2_500);
        int rows = 500;
        double[] labels = new double[rows];
        double wrong = 0;
        for (int i = 0; i < rows; i++) {
            float[] out = new float[life.learner.outputs()];
            labels[i] = label(one.task(), 50_000 + i);
            life.learner.score(life.fill(50_000 + i), out);
            wrong += one.task().isRegression() ? Math.pow(out[0] - labels[i], 2) : chosen(out) == labels[i] ? 0 : 1;
        }

        assertThat(life.learner.outputs()).isEqualTo(one.task() == Task.CLASSES ? 3 : 1);
        assertThat(wrong / rows).isLessThan(one.task().isRegression() ? .3 * variance(labels) : .2);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void erase_ofWhatIsNotThere_changesNothing(Case one) {
        Life asked = new Life(one);
        for (int i = 0; i < 20; i++) {
            asked.live(37);
            assertThat(asked.learner.erase(OwnerKeys.of(OWNERS + 1))).isZero();
            assertThat(asked.learner.erase(OwnerKeys.of(RowKey.NONE))).isZero();
        }

        assertThat(asked.outputs).isEqualTo(new Life(one).live(740).outputs);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void erase_ofAllThatWasKept_isFollowedByLearning(Case one) {
        List<List<Float>> twice = new ArrayList<>();
        for (int time = 0; time < 2; time++) {
            Life life = new Life(one).live(THIRD_CLASS + 100);
            for (int i = 0; i < 10; i++) {
                for (long key = 1; key <= OWNERS; key++) {
                    life.learner.erase(OwnerKeys.of(key));
                    assertThat(life.learner.erase(OwnerKeys.of(key)))
                            .as("a second time")
                            .isZero();
                }
                // Ferns are drawn again from what is left, which may be of one class or nothing.
                life.learner.alarm();
                life.live(1 + 40 * (i % 2));
            }
            twice.add(life.live(300).outputs);
        }
        assertThat(twice.get(0)).allMatch(Float::isFinite).isEqualTo(twice.get(1));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void erase_ofManyAtOnce_isFollowedByTheSame_asThatOfEachInWhateverOrder(Case one) {
        List<List<Float>> heard = new ArrayList<>();
        for (List<List<Long>> erasures : List.of(
                List.of(List.of(2L, 3L, 6L)),
                List.of(List.of(2L), List.of(3L), List.of(6L)),
                List.of(List.of(6L), List.of(3L), List.of(2L)))) {
            Life life = new Life(one).live(THIRD_CLASS + 100);
            for (int i = 0; i < 9; i++) {
                erasures.forEach(keys -> life.learner.erase(OwnerKeys.of(keys)));
                life.learner.alarm();
                life.live(41);
            }
            heard.add(life.outputs);
        }
        assertThat(heard.get(1)).isEqualTo(heard.get(0));
        assertThat(heard.get(2)).isEqualTo(heard.get(0));
    }

    private static int chosen(float[] out) {
        if (out.length == 1) {
            return out[0] > 0 ? 1 : 0;
        }
        int best = 0;
        for (int i = 1; i < out.length; i++) {
            best = out[i] > out[best] ? i : best;
        }
        return best;
    }

    private static double variance(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        return Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void alarm_isTakenAtAnyTime(Case one) {
        Life life = new Life(one);
        life.learner.alarm();
        life.live(200);
        life.learner.alarm();
        life.learner.alarm();

        assertThat(life.live(300).outputs).hasSize(500).allMatch(Float::isFinite);
    }
}
