package io.headwater.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdwinTest {
    private final Adwin adwin = new Adwin(new FalseAlarmBudget(1e9));

    @Test
    void window_ofAnUnchangingStream_holdsItAll() {
        Random random = new Random(1);
        double sum = 0;
        for (int i = 0; i < 32_000; i++) {
            double value = random.nextDouble();
            sum += value;
            assertThat(adwin.add(value)).isFalse();
        }
        assertThat(adwin.length()).isEqualTo(32_000);
        assertThat(adwin.mean()).isCloseTo(sum / 32_000, offset(1e-12));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.2, 0.8})
    void change_upOrDown_dropsWhatCameBefore(double after) {
        Random random = new Random(2);
        for (int i = 0; i < 16_000; i++) {
            adwin.add(random.nextDouble() < 0.5 ? 1 : 0);
        }
        int cuts = 0;
        for (int i = 0; i < 1_600; i++) {
            cuts += adwin.add(random.nextDouble() < after ? 1 : 0) ? 1 : 0;
        }
        assertThat(cuts).isPositive();
        assertThat(adwin.length())
                .as("only rows since the change, or little more")
                .isBetween(1_200.0, 2_200.0);
        assertThat(adwin.mean()).isCloseTo(after, offset(0.06));
    }

    @Test
    void memory_ofALongStream_isBounded() {
        Random random = new Random(3);
        for (int i = 0; i < 3_000_000; i++) {
            adwin.add(random.nextDouble());
        }
        assertThat(adwin.length()).isGreaterThan(2_999_000);
        assertThat(adwin.state()).hasSizeLessThan(300);
    }

    @Test
    void smallerBudget_needsClearerChanges() {
        Adwin strict = new Adwin(new FalseAlarmBudget(1e9));
        Adwin loose = new Adwin(new FalseAlarmBudget(1e3));
        assertThat(rowsToSee(strict)).isGreaterThan(rowsToSee(loose));
    }

    private static int rowsToSee(Adwin adwin) {
        Random random = new Random(4);
        for (int i = 0; i < 3_200; i++) {
            adwin.add(random.nextDouble() < 0.3 ? 1 : 0);
        }
        int rows = 0;
        while (!adwin.add(random.nextDouble() < 0.5 ? 1 : 0)) {
            rows++;
        }
        return rows;
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void valueOutsideTheUnitInterval_isRefused(double value) {
        assertThatThrownBy(() -> adwin.add(value)).isInstanceOf(IllegalArgumentException.class);
    }
}
