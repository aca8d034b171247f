package io.headwater.learn.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProxyDistanceTest {
    private static final int ROWS = 1_000;
    private static final int WIDTH = 5;

    private static ProxyDistance.Rows rows(Random random, double shift) {
        float[] values = new float[ROWS * WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() + (i % WIDTH == 0 ? shift : 0));
        }
        return ProxyDistance.dense(values, ROWS);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void distance_growsWithTheShift_from0To2(long seed) {
        Random random = new Random(seed);
        ProxyDistance.Rows source = rows(random, 0);
        assertThat(ProxyDistance.between(source, rows(random, 0), seed)).isLessThan(0.2);
        // At a shift of 2 the best error is Φ(-1) = .159, a distance of 1.36.
        assertThat(ProxyDistance.between(source, rows(random, 2), seed)).isBetween(1.1, 1.5);
        assertThat(ProxyDistance.between(source, rows(random, 9), seed)).isGreaterThan(1.95);
    }

    @Test
    void distance_ofTooFewRows_isRefused() {
        assertThatThrownBy(() -> ProxyDistance.between(
                        ProxyDistance.dense(new float[6], 3), ProxyDistance.dense(new float[6], 3), 1))
                .hasMessageContaining("at least four rows");
    }
}
