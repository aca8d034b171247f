package io.headwater.learn.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.learn.SeededRandom;
import org.junit.jupiter.api.Test;

final class RecentMeansTest {
    private static final double[] HALF_LIVES = {2, 100};

    @Test
    void observe_theLargestValuesOfBothSigns_staysFinite() {
        RecentMeans means = new RecentMeans(HALF_LIVES, 2, 1);
        means.begin(0, 3e38f);

        means.observe(0, -3e38f);
        assertThat(means.means()[1]).isBetween(2.9e38f, 3e38f);
        for (int i = 0; i < 20_000; i++) {
            means.observe(0, 5);
        }

        assertThat(means.means()).containsExactly(new float[] {5, 5}, within(1e-3f));
    }

    @Test
    void observe_usualValues_hasTheBitsOfFloats() {
        RecentMeans means = new RecentMeans(HALF_LIVES, 2, 1);
        SeededRandom random = new SeededRandom(1);
        float[] expected = new float[2];
        for (int i = 0; i < 1_000; i++) {
            float value = (float) (1e30 * random.nextGaussian());
            means.observe(0, value);
            for (int k = 0; k < 2; k++) {
                expected[k] += (float) (1 - Math.pow(0.5, 1 / HALF_LIVES[k])) * (value - expected[k]);
            }
        }
        assertThat(means.means()).containsExactly(expected);
    }
}
