package io.headwater.learn.adapt.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.feature.FeatureBatch;
import io.headwater.feature.RowLayout;
import io.headwater.feature.RowTensor;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.adapt.Cdan;
import io.headwater.learn.adapt.Coral;
import io.headwater.learn.adapt.Dann;
import io.headwater.learn.adapt.DomainTerm;
import io.headwater.learn.adapt.Mmd;
import io.headwater.learn.adapt.ProxyDistance;
import io.headwater.learn.gradient.TrainingRows;
import io.headwater.torch.TorchDevice;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DomainTrainerTest {
    private static final int WIDTH = 200;
    private static final int ROWS = 512;
    private static final int SEEDS = 3;
    private static final int WIDE = 2_000;
    private static final int WIDE_ROWS = 512;
    private static final DomainTrainer.Settings SETTINGS = new DomainTrainer.Settings(1e-3, 1e-2, 64, 20);
    private static final RowLayout LAYOUT =
            new RowLayout(List.of(RowTensor.floats(AdaptNet.ROWS, List.of(WIDTH))), "test");

    static Stream<Arguments> terms() {
        return Stream.of(
                Arguments.of(new Coral(), 3),
                Arguments.of(new Mmd(), 1),
                Arguments.of(new Dann(), 0.1),
                Arguments.of(new Cdan(), 0.1));
    }

    /** Words: 40 tell the classes apart, 80 the domains, the rest is noise. */
    private static TrainingRows rows(long seed, boolean target) {
        Random random = new Random(seed);
        FeatureBatch batch = new FeatureBatch(LAYOUT, ROWS);
        int[] labels = new int[ROWS];
        for (int row = 0; row < ROWS; row++) {
            labels[row] = random.nextInt(2);
            int at = batch.nextRow() * WIDTH;
            for (int word = 0; word < WIDTH; word++) {
                boolean even = word % 2 == 0;
                boolean often = word < 40 ? even == (labels[row] == 1) : word < 120 && even == target;
                batch.floats(0).put(at + word, random.nextDouble() < (often ? 0.3 : 0.15) ? 1 : 0);
            }
        }
        return TrainingRows.of(batch, labels);
    }

    /** Of a trained net, means over the seeds: nets this small differ. */
    private record Outcome(double accuracy, double distance) {
        static Outcome of(Optional<DomainTerm> term, double strength) {
            int[] all = IntStream.range(0, ROWS).toArray();
            double right = 0;
            double distance = 0;
            for (long seed = 1; seed <= SEEDS; seed++) {
                TrainingRows source = rows(seed, false);
                TrainingRows target = rows(seed + 100, true);
                AdaptNet net = new DomainTrainer(fresh(seed), term, strength, SETTINGS, TorchDevice.CPU, seed)
                        .train(source, all, target, 2, DomainTrainer.Watcher.NONE);
                try (NetOutputs outputs = new NetOutputs(net, LAYOUT, TorchDevice.CPU)) {
                    int[] found = outputs.classes(target, all);
                    right += IntStream.of(all)
                            .filter(row -> found[row] == target.label(row))
                            .count();
                    distance += ProxyDistance.between(
                            ProxyDistance.dense(outputs.features(source, all), ROWS),
                            ProxyDistance.dense(outputs.features(target, all), ROWS),
                            seed);
                }
            }
            return new Outcome(right / ROWS / SEEDS, distance / SEEDS);
        }
    }

    private static TrainingRows wide(long seed) {
        Random random = new Random(seed);
        RowLayout layout = new RowLayout(List.of(RowTensor.floats(AdaptNet.ROWS, List.of(WIDE))), "wide");
        FeatureBatch batch = new FeatureBatch(layout, WIDE_ROWS);
        int[] labels = new int[WIDE_ROWS];
        for (int row = 0; row < WIDE_ROWS; row++) {
            labels[row] = random.nextInt(2);
            int at = batch.nextRow() * WIDE;
            for (int i = 0; i < WIDE; i++) {
                double sign = i % 20 != 0 ? 0 : labels[row] == 1 ? 1 : -1;
                batch.floats(0).put(at + i, (float) (1 + 0.2 * sign + 0.2 * random.nextGaussian()));
            }
        }
        return TrainingRows.of(batch, labels);
    }

    private static AdaptNet fresh(long seed) {
        return AdaptNet.mlp(WIDTH, 16, 2, 0.2 * WIDTH, new SeededRandom(seed));
    }

    @ParameterizedTest
    @MethodSource("terms")
    void term_bringsTheDomainsTogether_inTheLayer_andTheClassesStayApart(DomainTerm term, double strength) {
        Outcome plain = Outcome.of(Optional.empty(), 0);
        Outcome adapted = Outcome.of(Optional.of(term), strength);
        assertThat(plain.distance()).isGreaterThan(0.3);
        assertThat(adapted.distance()).isLessThan(0.75 * plain.distance());
        assertThat(adapted.accuracy()).isGreaterThan(plain.accuracy() - 0.06);
    }

    @Test
    void fewTargetRows_areAlignedAsOftenAsThereAreSteps() {
        TrainingRows source = rows(1, false);
        FeatureBatch three = new FeatureBatch(LAYOUT, 3);
        rows(2, true).copyTo(three, new int[] {0, 1, 2}, 0, 3, false);
        long[] steps = new long[1];
        new DomainTrainer(fresh(3), Optional.of(new Coral()), 1, SETTINGS, TorchDevice.CPU, 4)
                .train(
                        source,
                        IntStream.range(0, ROWS).toArray(),
                        TrainingRows.of(three, new int[3]),
                        2,
                        (done, of, loss) -> {
                            steps[0] = done;
                            return Double.isFinite(loss);
                        });
        assertThat(steps[0]).isEqualTo(20 * ROWS / 64);
    }

    @Test
    void training_isTheSameBits_forTheSameSeed_andStrength0IsNoTerm() {
        TrainingRows source = rows(1, false);
        TrainingRows target = rows(2, true);
        int[] all = IntStream.range(0, ROWS).toArray();
        AdaptNet fresh = fresh(3);
        byte[] plain = new DomainTrainer(fresh, Optional.empty(), 0, SETTINGS, TorchDevice.CPU, 4)
                .train(source, all, target, 2, DomainTrainer.Watcher.NONE)
                .graph()
                .toBytes();
        for (DomainTerm term : List.of(new Mmd(), new Dann())) {
            DomainTrainer trainer = new DomainTrainer(fresh, Optional.of(term), 1, SETTINGS, TorchDevice.CPU, 4);
            byte[] once = trainer.train(source, all, target, 2, DomainTrainer.Watcher.NONE)
                    .graph()
                    .toBytes();
            byte[] twice = trainer.train(source, all, target, 2, DomainTrainer.Watcher.NONE)
                    .graph()
                    .toBytes();
            assertThat(twice).isEqualTo(once).isNotEqualTo(plain);
        }
    }

    @Test
    void training_endsWhenTheWatcherSaysSo() {
        TrainingRows source = rows(1, false);
        int[] all = IntStream.range(0, ROWS).toArray();
        AdaptNet fresh = fresh(3);
        long[] steps = new long[1];
        AdaptNet net = new DomainTrainer(fresh, Optional.empty(), 0, SETTINGS, TorchDevice.CPU, 4)
                .train(source, all, source, 2, (done, of, loss) -> (steps[0] = done) < 3);
        assertThat(steps[0]).isEqualTo(3);
        assertThat(net.graph().toBytes()).isNotEqualTo(fresh.graph().toBytes());
    }

    /** Wide rows of one sign move every unit the same way: without the warm-up the first steps put them out for good. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void wideRows_doNotCollapse_atTheUsualRate(long seed) {
        TrainingRows source = wide(seed);
        int[] all = IntStream.range(0, WIDE_ROWS).toArray();
        AdaptNet fresh = AdaptNet.mlp(WIDE, 64, 2, WIDE, new SeededRandom(seed));
        AdaptNet net = new DomainTrainer(
                        fresh, Optional.empty(), 0, DomainTrainer.Settings.USUAL, TorchDevice.CPU, seed)
                .train(source, all, source, 2, DomainTrainer.Watcher.NONE);
        try (NetOutputs outputs = new NetOutputs(net, source.layout(), TorchDevice.CPU)) {
            int[] found = outputs.classes(source, all);
            assertThat(IntStream.of(all)
                            .filter(row -> found[row] == source.label(row))
                            .count())
                    .isGreaterThan(WIDE_ROWS * 9 / 10);
        }
    }

    @Test
    void tooFewRows_areRefused() {
        TrainingRows source = rows(1, false);
        AdaptNet fresh = fresh(3);
        DomainTrainer trainer = new DomainTrainer(fresh, Optional.empty(), 0, SETTINGS, TorchDevice.CPU, 4);
        assertThatThrownBy(() -> trainer.train(source, new int[1], source, 2, DomainTrainer.Watcher.NONE))
                .hasMessageContaining("at least two of each");
    }
}
