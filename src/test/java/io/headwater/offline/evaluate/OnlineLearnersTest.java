package io.headwater.offline.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.learn.OnlineLearner;
import io.headwater.learn.OnlineRow;
import io.headwater.learn.Task;
import io.headwater.offline.evaluate.OnlineLearners.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class OnlineLearnersTest {
    private static final Shape NUMBERS = new Shape(2, 0, 0, 1);

    @ParameterizedTest
    @MethodSource("io.headwater.offline.evaluate.OnlineLearners#names")
    void make_everyName_scoresAndLearnsARow(String name) {
        OnlineLearner learner = OnlineLearners.make(name, Task.BINARY, NUMBERS);
        OnlineRow row = new OnlineRow(2, 0);
        float[] outputs = new float[learner.outputs()];
        float[] memo = new float[learner.memoLength()];
        for (int i = 0; i < 100; i++) {
            row.numeric()[0] = i % 2;
            learner.arrive(row, outputs, memo);
            learner.learn(row, memo, i % 2, 1);
        }
        assertThat(outputs[0]).isFinite();
        assertThat(learner.stateBytes()).isPositive();
    }

    @Test
    void make_ofNumbersOnly_refusesCategoriesAndNamesTheOthers() {
        assertThatThrownBy(() -> OnlineLearners.make("ridge", Task.BINARY, new Shape(2, 1, 64, 1)))
                .hasMessageContaining("1 columns hold categories")
                .hasMessageContaining("mixture");
    }

    @Test
    void make_ofTwoClassesOnly_refusesANumber() {
        assertThatThrownBy(() -> OnlineLearners.make("anomaly", Task.SQUARED, NUMBERS))
                .hasMessageContaining("two classes");
    }
}
