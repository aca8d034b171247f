package io.headwater.learn.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.headwater.learn.OnlineLearner;
import io.headwater.learn.OnlineRow;
import io.headwater.learn.Task;
import io.headwater.learn.exact.RidgeLearner;
import io.headwater.learn.exact.RidgeSettings;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CalibratedLearnerTest {
    private record Due(float[] numeric, float[] memo, float label) {}

    /** Mean log loss over the second half of a stream with labels 30 rows late. */
    private static double logLoss(OnlineLearner learner, double shift) {
        Random random = new Random(1);
        ArrayDeque<Due> waiting = new ArrayDeque<>();
        float[] out = new float[1];
        double loss = 0;
        for (int i = 0; i < 20_000; i++) {
            OnlineRow row = new OnlineRow(2, 0);
            row.numeric()[0] = (float) random.nextGaussian();
            row.numeric()[1] = (float) random.nextGaussian();
            double logit = 2 * row.numeric()[0] - row.numeric()[1] + shift;
            float label = random.nextDouble() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
            float[] memo = new float[learner.memoLength()];
            learner.arrive(row, out, memo);
            if (i >= 10_000) {
                loss += Math.log1p(Math.exp(label == 1 ? -out[0] : out[0])) / 10_000;
            }
            waiting.add(new Due(row.numeric(), memo, label));
            if (waiting.size() > 30) {
                Due due = waiting.remove();
                learner.learn(new OnlineRow(due.numeric(), new int[0]), due.memo(), due.label(), 1);
            }
        }
        return loss;
    }

    private static RidgeLearner ridge() {
        return new RidgeLearner(Task.BINARY, 2, RidgeSettings.byDefault());
    }

    @Test
    void balancedLearner_isAsGoodAsOneThatWasNot() {
        double plain = logLoss(ridge(), -4);
        double balanced = logLoss(new CalibratedLearner(ridge(), 20, 10_000), -4);
        double uncorrected = logLoss(new Altered(ridge(), 1, 20), -4);
        assertThat(uncorrected).isGreaterThan(2 * plain);
        assertThat(balanced).isLessThan(plain + 0.01);
    }

    @Test
    void overconfidentLearner_isHeldBack() {
        OnlineLearner loud = new Altered(ridge(), 4, 1);
        assertThat(logLoss(new CalibratedLearner(new Altered(ridge(), 4, 1)), 0))
                .isLessThan(logLoss(loud, 0) - 0.1);
        CalibratedLearner calibrated = new CalibratedLearner(new Altered(ridge(), 4, 1));
        logLoss(calibrated, 0);
        assertThat(calibrated.map().scale()).isCloseTo(0.25, offset(0.08));
    }

    @Test
    void regression_isRefused() {
        assertThatThrownBy(() -> new CalibratedLearner(new RidgeLearner(Task.SQUARED, 2, RidgeSettings.byDefault())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** A learner whose logits are too loud, or that is told of each positive as of several. */
    private record Altered(OnlineLearner learner, float loudness, float positiveWeight) implements OnlineLearner {
        @Override
        public Task task() {
            return learner.task();
        }

        @Override
        public int outputs() {
            return learner.outputs();
        }

        @Override
        public int memoLength() {
            return learner.memoLength();
        }

        @Override
        public void score(OnlineRow row, float[] outputs) {
            learner.score(row, outputs);
            outputs[0] *= loudness;
        }

        @Override
        public void arrive(OnlineRow row, float[] outputs, float[] memo) {
            learner.arrive(row, outputs, memo);
            outputs[0] *= loudness;
        }

        @Override
        public void learn(OnlineRow row, float[] memo, float label, float weight) {
            learner.learn(row, memo, label, label == 1 ? positiveWeight : 1);
        }

        @Override
        public long stateBytes() {
            return learner.stateBytes();
        }
    }
}
