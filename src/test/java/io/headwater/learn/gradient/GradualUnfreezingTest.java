package io.headwater.learn.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.headwater.graph.Dim;
import io.headwater.graph.ElementType;
import io.headwater.graph.GraphBuilder;
import io.headwater.graph.GraphBuilder.Attribute;
import io.headwater.graph.OnnxGraph;
import io.headwater.graph.TensorSpec;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.schedule.RateSchedule;
import io.headwater.learn.schedule.TrainingCourse;
import io.headwater.learn.schedule.Unfreezing;
import io.headwater.torch.AdamW;
import io.headwater.torch.GradientScope;
import io.headwater.torch.TorchDevice;
import io.headwater.torch.TorchGraph;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The pieces of a recipe together, on a net of two layers and a head for three classes. */
final class GradualUnfreezingTest {
    private static final int WIDTH = 4;
    private static final int ROWS = 12;
    private static final int CLASSES = 3;
    private static final WeightLayers LAYERS = new WeightLayers(List.of(List.of("head"), List.of("w1"), List.of("w0")));

    private static OnnxGraph net() {
        SeededRandom random = new SeededRandom(1);
        GraphBuilder builder = new GraphBuilder("net");
        String x = builder.input(TensorSpec.of("x", ElementType.FLOAT, Dim.dynamic("batch"), Dim.of(WIDTH)));
        for (int i = 0; i < 2; i++) {
            String w = builder.floats("w" + i, gaussian(random, WIDTH * WIDTH), WIDTH, WIDTH);
            x = builder.node("/l" + i + "/Tanh", "Tanh", List.of(builder.node("/l" + i, "MatMul", List.of(x, w))));
        }
        String head = builder.floats("head", gaussian(random, CLASSES * WIDTH), CLASSES, WIDTH);
        builder.nodeTo("logits", "/head", "Gemm", List.of(x, head), Attribute.of("transB", 1L));
        return builder.output(TensorSpec.of("logits", ElementType.FLOAT, Dim.dynamic("batch"), Dim.of(CLASSES)))
                .build();
    }

    private static float[] gaussian(SeededRandom random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** One training on fixed rows. */
    private static final class Training implements AutoCloseable {
        private final Recipe recipe = Recipe.FINE_TUNING
                .withUnfreezing(new Unfreezing.EverySteps(3))
                .withObjective(new Objective(1, 0.1, List.of()));
        private final TrainingCourse course = recipe.course(LAYERS.belowHead());
        private final TorchGraph graph = new TorchGraph(net(), TorchDevice.CPU, LAYERS.training(2));
        private final AdamW adam = new AdamW(graph, new AdamW.Settings(0.9f, 0.999f, 0, 1e6f));
        private final TargetRows targets = recipe.objective().targets(ROWS, CLASSES);
        private TrainingCourse.State state = TrainingCourse.State.START;

        double step() {
            int open = course.open(state);
            graph.train(LAYERS.training(open));
            for (int row = 0; row < ROWS; row++) {
                targets.put(row, row % CLASSES, 1);
            }
            double loss = GradientScope.recording(graph, scope -> {
                NDArray x = scope.manager().create(gaussian(new SeededRandom(7), ROWS * WIDTH), new Shape(ROWS, WIDTH));
                NDArray logits = graph.run(scope, Map.of("x", x)).get("logits");
                NDArray mean = recipe.objective().loss(logits, targets.tensor(scope.manager(), ROWS));
                scope.backward(mean);
                float rate = recipe.rate(RateSchedule.CONSTANT, state.steps());
                assertThat(adam.step(rate, recipe.layerRates().factors(LAYERS, open))
                                .applied())
                        .isTrue();
                return (double) mean.getFloat();
            });
            state = course.stepped(state);
            return loss;
        }

        Map<String, float[]> weights() {
            Map<String, float[]> weights = new LinkedHashMap<>();
            LAYERS.training(2).forEach(name -> weights.put(name, graph.weights(name)));
            return weights;
        }

        @Override
        public void close() {
            adam.close();
            graph.close();
        }
    }

    @Test
    void layers_beginOneAfterTheOther_eachAtItsOwnRate() {
        try (Training training = new Training()) {
            LayerRates rates = training.recipe.layerRates();
            for (int step = 0; step < 9; step++) {
                Map<String, float[]> before = training.weights();
                training.step();
                Map<String, float[]> after = training.weights();
                for (int layer = 0; layer < 3; layer++) {
                    String name = LAYERS.fromHead().get(layer).get(0);
                    float moved = largestMove(before, after, name);
                    if (step < 3 * layer) {
                        assertThat(after.get(name))
                                .as("%s in step %d", name, step)
                                .isEqualTo(before.get(name));
                    } else if (step == 3 * layer) {
                        // The first step of Adam is the learning rate in every weight.
                        float rate = (float) (training.recipe.learningRate() * rates.factor(layer));
                        assertThat(moved).as(name).isCloseTo(rate, within(0.02f * rate));
                    } else {
                        assertThat(moved).isPositive();
                    }
                }
            }
        }
    }

    private static float largestMove(Map<String, float[]> before, Map<String, float[]> after, String name) {
        float[] from = before.getOrDefault(name, new float[0]);
        float[] to = after.getOrDefault(name, new float[0]);
        float largest = 0;
        for (int i = 0; i < from.length; i++) {
            largest = Math.max(largest, Math.abs(to[i] - from[i]));
        }
        return largest;
    }

    @Test
    void training_lowersTheLoss_andRepeatsItsBits() {
        try (Training one = new Training();
                Training two = new Training()) {
            double first = one.step();
            double last = first;
            for (int step = 1; step < 300; step++) {
                last = one.step();
            }
            assertThat(last).isLessThan(0.9 * first);
            for (int step = 0; step < 300; step++) {
                two.step();
            }
            assertThat(two.weights())
                    .allSatisfy((name, values) -> assertThat(values).isEqualTo(one.graph.weights(name)));
        }
    }
}
