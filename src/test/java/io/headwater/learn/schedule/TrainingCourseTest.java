package io.headwater.learn.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.learn.schedule.TrainingCourse.State;
import org.junit.jupiter.api.Test;

final class TrainingCourseTest {
    private static final EarlyStopping PATIENCE_2 = new EarlyStopping(2, 0.01);

    private static State evaluated(TrainingCourse course, State state, double... losses) {
        State next = state;
        for (double loss : losses) {
            next = course.evaluated(next, loss);
        }
        return next;
    }

    @Test
    void stopping_countsWhatIsNotBetterByTheLeastGain() {
        TrainingCourse course = new TrainingCourse(new Unfreezing.AtOnce(), PATIENCE_2, 3);

        State first = course.evaluated(State.START, 0.7);
        assertThat(first.better()).isTrue();
        State little = course.evaluated(first, 0.695);
        assertThat(little.better()).as("less than the least gain").isFalse();
        assertThat(little.stopping().best()).isEqualTo(0.7);
        assertThat(course.isOver(little)).isFalse();
        State better = course.evaluated(little, 0.6);
        assertThat(better.better()).isTrue();
        assertThat(better.stopping().sinceBest()).isZero();
        State broken = evaluated(course, better, Double.NaN, Double.POSITIVE_INFINITY);
        assertThat(broken.better()).isFalse();
        assertThat(course.isOver(broken)).isTrue();
        assertThat(course.open(broken)).isEqualTo(3);
    }

    @Test
    void everySteps_opensOneLayerMore_andPatienceBeginsAnew() {
        TrainingCourse course = new TrainingCourse(new Unfreezing.EverySteps(3), PATIENCE_2, 2);
        State state = evaluated(course, State.START, 1, 1, 1, 1);
        assertThat(course.open(state)).isZero();
        assertThat(course.isOver(state)).as("layers are still frozen").isFalse();

        for (int step = 1; step <= 9; step++) {
            state = course.stepped(state);
            assertThat(course.open(state)).isEqualTo(Math.min(2, step / 3));
            if (step == 6) {
                assertThat(state.stopping().sinceBest()).isZero();
                state = course.evaluated(state, 1);
            }
        }
        assertThat(course.isOver(state)).isFalse();
        assertThat(course.isOver(course.evaluated(state, 1))).isTrue();
    }

    @Test
    void everyEpochs_countsEpochsNotSteps() {
        TrainingCourse course = new TrainingCourse(new Unfreezing.EveryEpochs(2), PATIENCE_2, 1);

        State state = course.stepped(course.stepped(course.stepped(State.START)));
        assertThat(course.open(state)).isZero();
        assertThat(course.open(course.epochEnded(state))).isZero();
        assertThat(course.open(course.epochEnded(course.epochEnded(state)))).isEqualTo(1);
    }

    @Test
    void whenStalled_aStallOpensALayer_andOnlyTheLastOneEnds() {
        TrainingCourse course = new TrainingCourse(new Unfreezing.WhenStalled(3), PATIENCE_2, 2);

        State state = evaluated(course, State.START, 1, 1, 1);
        assertThat(course.open(state)).isZero();
        state = course.evaluated(state, 1);
        assertThat(course.open(state)).as("third in a row").isEqualTo(1);
        assertThat(state.stopping().sinceBest()).isZero();
        state = evaluated(course, state, 0.5, 0.6, 0.6);
        assertThat(course.open(state)).as("only two in a row").isEqualTo(1);
        state = course.evaluated(state, 0.6);
        assertThat(course.open(state)).isEqualTo(2);
        assertThat(course.isOver(state)).isFalse();
        assertThat(state.stopping().best()).as("the best stays the best").isEqualTo(0.5);
        state = evaluated(course, state, 0.6, 0.6);
        assertThat(course.isOver(state)).as("patience counts from here").isTrue();
        assertThat(course.open(course.evaluated(state, 0.6))).isEqualTo(2);
    }

    @Test
    void withNothingToUnfreeze_aStallEnds() {
        TrainingCourse course = new TrainingCourse(new Unfreezing.WhenStalled(1), PATIENCE_2, 0);

        assertThat(course.isOver(evaluated(course, State.START, 1, 1, 1))).isTrue();
    }

    @Test
    void state_countsStepsEpochsAndStalls() {
        TrainingCourse course = new TrainingCourse(new Unfreezing.WhenStalled(1), PATIENCE_2, 3);
        State state = course.epochEnded(course.stepped(evaluated(course, State.START, 1, 1, 0.5)));
        assertThat(state.stalls()).isEqualTo(1);
        assertThat(state.steps()).isEqualTo(1);
        assertThat(state.epochs()).isEqualTo(1);
    }

    @Test
    void settings_outOfRange_areRefusedInASentence() {
        assertThatThrownBy(() -> new EarlyStopping(0, 0)).hasMessage("patience is 0; 1 to 1000000 is allowed");
        assertThatThrownBy(() -> new EarlyStopping(1, -1)).hasMessageContaining("minimum gain is -1.0");
        assertThatThrownBy(() -> new Unfreezing.EverySteps(0)).hasMessageContaining("steps between layers is 0");
        assertThatThrownBy(() -> new Unfreezing.EveryEpochs(0)).hasMessageContaining("epochs between layers is 0");
        assertThatThrownBy(() -> new Unfreezing.WhenStalled(0)).hasMessageContaining("evaluations of a stall is 0");
        assertThatThrownBy(() -> new TrainingCourse(new Unfreezing.AtOnce(), PATIENCE_2, -1))
                .hasMessageContaining("layers is -1");
    }
}
