package io.headwater.learn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PairedRanksTest {
    private static final Offset<Double> EXACTLY = Offset.offset(1e-12);

    private final PairedRanks ranks = new PairedRanks();

    private void add(int count, float used, float other, boolean label) {
        for (int i = 0; i < count; i++) {
            assertThat(ranks.add(used, other, label)).isFalse();
        }
    }

    @Test
    void block_endsWithEightOfEachClass_andTheNextOneKnowsNothingOfIt() {
        add(20, 0, 1, true);
        add(7, 0, 0, false);
        assertThat(ranks.add(0, 0, false)).isTrue();

        // All ties by the one in use, all in order by the other: AUC 1/2 and 1.
        assertThat(ranks.endBlock()).isEqualTo(0.5, EXACTLY);

        add(8, 1, -1, true);
        add(7, 0, 0, false);
        assertThat(ranks.add(0, 0, false)).isTrue();
        assertThat(ranks.endBlock()).isEqualTo(-1, EXACTLY);
    }

    @Test
    void difference_isThatOfTheTwoAuc() {
        // By the one in use 3 of 8 positives are above 4 of 8 negatives and the others below; by the other one all
        // above.
        for (int i = 0; i < 8; i++) {
            ranks.add(i < 3 ? 1 : -1, 2, true);
        }
        boolean ended = false;
        for (int i = 0; i < 8; i++) {
            ended = ranks.add(i < 4 ? 0 : 3, 0, false);
        }
        assertThat(ended).isTrue();
        assertThat(ranks.endBlock()).isEqualTo(1 - 3 * 4 / 64.0, EXACTLY);
    }

    @Test
    void logitThatIsNoNumber_ranksWrong() {
        add(8, Float.NaN, 1, true);
        add(7, 0, 0, false);
        ranks.add(0, 0, false);
        assertThat(ranks.endBlock()).isEqualTo(1, EXACTLY);

        add(8, 1, 1, true);
        add(7, 0, Float.NaN, false);
        ranks.add(0, Float.NaN, false);
        assertThat(ranks.endBlock()).isEqualTo(-1, EXACTLY);
    }

    /** Of the class that comes more often the latest 256 wait, however many come. */
    @Test
    void manyOfOneClass_theLatestCount() {
        add(3_000, 5, 5, false);
        add(256, 0, 5, false);
        add(7, 1, 1, true);
        assertThat(ranks.add(1, 1, true)).isTrue();
        assertThat(ranks.endBlock()).isEqualTo(-1, EXACTLY);
    }

    @Test
    void read_goesOnAsWritten() {
        Random random = new Random(1);
        for (int i = 0; i < 700; i++) {
            ranks.add((float) random.nextGaussian(), (float) random.nextGaussian(), false);
        }
        StateWriter out = new StateWriter("ranks", 1);
        ranks.write(out);
        PairedRanks again = new PairedRanks();
        again.read(new StateReader(out.toBytes(), "ranks", 1));
        for (int i = 0; i < 100; i++) {
            float used = (float) random.nextGaussian();
            float other = (float) random.nextGaussian();
            ranks.add(used, other, false);
            again.add(used, other, false);
        }
        for (int i = 0; i < 8; i++) {
            ranks.add(i, 1 - i, true);
            again.add(i, 1 - i, true);
        }
        assertThat(again.endBlock()).isEqualTo(ranks.endBlock()).isNotZero();
    }
}
