package io.headwater.learn.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.learn.OnlineRow;
import io.headwater.learn.Task;
import io.headwater.learn.exact.RidgeLearner;
import io.headwater.learn.exact.RidgeSettings;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class CoralRecolouringTest {
    private static final int WIDTH = 3;
    private static final int ROWS = 4_000;

    /** Three sources of the rows, seen through another mixing in each domain; the label is the first one's sign. */
    private record Rows(float[] values, int[] labels) {
        static Rows of(long seed, double[][] mixing, double shift) {
            Random random = new Random(seed);
            float[] values = new float[ROWS * WIDTH];
            int[] labels = new int[ROWS];
            for (int row = 0; row < ROWS; row++) {
                double[] hidden = {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()};
                labels[row] = hidden[0] > 0 ? 1 : 0;
                for (int i = 0; i < WIDTH; i++) {
                    double sum = shift;
                    for (int j = 0; j < WIDTH; j++) {
                        sum += mixing[i][j] * hidden[j];
                    }
                    values[row * WIDTH + i] = (float) sum;
                }
            }
            return new Rows(values, labels);
        }
    }

    // Both are symmetric roots of their covariances, so that recolouring is the way from one to the other.
    private static final Rows SOURCE = Rows.of(1, new double[][] {{1, 0.6, 0}, {0.6, 1, 0}, {0, 0, 1}}, 0);
    private static final Rows TARGET = Rows.of(2, new double[][] {{1, -0.6, 0}, {-0.6, 1, 0}, {0, 0, 3}}, 2);

    private static float[] recoloured() {
        CoralRecolouring recolouring = CoralRecolouring.of(SOURCE.values(), TARGET.values(), WIDTH, 1e-6);
        float[] all = SOURCE.values().clone();
        float[] row = new float[WIDTH];
        for (int at = 0; at < all.length; at += WIDTH) {
            System.arraycopy(all, at, row, 0, WIDTH);
            recolouring.apply(row);
            System.arraycopy(row, 0, all, at, WIDTH);
        }
        return all;
    }

    private static double[] moments(float[] rows) {
        double[] mean = new double[WIDTH];
        for (int i = 0; i < rows.length; i++) {
            mean[i % WIDTH] += rows[i] / (double) ROWS;
        }
        double[] moments = new double[WIDTH + WIDTH * WIDTH];
        System.arraycopy(mean, 0, moments, 0, WIDTH);
        for (int at = 0; at < rows.length; at += WIDTH) {
            for (int i = 0; i < WIDTH; i++) {
                for (int j = 0; j < WIDTH; j++) {
                    moments[WIDTH + i * WIDTH + j] += (rows[at + i] - mean[i]) * (rows[at + j] - mean[j]) / (ROWS - 1);
                }
            }
        }
        return moments;
    }

    @Test
    void recolouredRows_haveTheTargetsMeanAndCovariance() {
        assertThat(moments(recoloured())).containsExactly(moments(TARGET.values()), within(1e-3));
    }

    @Test
    void exactLearner_thatLearnsRecolouredRows_holdsInTheTarget() {
        double plain = accuracy(SOURCE.values());
        double adapted = accuracy(recoloured());
        assertThat(adapted).isGreaterThan(plain + 0.1).isGreaterThan(0.95);
    }

    private static double accuracy(float[] learned) {
        RidgeLearner learner = new RidgeLearner(Task.BINARY, WIDTH, RidgeSettings.byDefault());
        OnlineRow row = new OnlineRow(WIDTH, 0);
        float[] memo = new float[learner.memoLength()];
        float[] logit = new float[1];
        for (int i = 0; i < ROWS; i++) {
            System.arraycopy(learned, i * WIDTH, row.numeric(), 0, WIDTH);
            learner.arrive(row, logit, memo);
            learner.learn(row, memo, SOURCE.labels()[i], 1);
        }
        learner.solve();
        int right = 0;
        for (int i = 0; i < ROWS; i++) {
            System.arraycopy(TARGET.values(), i * WIDTH, row.numeric(), 0, WIDTH);
            learner.score(row, logit);
            right += logit[0] > 0 == (TARGET.labels()[i] == 1) ? 1 : 0;
        }
        return right / (double) ROWS;
    }

    @Test
    void rowsThatDoNotFit_areRefused() {
        assertThatThrownBy(() -> CoralRecolouring.of(new float[3], new float[6], WIDTH, 1))
                .hasMessageContaining("at least two whole rows");
        assertThatThrownBy(() -> CoralRecolouring.of(new float[6], new float[6], WIDTH, 1)
                        .apply(new float[2]))
                .hasMessageContaining("a row of 2 columns");
    }
}
