package io.headwater.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.headwater.event.EventLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumericScalerTest {
    private static final FeatureSchema ONE_COLUMN =
            new FeatureSchema(new EventLayout(List.of("x"), List.of()), false, false, 2);
    private static final FeatureSchema TWO_COLUMNS =
            new FeatureSchema(new EventLayout(List.of("x", "y"), List.of()), false, false, 2);

    @ParameterizedTest
    @CsvSource({"1,Infinity", "2,Infinity", "3,50", "4,7.5", "5,1000"})
    void statistics_equalAWeightedTwoPassComputation(long seed, double halfLife) {
        // Given a column with an offset, in which every tenth value is missing or infinite
        Random random = new Random(seed);
        float[] values = new float[400];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (random.nextInt(30)) {
                case 0 -> Float.NaN;
                case 1 -> Float.POSITIVE_INFINITY;
                case 2 -> Float.NEGATIVE_INFINITY;
                default -> (float) (1000 + 3 * random.nextGaussian());
            };
        }

        // When it is observed in batches of uneven size
        NumericScaler scaler = new NumericScaler(1, halfLife);
        for (int from = 0; from < values.length; ) {
            int rows = Math.min(values.length - from, 1 + random.nextInt(40));
            scaler.observe(column(values, from, rows));
            from += rows;
        }

        // Then
        double[] expected = twoPass(values, halfLife);
        assertThat((double) scaler.mean()[0]).isCloseTo(expected[0], withinPercentage(1e-5));
        assertThat((double) scaler.scale()[0]).isCloseTo(expected[1], withinPercentage(1e-4));
    }

    /** Weighted mean and standard deviation; an observation's weight halves with every half-life of later ones. */
    private static double[] twoPass(float[] values, double halfLife) {
        int later = 0;
        double weights = 0;
        double sum = 0;
        double[] weight = new double[values.length];
        for (int i = values.length - 1; i >= 0; i--) {
            if (Float.isFinite(values[i])) {
                weight[i] = Math.pow(2, -later++ / halfLife);
                weights += weight[i];
                sum += weight[i] * values[i];
            }
        }
        double mean = sum / weights;
        double squares = 0;
        for (int i = 0; i < values.length; i++) {
            squares += weight[i] == 0 ? 0 : weight[i] * (values[i] - mean) * (values[i] - mean);
        }
        return new double[] {mean, Math.sqrt(squares / weights)};
    }

    @Test
    void oneHostileValue_barelyMovesAKnownColumn_andAJumpIsStillFollowed() {
        Random random = new Random(1);
        NumericScaler scaler = new NumericScaler(1, 500);
        scaler.observe(column(gaussians(random, 1_000, 10), 0, 1_000));
        float mean = scaler.mean()[0];
        float scale = scaler.scale()[0];

        for (float hostile : new float[] {1e38f, -Float.MAX_VALUE, Float.MAX_VALUE}) {
            scaler.observe(column(new float[] {hostile}, 0, 1));
        }
        assertThat(scaler.mean()[0]).isCloseTo(mean, offset(0.1f));
        assertThat(scaler.scale()[0]).isBetween(scale, 1.5f * scale);

        scaler.observe(column(gaussians(random, 8_000, 1_000), 0, 8_000));
        assertThat(scaler.mean()[0]).isCloseTo(1_000, offset(1f));
        assertThat(scaler.scale()[0]).isLessThan(10);
    }

    /** A producer that lost a field sends 0 in its place. */
    @ParameterizedTest
    @CsvSource({"1000000,1000000", "30000,5000000", "0,100000", "0,20000000"})
    void columnThatComesBackAfterAnOutage_isInScaleAgainSoon(int before, int outage) {
        Random random = new Random(4);
        NumericScaler scaler = new NumericScaler(1, 20_000);
        observeAround100(scaler, random, before);
        float[] nothing = new float[1];
        for (int i = 0; i < outage; i++) {
            scaler.observe(nothing);
        }

        observeAround100(scaler, random, 1_000);

        float scaled = (100 - scaler.mean()[0]) / scaler.scale()[0];
        assertThat(scaled).isBetween(-10f, 10f);
    }

    private static void observeAround100(NumericScaler scaler, Random random, int rows) {
        float[] value = new float[1];
        for (int i = 0; i < rows; i++) {
            value[0] = (float) (100 + 10 * random.nextGaussian());
            scaler.observe(value);
        }
    }

    /** As many as are not yet a jump, and then a few that are: the limit doubles with each, and no faster. */
    @Test
    void someHostileValuesInARow_leaveAKnownColumnUsable() {
        NumericScaler scaler = new NumericScaler(1, 20_000);
        observeAround100(scaler, new Random(5), 100_000);
        float[] hostile = {Float.MAX_VALUE};

        for (int i = 0; i < 30; i++) {
            scaler.observe(hostile);
        }
        assertThat(scaler.scale()[0]).isLessThan(12);
        for (int i = 0; i < 5; i++) {
            scaler.observe(hostile);
        }
        assertThat(scaler.scale()[0]).isLessThan(50);
    }

    /** The rule before jumps were let through, written down once more, on runs of 30 far values, one too few for a jump. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void streamWithoutAJump_hasTheBitsOfTheRuleWithoutJumps(long seed) {
        Random random = new Random(seed);
        double decay = Math.pow(0.5, 1 / 500.0);
        double weight = 0;
        double mean = 0;
        double squares = 0;
        NumericScaler scaler = new NumericScaler(1, 500);
        float[] values = new float[20_000];
        for (int i = 0; i < values.length; i++) {
            int inCycle = i % 4_000;
            boolean far = inCycle > 100 && random.nextInt(100) == 0;
            float usual = i > 8_000 && i < 12_000 ? 7 : i % 5;
            values[i] = inCycle < 30
                    ? 1e30f
                    : inCycle == 30 ? (float) mean : far ? (float) random.nextGaussian() * 1e6f : usual;
            double kept = weight * decay;
            weight = kept + 1;
            double delta = values[i] - mean;
            if (kept > 30) {
                double deviation = Math.sqrt(squares / weight);
                double limit = 8 * (deviation > 0 ? deviation : Math.max(1, Math.abs(mean)));
                delta = Math.max(-limit, Math.min(limit, delta));
            }
            double counted = mean + delta;
            mean += delta / weight;
            squares = squares * decay + delta * (counted - mean);
            scaler.observe(new float[] {values[i]});
        }

        double[] state = scaler.state();
        assertThat(java.util.Arrays.copyOf(state, 3)).containsExactly(weight, mean, squares);
    }

    @Test
    void stateAndRestore_withinAJump_continueAsIfNothingHadHappened() {
        NumericScaler one = new NumericScaler(2, 1_000);
        for (int i = 0; i < 2_000; i++) {
            one.observe(new float[] {i % 10, i % 7});
        }
        assertThat(one.state()).hasSize(3 * 2);
        for (int i = 0; i < 20; i++) {
            one.observe(new float[] {1e6f, i % 7});
        }
        NumericScaler other = new NumericScaler(2, 1_000);

        other.restore(one.state());

        assertThat(other.state()).hasSize(4 * 2).containsExactly(one.state());
        for (int i = 0; i < 30; i++) {
            one.observe(new float[] {1e6f, i % 7});
            other.observe(new float[] {1e6f, i % 7});
        }
        assertThat(other.state()).containsExactly(one.state());
        other.restore(new double[3 * 2]);
        assertThat(other.state()).containsExactly(new double[3 * 2]);
    }

    @Test
    void hostileValue_inAColumnConstantSoFar_leavesItUsable() {
        NumericScaler scaler = new NumericScaler(1, 500);
        float[] values = new float[200];
        values[150] = 1e38f;
        scaler.observe(column(values, 0, 200));
        assertThat(scaler.scale()[0]).isLessThan(10);
    }

    private static float[] gaussians(Random random, int count, double mean) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (mean + random.nextGaussian());
        }
        return values;
    }

    @Test
    void columns_areKeptApart() {
        FeatureBatch batch = new FeatureBatch(TWO_COLUMNS.rows(), 3);
        batch.numeric().put(0, new float[] {1, 10, 2, Float.NaN, 3, 30});
        batch.assume(3);
        NumericScaler scaler = new NumericScaler(2, Double.POSITIVE_INFINITY);

        scaler.observe(batch);

        assertThat(scaler.mean()).containsExactly(2, 20);
        assertThat(scaler.scale()).containsExactly(new float[] {(float) Math.sqrt(2 / 3.0), 10}, offset(1e-6f));
    }

    @Test
    void rowsBeyondTheFilledOnes_areNotObserved() {
        FeatureBatch batch = column(new float[] {5, 5, 999, 999}, 0, 4);
        batch.assume(2);
        NumericScaler scaler = new NumericScaler(1, Double.POSITIVE_INFINITY);

        scaler.observe(batch);

        assertThat(scaler.mean()).containsExactly(5);
    }

    @Test
    void nothingObserved_givesMeanZeroAndScaleOne() {
        NumericScaler scaler = new NumericScaler(1, 100);

        scaler.observe(column(new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}, 0, 3));

        assertThat(scaler.mean()).containsExactly(0);
        assertThat(scaler.scale()).containsExactly(1);
    }

    @ParameterizedTest
    @ValueSource(floats = {0, 1, -7.25f, 1e-30f, 16_777_217, 1e30f, Float.MAX_VALUE, Float.MIN_VALUE})
    void constantColumn_hasScaleOne(float value) {
        float[] values = new float[1000];
        java.util.Arrays.fill(values, value);
        NumericScaler scaler = new NumericScaler(1, 30);

        scaler.observe(column(values, 0, values.length));

        assertThat(scaler.mean()).containsExactly(value);
        assertThat(scaler.scale()).containsExactly(1);
    }

    @Test
    void hugeValues_keepMeanFiniteAndScaleUsable() {
        Random random = new Random(8);
        float[] values = new float[2000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (random.nextBoolean() ? 1 : -1) * Float.MAX_VALUE * (random.nextInt(3) == 0 ? 1 : 1e-3f);
        }
        NumericScaler scaler = new NumericScaler(1, 100);

        scaler.observe(column(values, 0, values.length));

        assertThat(Float.isFinite(scaler.mean()[0])).isTrue();
        assertThat(scaler.scale()[0]).isGreaterThan(0).isLessThan(Float.POSITIVE_INFINITY);
    }

    @Test
    void halfLife_followsAShift() {
        float[] values = new float[1000];
        for (int i = 0; i < values.length; i++) {
            values[i] = i < 500 ? 0 : 8;
        }
        NumericScaler scaler = new NumericScaler(1, 50);

        scaler.observe(column(values, 0, values.length));

        // 500 rows are ten half-lives: the old level weighs 2^-10.
        assertThat(scaler.mean()[0]).isCloseTo(8f * (1 - 1 / 1024f), offset(1e-3f));
    }

    @Test
    void stateAndRestore_continueAsIfNothingHadHappened() {
        Random random = new Random(3);
        float[] values = new float[300];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() * 100;
        }
        NumericScaler uninterrupted = new NumericScaler(1, 40);
        uninterrupted.observe(column(values, 0, 300));
        NumericScaler before = new NumericScaler(1, 40);
        before.observe(column(values, 0, 120));
        NumericScaler after = new NumericScaler(1, 40);

        after.restore(before.state());
        after.observe(column(values, 120, 180));

        assertThat(after.state()).containsExactly(uninterrupted.state());
        assertThat(after.mean()).containsExactly(uninterrupted.mean());
        assertThat(after.scale()).containsExactly(uninterrupted.scale());
    }

    @Test
    void state_isACopy() {
        NumericScaler scaler = new NumericScaler(1, 40);
        scaler.observe(column(new float[] {1, 2}, 0, 2));

        java.util.Arrays.fill(scaler.state(), Double.NaN);

        assertThat(scaler.mean()[0]).isFinite();
    }

    @Test
    void restore_ofAnotherWidth_isRefused() {
        double[] ofTwo = new NumericScaler(2, 10).state();

        assertThatThrownBy(() -> new NumericScaler(1, 10).restore(ofTwo))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scaler state of 6 values for 1 columns");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN})
    void halfLife_thatIsNoDuration_isRefused(double halfLife) {
        assertThatThrownBy(() -> new NumericScaler(1, halfLife))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("half-life");
    }

    private static FeatureBatch column(float[] values, int from, int rows) {
        FeatureBatch batch = new FeatureBatch(ONE_COLUMN.rows(), rows);
        batch.numeric().put(0, values, from, rows);
        batch.assume(rows);
        return batch;
    }
}
