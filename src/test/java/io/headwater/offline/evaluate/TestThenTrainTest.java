package io.headwater.offline.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.learn.SeededRandom;
import io.headwater.learn.Task;
import io.headwater.offline.evaluate.RememberingLearner.Meeting;
import io.headwater.offline.evaluate.RememberingLearner.Meeting.Alarmed;
import io.headwater.offline.evaluate.RememberingLearner.Meeting.Arrived;
import io.headwater.offline.evaluate.RememberingLearner.Meeting.Learned;
import io.headwater.offline.evaluate.TestThenTrain.Course;
import io.headwater.offline.evaluate.TestThenTrain.LossAlarm;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestThenTrainTest {
    private static final float NONE = Float.NaN;

    private final RememberingLearner learner = new RememberingLearner(Task.BINARY);
    private final AtomicLong clock = new AtomicLong();

    private Course run(LabelArrivals arrivals, EvaluationListener listener, float... labels) {
        return new TestThenTrain(new NumberedRows(labels), arrivals, () -> clock.getAndAdd(500_000_000))
                .run(learner, LossAlarm.NONE, listener);
    }

    private List<Meeting> meetings(LabelArrivals arrivals, float... labels) {
        run(arrivals, new EvaluationListener() {}, labels);
        return learner.meetings;
    }

    @Test
    void noDelay_learnsEachRow_beforeTheNextIsScored() {
        assertThat(meetings(LabelArrivals.afterRows(3, 0), 1, 0, 1))
                .containsExactly(new Arrived(0), new Learned(0, 1), new Arrived(1), new Learned(1, 0), new Arrived(2));
    }

    @Test
    void delayInRows_isTheNumberOfRows_betweenARowAndTheFirstThatKnowsItsLabel() {
        assertThat(meetings(LabelArrivals.afterRows(5, 2), 1, 0, 1, 0, 1))
                .containsExactly(
                        new Arrived(0),
                        new Arrived(1),
                        new Arrived(2),
                        new Learned(0, 1),
                        new Arrived(3),
                        new Learned(1, 0),
                        new Arrived(4));
    }

    @Test
    void delayLongerThanTheStream_learnsNothing() {
        assertThat(meetings(LabelArrivals.afterRows(2, Integer.MAX_VALUE), 1, 0))
                .containsExactly(new Arrived(0), new Arrived(1));
    }

    @Test
    void labelsByTheClock_comeInTheirOwnOrder_andAreUnknownAtTheirOwnInstant() {
        // Given rows at 10, 20, 20, 30, 40; the label of row 1 comes last, and that of row 0 at 20
        LabelArrivals arrivals = LabelArrivals.atTimes(
                new double[] {10, 20, 20, 30, 40}, new double[] {20, 39, 25, NONE, Double.POSITIVE_INFINITY});

        assertThat(arrivals.labels()).isEqualTo(3);
        assertThat(arrivals.mostWaiting()).isEqualTo(3);
        assertThat(meetings(arrivals, 1, 0, 1, 0, 1))
                .containsExactly(
                        new Arrived(0),
                        new Arrived(1),
                        new Arrived(2),
                        new Learned(0, 1),
                        new Learned(2, 1),
                        new Arrived(3),
                        new Learned(1, 0),
                        new Arrived(4));
    }

    @Test
    void delayByTheClock_whereTheTimeIsTheRowsNumber_isTheDelayInRows() {
        double[] events = {0, 1, 2, 3, 4, 5, 6, 7};
        double[] labels = {3, 4, 5, 6, 7, 8, 9, 10};

        List<Meeting> byTheClock = meetings(LabelArrivals.atTimes(events, labels), new float[8]);
        RememberingLearner other = new RememberingLearner(Task.BINARY);
        new TestThenTrain(new NumberedRows(new float[8]), LabelArrivals.afterRows(8, 3), () -> 0)
                .run(other, LossAlarm.NONE, new EvaluationListener() {});

        assertThat(byTheClock).isEqualTo(other.meetings);
    }

    /** The remembering learner checks that each label comes with its own row's memo, which grows with the classes. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void labelsInAnyOrder_comeWithTheMemoOfTheirRow(long seed) {
        SeededRandom random = new SeededRandom(seed);
        int rows = 2_000;
        double[] events = new double[rows];
        double[] due = new double[rows];
        for (int row = 0; row < rows; row++) {
            events[row] = row / 3;
            due[row] = random.nextInt(10) == 0 ? NONE : events[row] + random.nextInt(60);
        }
        LabelArrivals arrivals = LabelArrivals.atTimes(events, due);
        float[] labels = new float[rows];
        for (int label = 0; label < arrivals.labels(); label++) {
            labels[arrivals.rowOf(label)] = Math.min(label / 100, 7);
        }
        RememberingLearner classes = new RememberingLearner(Task.CLASSES);

        Course course = new TestThenTrain(new NumberedRows(labels), arrivals, () -> 0)
                .run(classes, LossAlarm.NONE, new EvaluationListener() {});

        assertThat(course.rows()).isEqualTo(rows);
        assertThat(classes.outputs()).isEqualTo(8);
        assertThat(classes.meetings.stream().filter(Learned.class::isInstance))
                .hasSize(course.labels())
                .doesNotHaveDuplicates();
        assertThat(course.labels()).isEqualTo(arrivals.before(rows - 1)).isGreaterThan(1_500);
    }

    @Test
    void rowWithoutALabel_isScored_andNeverLearned() {
        assertThat(meetings(LabelArrivals.afterRows(3, 0), NONE, 1, 0))
                .containsExactly(new Arrived(0), new Arrived(1), new Learned(1, 1), new Arrived(2));
    }

    @Test
    void listener_isToldEachScore_whenItIsMade_andEachLabel_whenItComes() {
        List<String> told = new ArrayList<>();

        run(
                LabelArrivals.afterRows(4, 1),
                new EvaluationListener() {
                    @Override
                    public void scored(int row, float[] outputs, int count, float label) {
                        told.add("scored " + row + " " + outputs[0] + " " + count + " " + label);
                    }

                    @Override
                    public void learned(int row, float label) {
                        told.add("learned " + row + " " + label);
                    }
                },
                1,
                0,
                NONE,
                1);

        assertThat(told)
                .containsExactly(
                        "scored 0 0.0 1 1.0",
                        "scored 1 1.0 1 0.0",
                        "learned 0 1.0",
                        "scored 2 2.0 1 NaN",
                        "learned 1 0.0",
                        "scored 3 3.0 1 1.0");
    }

    @Test
    void stop_endsBetweenRows_andTheCourseSaysHowFar() {
        float[] labels = new float[10_000];

        Course course = run(
                LabelArrivals.afterRows(labels.length, 0),
                new EvaluationListener() {
                    @Override
                    public boolean isStopping() {
                        return learner.meetings.size() > 1_000;
                    }
                },
                labels);

        assertThat(course.rows()).isBetween(500, 1_000);
        assertThat(course.labels()).isEqualTo(course.rows() - 1);
        assertThat(course.rowsPerSecond()).isEqualTo(2.0 * course.rows());
    }

    @Test
    void alarm_seesTheLossOfTheScore_whenTheLabelComes_andReachesTheLearnerBeforeTheNextRow() {
        // Given scores that are the row's number: the third, of a logit of 2, is wrong
        List<Double> losses = new ArrayList<>();
        List<Integer> alarms = new ArrayList<>();

        new TestThenTrain(new NumberedRows(1, 1, 0, 1, 1), LabelArrivals.afterRows(5, 1), () -> 0)
                .run(
                        learner,
                        loss -> {
                            losses.add(loss);
                            return loss > 1;
                        },
                        new EvaluationListener() {
                            @Override
                            public void alarmed(int row) {
                                alarms.add(row);
                            }
                        });

        // Rows 0 and 1 were scored by a learner that had learned nothing.
        assertThat(losses).hasSize(1);
        assertThat(losses.get(0)).isCloseTo(2 + Math.log1p(Math.exp(-2)), within(1e-6));
        assertThat(alarms).containsExactly(4);
        assertThat(learner.meetings)
                .endsWith(new Learned(1, 1), new Arrived(3), new Learned(2, 0), new Alarmed(), new Arrived(4));
    }

    @Test
    void times_thatCannotBe_areRefusedWithTheirRow() {
        assertThatThrownBy(() -> LabelArrivals.atTimes(new double[] {2, 1}, new double[] {3, 3}))
                .hasMessage("times of events are numbers that do not go back; row 1 has 1.0");
        assertThatThrownBy(() -> LabelArrivals.atTimes(new double[] {2, 5}, new double[] {3, 4}))
                .hasMessage("the label of row 1 comes at 4.0, before its event at 5.0");
    }
}
