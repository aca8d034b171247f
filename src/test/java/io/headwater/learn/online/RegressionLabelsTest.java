package io.headwater.learn.online;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.learn.Task;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a mixture makes of labels that are far from those before. */
final class RegressionLabelsTest {
    private static double meanError(MixtureLearner learner, Stream stream, int from, int rows, double shift) {
        float[] out = new float[1];
        float[] memo = new float[learner.memoLength()];
        double sum = 0;
        for (int i = from; i < from + rows; i++) {
            float label = (float) (stream.label(i) + shift);
            learner.arrive(stream.row(i), out, memo);
            sum += Math.abs(out[0] - label) / rows;
            learner.learn(stream.row(i), memo, label, 1);
        }
        return sum;
    }

    @ParameterizedTest
    @EnumSource(
            value = Task.class,
            names = {"SQUARED", "HUBER"})
    void learn_oneHostileLabel_barelyMovesARegression_andAJumpIsFollowed(Task task) {
        MixtureLearner learner = new MixtureLearner(task, 4, 2, 64, MixtureSettings.of(7));
        Stream stream = new Stream(task, 29, 0);
        meanError(learner, stream, 0, 3_000, 0);
        double before = meanError(learner, stream, 3_000, 1_000, 0);
        meanError(learner, stream, 4_000, 1, 1e9);
        double after = meanError(learner, stream, 4_001, 1_000, 0);
        assertThat(after).isLessThan(1.5 * before);

        meanError(learner, stream, 5_001, 3_000, 1_000);
        assertThat(meanError(learner, stream, 8_001, 1_000, 1_000)).isLessThan(100);
    }
}
