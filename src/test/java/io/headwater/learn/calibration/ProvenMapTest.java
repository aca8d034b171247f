package io.headwater.learn.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.gate.CalibrationError;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProvenMapTest {
    private static final int DELAY = 300;

    private static double sigmoid(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }

    /** A stream of logits that are off by a factor and a shift, whose labels are late. */
    private static final class World {
        private final ProvenMap map;
        private final Random random;
        private final double centre;
        private final float[] waiting = new float[DELAY];
        private final float[] candidates = new float[DELAY];
        private final int[] generations = new int[DELAY];
        private final boolean[] labels = new boolean[DELAY];
        private long rows;

        private final int kept;
        private final float[] said;
        private final float[] given;
        private final boolean[] came;

        World(ProvenMap map, long seed, double centre, int kept) {
            this.map = map;
            this.random = new Random(seed);
            this.centre = centre;
            this.kept = kept;
            this.said = new float[kept];
            this.given = new float[kept];
            this.came = new boolean[kept];
        }

        void live(int count, double factor, double shift) {
            for (int i = 0; i < count; i++, rows++) {
                int slot = (int) (rows % DELAY);
                if (rows >= DELAY) {
                    map.learn(waiting[slot], candidates[slot], generations[slot], labels[slot]);
                }
                double truth = 1.5 * random.nextGaussian() + centre;
                float logit = (float) (factor * truth + shift);
                waiting[slot] = logit;
                candidates[slot] = map.candidate(logit);
                generations[slot] = map.generation();
                labels[slot] = random.nextDouble() < sigmoid(truth);
                int at = (int) (rows % kept);
                given[at] = (float) sigmoid(logit);
                said[at] = (float) sigmoid(map.apply(logit));
                came[at] = labels[slot];
            }
        }

        double error(float[] probabilities) {
            return CalibrationError.of(probabilities, came, kept);
        }

        double lossNats(float[] probabilities) {
            double sum = 0;
            for (int i = 0; i < kept; i++) {
                sum -= Math.log(came[i] ? probabilities[i] : 1 - probabilities[i]);
            }
            return sum / kept;
        }
    }

    @Test
    void rightLogits_areLeftAsTheyAre_inNearlyAllStreams() {
        int touched = 0;
        for (int seed = 0; seed < 200; seed++) {
            ProvenMap map = new ProvenMap();
            new World(map, seed, seed % 2 == 0 ? 0 : -3, 1).live(2_000, 1, 0);
            touched += map.generation() == 0 ? 0 : 1;
            if (map.generation() == 0) {
                assertThat(map.apply(0.1234567f)).isEqualTo(0.1234567f);
            }
        }
        assertThat(touched).isLessThanOrEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({"3,0,0", "0.4,0,0", "1,1,0", "3,0,-3", "1,2,-4"})
    void wrongLogits_areMended(double factor, double shift, double centre) {
        World world = new World(new ProvenMap(), 7, centre, 10_000);

        world.live(30_000, factor, shift);

        assertThat(world.lossNats(world.said)).isLessThan(world.lossNats(world.given));
        assertThat(world.error(world.said)).isLessThan(0.6 * world.error(world.given));
    }

    @Test
    void map_thatHasBecomeWrong_isLeftAgain() {
        ProvenMap map = new ProvenMap();
        World world = new World(map, 3, 0, 5_000);
        world.live(10_000, 3, 0);
        assertThat(map.map().scale()).isLessThan(0.6);

        world.live(15_000, 1, 0);

        assertThat(map.map().scale()).isBetween(0.8, 1.2);
        assertThat(world.lossNats(world.said)).isLessThan(1.01 * world.lossNats(world.given));
    }

    @Test
    void start_isWhatIsUsed_untilAnotherIsProven() {
        ProvenMap map = new ProvenMap(LogitMap.ofWeightedPositives(10));
        assertThat((double) map.apply(2)).isEqualTo(2 - Math.log(10), org.assertj.core.api.Assertions.within(1e-6));

        World world = new World(map, 4, -3, 5_000);
        world.live(10_000, 1, Math.log(10));

        assertThat(map.generation()).isZero();
        assertThat(world.error(world.said)).isLessThan(0.3 * world.error(world.given));
    }

    /** What a candidate said beside another map than today's is no reason to leave today's. */
    @Test
    void candidate_ofAnotherTime_isNoEvidence() {
        ProvenMap map = new ProvenMap();
        for (int i = 0; i < 1_000; i++) {
            map.learn(i % 2 == 0 ? 8 : -8, 0, 1, i % 4 < 2);
        }
        assertThat(map.generation()).isZero();

        for (int i = 0; i < 1_000; i++) {
            map.learn(i % 2 == 0 ? 8 : -8, 0, 0, i % 4 < 2);
        }
        assertThat(map.generation()).isPositive();
    }

    @Test
    void state_writtenAndRead_goesOnAlike() {
        ProvenMap map = new ProvenMap();
        new World(map, 5, 0, 1).live(3_000, 2, 0.5);
        StateWriter out = new StateWriter("a map", 1);
        map.write(out);
        ProvenMap read = new ProvenMap().read(new StateReader(out.toBytes(), "a map", 1));
        assertThat(map.generation()).isPositive();

        new World(map, 6, 0, 1).live(3_000, 3, 0);
        new World(read, 6, 0, 1).live(3_000, 3, 0);

        assertThat(read.map()).isEqualTo(map.map());
        assertThat(read.candidate(1.5f)).isEqualTo(map.candidate(1.5f));
        assertThat(read.generation()).isEqualTo(map.generation());
    }

    @Test
    void logits_thatAreNotNumbers_arePassedOver() {
        ProvenMap map = new ProvenMap();
        for (int i = 0; i < 1_000; i++) {
            map.learn(Float.NaN, Float.NaN, 0, true);
            map.learn(Float.POSITIVE_INFINITY, 0, 0, false);
        }
        assertThat(map.generation()).isZero();
        assertThat(map.candidate(1)).isEqualTo(1);
    }
}
