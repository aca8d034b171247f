package io.headwater.learn.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecentRanksTest {
    private final RecentRanks ranks = new RecentRanks(Double.POSITIVE_INFINITY);
    private final Random random = new Random(1);

    @Test
    void ranks_areThoseOfASortedList() {
        double[] values = new double[20_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.exp(2 * random.nextGaussian());
            ranks.add(values[i]);
        }
        Arrays.sort(values);
        for (double share : new double[] {0.5, 0.1, 0.01, 0.001}) {
            double value = values[(int) (values.length * (1 - share))];
            assertThat(ranks.shareAbove(value)).isCloseTo(share, offset(0.01 * share + 1.0 / values.length));
        }
    }

    @Test
    void valuesBeyondAllThatWereSeen_keepTheirOrder() {
        for (int i = 0; i < 1_000; i++) {
            ranks.add(random.nextDouble());
        }
        assertThat(ranks.shareAbove(2)).isLessThan(0.5 / 1_000);
        assertThat(ranks.shareAbove(3)).isLessThan(ranks.shareAbove(2)).isPositive();
        assertThat(ranks.shareAbove(1e-9)).isCloseTo(1, offset(0.002));
        assertThat(ranks.shareAbove(Double.MAX_VALUE)).isPositive();
    }

    @Test
    void oldValues_countLess() {
        RecentRanks recent = new RecentRanks(100);
        for (int i = 0; i < 100_000; i++) {
            recent.add(5);
        }
        assertThat(recent.values()).isCloseTo(100 / Math.log(2), offset(1.0));
        for (int i = 0; i < 200; i++) {
            recent.add(1);
        }
        assertThat(recent.shareAbove(2)).isCloseTo(0.25, offset(0.01));
    }
}
