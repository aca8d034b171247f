package io.headwater.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class StateReaderTest {
    @Test
    void reader_readsWhatWasWritten() {
        byte[] bytes = new StateWriter("thing", 2)
                .integer(7)
                .integer64(-1)
                .real(Float.MIN_VALUE)
                .real64(Math.PI)
                .text("é")
                .reals(new float[] {1, Float.NaN})
                .reals64(new double[] {2})
                .toBytes();
        StateReader in = new StateReader(bytes, "thing", 2);
        assertThat(in.integer()).isEqualTo(7);
        assertThat(in.integer64()).isEqualTo(-1);
        assertThat(in.real()).isEqualTo(Float.MIN_VALUE);
        assertThat(in.real64()).isEqualTo(Math.PI);
        assertThat(in.text()).isEqualTo("é");
        assertThat(in.reals(2)).containsExactly(1, Float.NaN);
        assertThatThrownBy(in::end).hasMessageContaining("left over");
        assertThat(in.reals64(1)).containsExactly(2);
        in.end();
        assertThatThrownBy(in::integer64).hasMessageContaining("end early");
    }

    @Test
    void reader_refusesAnotherKindAndFormat() {
        byte[] bytes = new StateWriter("thing", 2).integer(1).toBytes();
        assertThatThrownBy(() -> new StateReader(bytes, "other", 2)).hasMessageContaining("they are 'thing'");
        assertThatThrownBy(() -> new StateReader(bytes, "thing", 3))
                .hasMessageContaining("format 2; this program reads 3");
        assertThatThrownBy(() -> new StateReader(bytes, "thing", 2).integer(2, 5))
                .hasMessageContaining("2 to 5");
        assertThatThrownBy(() -> new StateReader(bytes, "thing", 2).bytes()).hasMessageContaining("does not fit");
    }

    @Test
    void seededRandom_isSplitMix64_andGoesOnFromItsState() {
        SeededRandom random = new SeededRandom(5);
        SplittableRandom reference = new SplittableRandom(5);
        for (int i = 0; i < 100; i++) {
            assertThat(random.nextLong()).isEqualTo(reference.nextLong());
        }
        SeededRandom other = new SeededRandom(0);
        other.restore(random.state());
        assertThat(other.nextLong()).isEqualTo(random.nextLong());
        for (int i = 0; i < 1_000; i++) {
            assertThat(random.nextInt(7)).isBetween(0, 6);
            assertThat(random.nextDouble()).isBetween(0.0, 1.0);
        }
    }
}
