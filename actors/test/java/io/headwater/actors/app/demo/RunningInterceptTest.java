package io.headwater.actors.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunningInterceptTest {
    private record Seen(double logit, boolean label) {}

    /** The penalized log likelihood that the class says it maximizes, by the plainest search there is. */
    private static double search(List<Seen> window) {
        double best = 0;
        double bestValue = Double.NEGATIVE_INFINITY;
        for (double b = -4; b <= 4; b += 1e-3) {
            double value = -b * b / 2;
            for (Seen seen : window) {
                double p = 1 / (1 + Math.exp(-seen.logit - b));
                value += Math.log(seen.label ? p : 1 - p);
            }
            if (value > bestValue) {
                bestValue = value;
                best = b;
            }
        }
        return best;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void value_isTheOptimumOfTheWindow(long seed) {
        Random random = new Random(seed);
        RunningIntercept intercept = new RunningIntercept(40);
        List<Seen> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            // The rate jumps half way: what was learned before must be forgotten.
            Seen seen = new Seen(random.nextGaussian(), random.nextDouble() < (i < 100 ? .1 : .8));
            all.add(seen);
            intercept.observe(seen.logit, seen.label);
            if (i % 20 == 19) {
                List<Seen> window = all.subList(Math.max(0, all.size() - 40), all.size());
                assertThat(intercept.value()).isCloseTo(search(window), within(2e-3));
            }
        }
    }

    @Test
    void value_beforeAnyLabel_changesNothing() {
        assertThat(new RunningIntercept().value()).isZero();
    }

    @Test
    void value_oneClassAndHugeLogits_staysFinite() {
        RunningIntercept intercept = new RunningIntercept();
        for (int i = 0; i < 1_000; i++) {
            intercept.observe(i % 2 == 0 ? 1e30 : -1e30, true);
            assertThat(intercept.value()).isFinite();
        }
    }
}
