package io.headwater.learn.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.learn.SeededRandom;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MsdaTest {
    private static final int ROWS = 60;
    private static final int COLUMNS = 4;

    /** Column 1 is column 0 and some noise; columns 2 and 3 are noise. */
    private static float[] rows(long seed) {
        Random random = new Random(seed);
        float[] values = new float[ROWS * COLUMNS];
        for (int row = 0; row < ROWS; row++) {
            values[row * COLUMNS] = random.nextInt(3);
            values[row * COLUMNS + 1] = values[row * COLUMNS] + random.nextInt(2);
            values[row * COLUMNS + 2] = random.nextInt(2);
            values[row * COLUMNS + 3] = random.nextFloat();
        }
        return values;
    }

    private static Msda.RowWriter writer(float[] values) {
        return (row, to, at) -> System.arraycopy(values, row * COLUMNS, to, at, COLUMNS);
    }

    private static float[] features(float[] values, Msda.Settings settings) {
        try (Msda msda = Msda.learn(writer(values), ROWS, COLUMNS, settings, new SeededRandom(1), () -> true)) {
            assertThat(msda.width()).isEqualTo(settings.layers() * Math.min(settings.restored(), COLUMNS));
            return msda.features(writer(values), ROWS);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.2, 0.5, 0.8})
    void closedForm_isTheLeastSquares_overAllWaysOfStrikingOut(double corruption) {
        float[] values = rows(3);
        float[] features = features(values, new Msda.Settings(1, corruption, COLUMNS, COLUMNS));
        double[][] weights = byEnumeration(values, corruption);
        for (int row = 0; row < ROWS; row++) {
            for (int to = 0; to < COLUMNS; to++) {
                double sum = weights[COLUMNS][to];
                for (int from = 0; from < COLUMNS; from++) {
                    sum += weights[from][to] * values[row * COLUMNS + from];
                }
                assertThat((double) features[row * COLUMNS + to]).isCloseTo(Math.tanh(sum), within(1e-3));
            }
        }
    }

    /** The regression on all 2^columns corrupted copies of every row, each with its probability. */
    private static double[][] byEnumeration(float[] values, double corruption) {
        int width = COLUMNS + 1;
        double[][] system = new double[width][width + COLUMNS];
        for (int row = 0; row < ROWS; row++) {
            for (int mask = 0; mask < 1 << COLUMNS; mask++) {
                double[] x = new double[width];
                x[COLUMNS] = 1;
                double weight = 1;
                for (int i = 0; i < COLUMNS; i++) {
                    boolean kept = (mask >> i & 1) == 1;
                    x[i] = kept ? values[row * COLUMNS + i] : 0;
                    weight *= kept ? 1 - corruption : corruption;
                }
                for (int i = 0; i < width; i++) {
                    for (int j = 0; j < width; j++) {
                        system[i][j] += weight * x[i] * x[j];
                    }
                    for (int j = 0; j < COLUMNS; j++) {
                        system[i][width + j] += weight * x[i] * values[row * COLUMNS + j];
                    }
                }
            }
        }
        return solved(system);
    }

    private static double[][] solved(double[][] system) {
        int width = system.length;
        for (int pivot = 0; pivot < width; pivot++) {
            double divisor = system[pivot][pivot];
            for (int j = 0; j < system[pivot].length; j++) {
                system[pivot][j] /= divisor;
            }
            for (int i = 0; i < width; i++) {
                double factor = i == pivot ? 0 : system[i][pivot];
                for (int j = 0; j < system[i].length; j++) {
                    system[i][j] -= factor * system[pivot][j];
                }
            }
        }
        double[][] weights = new double[width][COLUMNS];
        for (int i = 0; i < width; i++) {
            System.arraycopy(system[i], width, weights[i], 0, COLUMNS);
        }
        return weights;
    }

    @Test
    void narrowLayer_restoresTheMostFrequentColumns_fromBlocksOfAll() {
        float[] values = rows(5);
        float[] features = features(values, new Msda.Settings(3, 0.5, 2, 3));
        assertThat(features).hasSize(ROWS * 6);
        // Columns 1 and 3 are 0 least often; a first layer of two blocks still follows column 1.
        double low = 0;
        double high = 0;
        int highs = 0;
        for (int row = 0; row < ROWS; row++) {
            boolean much = values[row * COLUMNS + 1] >= 2;
            high += much ? features[row * 6] : 0;
            low += much ? 0 : features[row * 6];
            highs += much ? 1 : 0;
        }
        assertThat(high / highs).isGreaterThan(low / (ROWS - highs) + 0.05);
    }

    @Test
    void sameSeed_givesTheSameBits_andNoRowsAreRefused() {
        Msda.Settings settings = new Msda.Settings(2, 0.5, 3, 2);
        assertThat(features(rows(1), settings)).containsExactly(features(rows(1), settings));
        assertThatThrownBy(() -> Msda.learn(writer(rows(1)), 0, COLUMNS, settings, new SeededRandom(1), () -> true))
                .hasMessageContaining("0 rows");
    }
}
