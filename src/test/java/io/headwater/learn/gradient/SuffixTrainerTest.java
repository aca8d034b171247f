package io.headwater.learn.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.feature.FeatureBatch;
import io.headwater.feature.RowLayout;
import io.headwater.feature.RowTensor;
import io.headwater.graph.Backbone;
import io.headwater.graph.Dim;
import io.headwater.graph.ElementType;
import io.headwater.graph.GraphBuilder;
import io.headwater.graph.GraphBuilder.Attribute;
import io.headwater.graph.OnnxGraph;
import io.headwater.graph.TensorSpec;
import io.headwater.learn.gradient.SuffixTrainer.Trained;
import io.headwater.learn.gradient.augment.Augmentation;
import io.headwater.learn.schedule.Unfreezing;
import io.headwater.torch.TorchDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SuffixTrainerTest {
    private static final int WIDTH = 6;
    private static final int ROWS = 240;
    private static final int[] TRAINING = IntStream.range(0, 180).toArray();
    private static final int[] HELD_OUT = IntStream.range(180, ROWS).toArray();

    /** Three layers of ReLU on one input, as an exporter names them. */
    private static OnnxGraph net() {
        Random random = new Random(5);
        GraphBuilder builder = new GraphBuilder("net");
        String x = builder.input(TensorSpec.of("x", ElementType.FLOAT, Dim.dynamic("batch"), Dim.of(WIDTH)));
        for (int layer = 0; layer < 3; layer++) {
            String name = "layers." + layer;
            float[] weight = new float[WIDTH * WIDTH];
            for (int i = 0; i < weight.length; i++) {
                weight[i] = (float) (0.7 * random.nextGaussian());
            }
            String w = builder.floats(name + ".weight", weight, WIDTH, WIDTH);
            String b = builder.floats(name + ".bias", new float[WIDTH], WIDTH);
            String made =
                    builder.node("/layers." + layer + "/Gemm", "Gemm", List.of(x, w, b), Attribute.of("transB", 1L));
            x = builder.node("/layers." + layer + "/Relu", "Relu", List.of(made));
        }
        builder.output(TensorSpec.of(x, ElementType.FLOAT, Dim.dynamic("batch"), Dim.of(WIDTH)));
        return builder.build();
    }

    private static TrainingRows rows(int classes) {
        Random random = new Random(9);
        FeatureBatch batch =
                new FeatureBatch(new RowLayout(List.of(RowTensor.floats("x", List.of(WIDTH))), "test"), ROWS);
        int[] labels = new int[ROWS];
        for (int row = 0; row < ROWS; row++) {
            float sum = 0;
            for (int i = 0; i < WIDTH; i++) {
                float value = (float) random.nextGaussian();
                batch.floats(0).put(row * WIDTH + i, value);
                sum += i < 3 ? value : 0;
            }
            labels[row] = classes == 2 ? (sum > 0 ? 1 : 0) : sum < -1 ? 0 : sum < 1 ? 1 : 2;
        }
        batch.assume(ROWS);
        return TrainingRows.of(batch, labels);
    }

    private static Backbone whole(int outputs) {
        return Backbone.of(net(), "x", outputs, List.of(), 1);
    }

    private static Trained train(Backbone backbone, Recipe recipe, int classes, TrainingWatcher watcher) {
        return new SuffixTrainer(backbone, recipe, TorchDevice.CPU, 3)
                .train(rows(classes), classes, TRAINING, HELD_OUT, watcher);
    }

    private static final Recipe EQUAL_RATES =
            Recipe.NEW_HEAD.withLearningRate(0.01).withEpochs(30);

    @Test
    void training_learnsTwoClassesThroughEveryLayer() {
        Trained trained = train(whole(1), EQUAL_RATES, 2, TrainingWatcher.NONE);

        assertThat(trained.validation().rocAuc()).isGreaterThan(0.95);
        assertThat(trained.validation().rows()).isEqualTo(HELD_OUT.length);
        assertThat(trained.weights().keySet()).hasSize(8);
    }

    @Test
    void training_learnsThreeClasses() {
        Trained trained = train(whole(3), EQUAL_RATES, 3, TrainingWatcher.NONE);

        assertThat(trained.validation().accuracy()).isGreaterThan(0.8);
    }

    @Test
    void sameSeed_givesTheSameBits_withAugmentationToo() {
        Recipe recipe = EQUAL_RATES.withEpochs(3).withAugmentation(new Augmentation(0.2, 0.1, 0, 0, 0));

        Map<String, float[]> first =
                train(whole(1), recipe, 2, TrainingWatcher.NONE).weights();
        Map<String, float[]> second =
                train(whole(1), recipe, 2, TrainingWatcher.NONE).weights();

        assertThat(first).isNotEmpty();
        first.forEach((name, weights) -> assertThat(second.get(name)).as(name).containsExactly(weights));
        Map<String, float[]> plain = train(whole(1), EQUAL_RATES.withEpochs(3), 2, TrainingWatcher.NONE)
                .weights();
        assertThat(plain.get("layers.0.weight")).isNotEqualTo(first.get("layers.0.weight"));
    }

    @Test
    void unfreezing_opensOneLayerAfterTheOther() {
        List<Integer> open = new ArrayList<>();
        Recipe recipe = EQUAL_RATES.withEpochs(4).withUnfreezing(new Unfreezing.EveryEpochs(1));

        train(whole(1), recipe, 2, new TrainingWatcher() {
            @Override
            public void epoch(Epoch epoch) {
                open.add(epoch.openLayers());
            }
        });

        assertThat(open).containsExactly(0, 0, 1, 2, 3);
    }

    @Test
    void headFirst_beginsWithAHeadThatIsTrained_andThenMovesTheLayers() {
        List<Validation> before = new ArrayList<>();
        Recipe recipe = EQUAL_RATES.withEpochs(2).withUnfreezing(new Unfreezing.HeadFirst());

        Trained trained = train(whole(1), recipe, 2, new TrainingWatcher() {
            @Override
            public void epoch(Epoch epoch) {
                before.add(epoch.validation());
            }
        });

        double untrained = train(whole(1), EQUAL_RATES.withEpochs(1).withLearningRate(1e-9), 2, TrainingWatcher.NONE)
                .validation()
                .logLoss();
        assertThat(before.get(0).logLoss()).isLessThan(untrained - 0.01);
        assertThat(trained.validation().logLoss()).isLessThan(before.get(0).logLoss());
        assertThat(trained.weights().get("layers.2.weight"))
                .isNotEqualTo(net().initializer("layers.2.weight").floats());
        Trained again = train(whole(1), recipe, 2, TrainingWatcher.NONE);
        again.weights()
                .forEach((name, weights) ->
                        assertThat(trained.weights().get(name)).as(name).containsExactly(weights));
    }

    @Test
    void cutBehindALayer_leavesItsWeightsOut() {
        Backbone backbone = Backbone.of(net(), "last:1", 1, List.of(), 1);

        assertThat(backbone.weights()).contains("layers.2.weight").doesNotContain("layers.1.weight");
    }

    @Test
    void stoppedTraining_keepsTheBestSoFar() {
        Trained trained = train(whole(1), EQUAL_RATES, 2, new TrainingWatcher() {
            private int asked;

            @Override
            public boolean isStopping() {
                return ++asked > 8;
            }
        });

        assertThat(trained.stopped()).isTrue();
        assertThat(trained.epochs()).isEqualTo(2);
        assertThat(trained.validation().logLoss()).isFinite();
    }

    @Test
    void nothingToValidateWith_isRefused() {
        assertThatThrownBy(() -> new SuffixTrainer(whole(1), EQUAL_RATES, TorchDevice.CPU, 1)
                        .train(rows(2), 2, TRAINING, new int[0], TrainingWatcher.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 to validate with");
    }
}
