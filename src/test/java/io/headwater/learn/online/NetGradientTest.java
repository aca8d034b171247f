package io.headwater.learn.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.event.OwnerKeys;
import io.headwater.event.RowKey;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import io.headwater.learn.Trace;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class NetGradientTest {
    private static final int INPUTS = 5;
    private static final int OUTPUTS = 3;
    private static final NetShape SHAPE = new NetShape(INPUTS, OUTPUTS);

    private final SeededRandom random = new SeededRandom(3);
    private final float[] weights = values(SHAPE.size(), 0.3);
    private final float[] hidden0 = new float[NetShape.HIDDEN_0];
    private final float[] hidden1 = new float[NetShape.HIDDEN_1];

    private float[] values(int count, double deviation) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return values;
    }

    /** The sum of the outputs, each times its error, in double precision: its derivatives are the gradient. */
    private double value(double[] weights, float[] row, float[] errors) {
        double[] first = layer(weights, row, 0, SHAPE.bias0(), NetShape.HIDDEN_0);
        for (int i = 0; i < first.length; i++) {
            first[i] = Math.max(0, first[i]);
            hidden0[i] = (float) first[i];
        }
        double[] second = layer(weights, hidden(first), SHAPE.weights1(), SHAPE.bias1(), NetShape.HIDDEN_1);
        for (int i = 0; i < second.length; i++) {
            second[i] = Math.max(0, second[i]);
            hidden1[i] = (float) second[i];
        }
        double[] last = layer(weights, hidden(second), SHAPE.weights2(), SHAPE.bias2(), OUTPUTS);
        double sum = 0;
        for (int k = 0; k < OUTPUTS; k++) {
            sum += errors[k] * last[k];
        }
        return sum;
    }

    private static float[] hidden(double[] units) {
        float[] values = new float[units.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) units[i];
        }
        return values;
    }

    private static double[] layer(double[] weights, float[] from, int weight, int bias, int units) {
        double[] sums = Arrays.copyOfRange(weights, bias, bias + units);
        for (int i = 0; i < from.length; i++) {
            for (int j = 0; j < units; j++) {
                sums[j] += from[i] * weights[weight + i * units + j];
            }
        }
        return sums;
    }

    private static double[] doubles(float[] values) {
        double[] all = new double[values.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = values[i];
        }
        return all;
    }

    @Test
    void sum_overFourRows_isTheDerivativeByEveryWeight() {
        NetGradient gradient = new NetGradient(SHAPE);
        gradient.weights(weights);
        float[][] rows = new float[NetGradient.BLOCK][];
        float[][] errors = new float[NetGradient.BLOCK][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = values(INPUTS, 1);
            errors[i] = values(OUTPUTS, 1);
            value(doubles(weights), rows[i], errors[i]);
            gradient.add(rows[i], hidden0, hidden1, weights, errors[i], 0, 1 + i);
        }

        double[] moved = doubles(weights);
        double step = 1e-3;
        for (int i = 0; i < moved.length; i++) {
            double before = moved[i];
            double difference = 0;
            for (int row = 0; row < rows.length; row++) {
                moved[i] = before + step;
                difference += value(moved, rows[row], errors[row]);
                moved[i] = before - step;
                difference -= value(moved, rows[row], errors[row]);
            }
            moved[i] = before;
            assertThat((double) gradient.sum()[i]).as("weight " + i).isCloseTo(difference / (2 * step), within(0.01));
        }
    }

    @Test
    void restore_withRowsThatWait_goesOnToTheSameSum() {
        NetGradient one = new NetGradient(SHAPE);
        one.weights(weights);
        float[] row = values(INPUTS, 1);
        float[] errors = values(OUTPUTS, 1);
        value(doubles(weights), row, errors);
        one.add(row, hidden0, hidden1, weights, errors, 0, RowKey.NONE);
        StateWriter out = new StateWriter("gradient", 1);
        one.write(new StateSink.Bytes(out));

        NetGradient other = new NetGradient(SHAPE);
        other.weights(weights);
        other.restore(new StateReader(out.toBytes(), "gradient", 1), SHAPE, NetGradient.BLOCK);
        for (int i = 1; i < NetGradient.BLOCK; i++) {
            one.add(row, hidden0, hidden1, weights, errors, 0, RowKey.NONE);
            other.add(row, hidden0, hidden1, weights, errors, 0, RowKey.NONE);
        }

        assertThat(other.sum()).isEqualTo(one.sum());
    }

    /** Rows of owners 1 to {@code count}; says what the inputs of each were. */
    private float[][] add(NetGradient gradient, int count) {
        float[][] rows = new float[count][];
        for (int i = 0; i < count; i++) {
            rows[i] = values(INPUTS, 1);
            float[] errors = values(OUTPUTS, 1);
            value(doubles(weights), rows[i], errors);
            gradient.add(rows[i], hidden0, hidden1, weights, errors, 0, 1 + i);
        }
        return rows;
    }

    private static byte[] bytes(NetGradient gradient) {
        StateWriter out = new StateWriter("gradient", 1);
        gradient.write(new StateSink.Bytes(out));
        return out.toBytes();
    }

    @Test
    void erase_leavesNothingOfARowThatWaits_andWhatIsLearnedOfIt() {
        NetGradient whole = new NetGradient(SHAPE);
        whole.weights(weights);
        NetGradient erased = new NetGradient(SHAPE);
        erased.weights(weights);
        long state = random.state();
        add(whole, NetGradient.BLOCK);
        random.restore(state);
        float[][] rows = new float[NetGradient.BLOCK][];
        for (int i = 0; i < NetGradient.BLOCK; i++) {
            rows[i] = add(erased, 1)[0];
            assertThat(Trace.isIn(bytes(erased), rows[i][0])).isTrue();
            assertThat(erased.erase(OwnerKeys.of(2))).isZero();
            if (i < 2) {
                // Each was added as the first owner's.
                assertThat(erased.erase(OwnerKeys.of(1))).isEqualTo(1);
                assertThat(Trace.isIn(bytes(erased), rows[i][0])).isFalse();
                assertThat(Trace.isIn(bytes(erased), rows[i][INPUTS - 1])).isFalse();
            }
        }

        assertThat(erased.sum()).containsExactly(whole.sum(), within(1e-4f));
        assertThat(Trace.isIn(bytes(erased), rows[3][0]))
                .as("learned, and still there")
                .isTrue();
        assertThat(erased.erase(OwnerKeys.of(1))).isEqualTo(2);
        assertThat(Trace.isIn(bytes(erased), rows[3][0])).isFalse();
        assertThat(erased.sum()).containsExactly(whole.sum(), within(1e-4f));
    }

    @Test
    void add_ofAnErrorBeyondAllBounds_staysFinite() {
        NetGradient gradient = new NetGradient(SHAPE);
        gradient.weights(weights);
        float[] errors = {Float.MAX_VALUE, -Float.MAX_VALUE, 0};
        for (int i = 0; i < NetGradient.BLOCK; i++) {
            value(doubles(weights), values(INPUTS, 50), errors);
            gradient.add(values(INPUTS, 50), hidden0, hidden1, weights, errors, 0, RowKey.NONE);
        }
        for (float slope : gradient.sum()) {
            assertThat(slope).isFinite();
        }
    }
}
