package io.headwater.learn.exact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedMatrixTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 31, 32, 33, 64, 300, 600})
    void outerProductsFactoredAndSolved_giveBackWhatWasPutIn(int size) {
        Random random = new Random(size);
        int count = size + 7;
        double[] vectors = new double[(count + 3) * size];
        for (int i = 0; i < count * size; i++) {
            vectors[i] = random.nextGaussian();
        }
        PackedMatrix matrix = new PackedMatrix(size);
        matrix.addOuterProducts(vectors, count, 1, 0);

        double expected = 0;
        for (int vector = 0; vector < count; vector++) {
            expected += vectors[vector * size + size - 1] * vectors[vector * size];
        }
        assertThat(matrix.get(size - 1, 0)).isCloseTo(expected, offset(1e-9));

        double[] truth = new double[size];
        double[] right = new double[size];
        for (int i = 0; i < size; i++) {
            truth[i] = random.nextGaussian();
        }
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                right[i] += matrix.get(Math.max(i, j), Math.min(i, j)) * truth[j];
            }
        }
        assertThat(matrix.factor(new double[32 * size])).isTrue();
        matrix.solve(right);
        assertThat(right).containsExactly(truth, offset(1e-4));
    }

    @Test
    void indefiniteMatrix_hasNoFactor() {
        PackedMatrix matrix = new PackedMatrix(2);
        matrix.set(0, 0, 1);
        matrix.set(1, 0, 2);
        matrix.set(1, 1, 1);
        assertThat(matrix.factor(new double[64])).isFalse();
    }
}
