package io.headwater.learn.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.learn.SeededRandom;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class ValidationTest {
    private static final Offset<Double> CLOSE = within(1e-12);

    @Test
    void ofOneLogit_hasAllFigures() {
        Validation found = Validation.of(new float[] {2, -1, 1, -3}, new float[] {1, 0, 0, 1}, 7);

        double loss = Math.log1p(Math.exp(-2)) + Math.log1p(Math.exp(-1)) + Math.log1p(Math.exp(1));
        assertThat(found.logLoss()).isCloseTo((loss + Math.log1p(Math.exp(3))) / 4, CLOSE);
        assertThat(found.accuracy()).isEqualTo(0.5);
        assertThat(found.rocAuc()).isEqualTo(0.5);
        assertThat(found.averagePrecision()).isCloseTo((1 + 2 / 4.0) / 2, CLOSE);
        assertThat(found.rows()).isEqualTo(4);
        assertThat(found.epochs()).isEqualTo(7);
        Validation oneClass = Validation.of(new float[] {2, 1}, new float[] {0, 0}, 0);
        assertThat(oneClass.rocAuc()).isEqualTo(0.5);
        assertThat(oneClass.averagePrecision()).isZero();
    }

    @Test
    void ofTwoClasses_equalsOneLogitOfTheirDifference() {
        SeededRandom random = new SeededRandom(5);
        int n = 100;
        float[] logit = new float[n];
        float[] label = new float[n];
        float[] logits = new float[2 * n];
        int[] classes = new int[n];
        for (int i = 0; i < n; i++) {
            classes[i] = random.nextInt(2);
            label[i] = classes[i];
            logit[i] = (float) random.nextGaussian();
            float offset = random.nextInt(200) - 100;
            logits[2 * i] = offset;
            logits[2 * i + 1] = offset + logit[i];
            logit[i] = logits[2 * i + 1] - offset;
        }
        Validation one = Validation.of(logit, label, 1);
        Validation two = Validation.of(logits, 2, classes, 1);
        assertThat(two.logLoss()).isCloseTo(one.logLoss(), within(1e-9));
        assertThat(two.accuracy()).isEqualTo(one.accuracy());
        assertThat(two.rocAuc()).isCloseTo(one.rocAuc(), within(1e-9));
    }

    /** Class 1 has no row. Class 0 is in perfect order, and of class 2 one row of the other is above one of its own. */
    @Test
    void ofThreeClasses_averagesTheClassesThatHaveRows() {
        float[] logits = {
            3, 0, 1, //
            2, 0, 2.5f, //
            0, 0, 4, //
            1, 1, 2
        };
        Validation found = Validation.of(logits, 3, new int[] {0, 0, 2, 2}, 1);

        double[] p0 = new double[4];
        double loss = 0;
        for (int row = 0; row < 4; row++) {
            double sum = 0;
            for (int i = 0; i < 3; i++) {
                sum += Math.exp(logits[3 * row + i]);
            }
            p0[row] = Math.exp(logits[3 * row]) / sum;
            loss -= Math.log(Math.exp(logits[3 * row + (row < 2 ? 0 : 2)]) / sum);
        }
        assertThat(p0[1]).as("class 0 is in perfect order").isGreaterThan(p0[3]);
        assertThat(found.logLoss()).isCloseTo(loss / 4, CLOSE);
        assertThat(found.accuracy()).isEqualTo(0.75);
        assertThat(found.rocAuc()).isCloseTo((1 + 3 / 4.0) / 2, CLOSE);
        assertThat(found.averagePrecision()).isCloseTo((1 + (1 + 2 / 3.0) / 2) / 2, CLOSE);
        assertThatThrownBy(() -> Validation.of(logits, 2, new int[4], 1))
                .hasMessage("12 logits for 4 rows and 2 classes");
    }

    @Test
    void write_isReadBack() {
        Validation validation = new Validation(9, 0.25, 0.5, 0.75, 0.125, 3);
        StateWriter out = new StateWriter("v", 1);
        validation.write(out);
        StateReader in = new StateReader(out.toBytes(), "v", 1);
        assertThat(Validation.read(in)).isEqualTo(validation);
        in.end();
        assertThat(validation)
                .hasToString(
                        "9 rows: log loss 0.2500 nats, accuracy 50.00 %, ROC AUC 0.7500, average precision 0.1250");
    }
}
