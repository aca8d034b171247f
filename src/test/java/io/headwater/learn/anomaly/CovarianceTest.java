package io.headwater.learn.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.event.OwnerKeys;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import io.headwater.learn.Trace;
import org.junit.jupiter.api.Test;

final class CovarianceTest {
    private static final int COLUMNS = 120;
    private static final int ROWS = 50;

    private static byte[] bytes(Covariance covariance) {
        StateWriter out = new StateWriter("covariance", 1);
        covariance.write(out);
        return out.toBytes();
    }

    private static Covariance restored(byte[] bytes) {
        Covariance covariance = new Covariance(COLUMNS, 1_000);
        covariance.read(new StateReader(bytes, "covariance", 1));
        return covariance;
    }

    private static float[][] rows() {
        SeededRandom random = new SeededRandom(4);
        float[][] rows = new float[ROWS][COLUMNS];
        for (float[] row : rows) {
            for (int column = 0; column < COLUMNS; column++) {
                row[column] = (float) random.nextGaussian();
            }
        }
        return rows;
    }

    @Test
    void erase_takesTheRowsThatWaitIn_andLeavesNoTraceOfThem() {
        float[][] rows = rows();
        Covariance covariance = new Covariance(COLUMNS, 1_000);
        for (int row = 0; row < ROWS; row++) {
            covariance.add(rows[row], 1 + row % 40);
        }
        byte[] before = bytes(covariance);
        assertThat(Trace.isIn(before, rows[ROWS - 2][5])).isTrue();
        assertThat(covariance.erase(OwnerKeys.of(30))).as("long taken in").isZero();
        assertThat(bytes(covariance)).isEqualTo(before);

        Covariance erased = restored(before);
        assertThat(erased.erase(OwnerKeys.of(1 + (ROWS - 2) % 40))).isEqualTo(1);

        byte[] after = bytes(erased);
        assertThat(Trace.isIn(after, rows[ROWS - 2][5])).isFalse();
        assertThat(after).hasSizeLessThan(before.length);
        for (int more = 0; more < 3; more++) {
            for (float[] row : rows) {
                covariance.add(row, 0);
                erased.add(row, 0);
            }
        }
        assertThat(erased.distance(rows[0])).isCloseTo(covariance.distance(rows[0]), within(1e-2));
    }
}
