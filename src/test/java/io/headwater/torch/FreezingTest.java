package io.headwater.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.headwater.graph.Dim;
import io.headwater.graph.ElementType;
import io.headwater.graph.GraphBuilder;
import io.headwater.graph.GraphBuilder.Attribute;
import io.headwater.graph.GraphException;
import io.headwater.graph.OnnxGraph;
import io.headwater.graph.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Parameters that are frozen for a while. */
final class FreezingTest {
    private static final int WIDTH = 4;
    private static final List<String> ALL = List.of("w0", "b0", "w1", "b1", "w2", "b2");
    private static final List<String> TOP = List.of("w2", "b2");

    private static OnnxGraph net() {
        Random random = new Random(1);
        GraphBuilder builder = new GraphBuilder("net");
        String x = builder.input(TensorSpec.of("x", ElementType.FLOAT, Dim.dynamic("batch"), Dim.of(WIDTH)));
        for (int i = 0; i < 3; i++) {
            String w = builder.floats("w" + i, gaussian(random, WIDTH * WIDTH), WIDTH, WIDTH);
            String b = builder.floats("b" + i, gaussian(random, WIDTH), WIDTH);
            String linear = builder.node("/l" + i + "/Gemm", "Gemm", List.of(x, w, b), Attribute.of("transB", 1L));
            x = builder.node("/l" + i + "/Tanh", "Tanh", List.of(linear));
        }
        return builder.output(TensorSpec.of(x, ElementType.FLOAT, Dim.dynamic("batch"), Dim.of(WIDTH)))
                .build();
    }

    private static float[] gaussian(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static TorchGraph.Tensors forward(TorchGraph graph, GradientScope scope) {
        NDArray x = scope.manager().create(gaussian(new Random(5), 3 * WIDTH), new Shape(3, WIDTH));
        return graph.run(scope, Map.of("x", x));
    }

    private static void step(TorchGraph graph, AdamW adam) {
        boolean applied = GradientScope.recording(graph, scope -> {
            NDArray output = forward(graph, scope).get("/l2/Tanh_output_0");
            scope.backward(output.sub(0.5f).square().mean());
            return adam.step(0.01f, Map.of()).applied();
        });
        assertThat(applied).isTrue();
    }

    private static Map<String, float[]> weights(TorchGraph graph) {
        Map<String, float[]> weights = new LinkedHashMap<>();
        ALL.forEach(name -> weights.put(name, graph.weights(name)));
        return weights;
    }

    /** With moments and weight decay in place, so that both would move what is not frozen wholly. */
    @Test
    void frozenParameters_andTheirMoments_stayBitForBit() {
        try (TorchGraph graph = new TorchGraph(net(), TorchDevice.CPU, ALL);
                AdamW adam = new AdamW(graph, new AdamW.Settings(0.9f, 0.999f, 0.1f, 1f))) {
            step(graph, adam);
            step(graph, adam);
            Map<String, float[]> before = weights(graph);
            AdamW.State moments = adam.state();

            graph.train(TOP);
            for (int i = 0; i < 5; i++) {
                step(graph, adam);
            }

            AdamW.State after = adam.state();
            Map<String, float[]> now = weights(graph);
            for (String name : ALL) {
                boolean moves = TOP.contains(name);
                assertThat(graph.trains(name)).isEqualTo(moves);
                check(now, before, name, moves);
                check(after.first(), moments.first(), name, moves);
                check(after.second(), moments.second(), name, moves);
                assertThat(after.taken()).containsEntry(name, moves ? 7L : 2L);
            }
            assertThat(after.steps()).isEqualTo(7);

            graph.train(ALL);
            step(graph, adam);
            assertThat(graph.weights("w0")).isNotEqualTo(before.get("w0"));
        }
    }

    private static void check(Map<String, float[]> now, Map<String, float[]> before, String name, boolean moves) {
        if (moves) {
            assertThat(now.get(name)).as(name).isNotEqualTo(before.get(name));
        } else {
            assertThat(now.get(name)).as(name).isEqualTo(before.get(name));
        }
    }

    /** What the frozen layers make is a constant to autograd: nothing is recorded, nothing goes back through them. */
    @Test
    void frozenLayers_areNotRecorded() {
        try (TorchGraph graph = new TorchGraph(net(), TorchDevice.CPU, ALL)) {
            assertThat(recorded(graph)).containsExactly(true, true, true);
            graph.train(List.of("w1", "b1", "w2", "b2"));
            assertThat(recorded(graph)).containsExactly(false, true, true);
            graph.train(TOP);
            assertThat(recorded(graph)).containsExactly(false, false, true);
            graph.train(List.of());
            assertThat(recorded(graph)).containsExactly(false, false, false);
        }
    }

    /** By layer, whether PyTorch knows a way back from what the layer makes. */
    private static List<Boolean> recorded(TorchGraph graph) {
        List<Boolean> recorded = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String output = "/l" + i + "/Tanh_output_0";
            recorded.add(GradientScope.recording(graph, scope -> {
                NDArray sum = forward(graph, scope).get(output).sum();
                try {
                    scope.backward(sum);
                    return true;
                } catch (EngineException e) {
                    assertThat(e).hasMessageContaining("does not require grad");
                    return false;
                }
            }));
        }
        return recorded;
    }

    @Test
    void gradientOfBeforeTheFreeze_isForgotten() {
        try (TorchGraph graph = new TorchGraph(net(), TorchDevice.CPU, ALL);
                TorchGraph fresh = new TorchGraph(net(), TorchDevice.CPU, ALL);
                AdamW adam = new AdamW(graph, AdamW.Settings.DEFAULT);
                AdamW freshAdam = new AdamW(fresh, AdamW.Settings.DEFAULT)) {
            GradientScope.recording(graph, scope -> {
                scope.backward(forward(graph, scope).get("/l2/Tanh_output_0").sum());
                return 0; // no step takes the gradients away
            });
            int held = graph.nativeArrays();
            graph.train(TOP);
            graph.train(ALL);
            assertThat(graph.nativeArrays()).isEqualTo(held);
            step(graph, adam);
            step(fresh, freshAdam);
            assertThat(graph.weights("w0")).isEqualTo(fresh.weights("w0"));
        }
    }

    /** Adam's first step of any weight is the learning rate, whichever way: also of one that begins late. */
    @Test
    void lateBeginner_startsWithStepsOfItsOwn() {
        try (TorchGraph graph = new TorchGraph(net(), TorchDevice.CPU, ALL);
                AdamW adam = new AdamW(graph, new AdamW.Settings(0.9f, 0.999f, 0f, 1e6f))) {
            graph.train(TOP);
            for (int i = 0; i < 50; i++) {
                step(graph, adam);
            }
            float[] before = graph.weights("b0");
            graph.train(ALL);
            step(graph, adam);
            float[] after = graph.weights("b0");
            for (int i = 0; i < before.length; i++) {
                assertThat(Math.abs(after[i] - before[i])).isCloseTo(0.01f, within(1e-4f));
            }
        }
    }

    @Test
    void restore_betweenFreezes_continuesBitForBit() {
        try (TorchGraph graph = new TorchGraph(net(), TorchDevice.CPU, ALL);
                TorchGraph other = new TorchGraph(net(), TorchDevice.CPU, ALL);
                AdamW adam = new AdamW(graph, AdamW.Settings.DEFAULT);
                AdamW otherAdam = new AdamW(other, AdamW.Settings.DEFAULT)) {
            graph.train(TOP);
            step(graph, adam);
            step(graph, adam);
            graph.train(ALL);
            step(graph, adam);
            weights(graph).forEach(other::setWeights);
            otherAdam.restore(adam.state());
            step(graph, adam);
            step(other, otherAdam);
            assertThat(weights(other))
                    .allSatisfy((name, values) -> assertThat(values).isEqualTo(graph.weights(name)));
        }
    }

    @Test
    void train_ofAnUnknownName_isRefusedAndChangesNothing() {
        try (TorchGraph graph = new TorchGraph(net(), TorchDevice.CPU, ALL)) {
            graph.train(TOP);
            assertThatThrownBy(() -> graph.train(List.of("w0", "w9")))
                    .isInstanceOf(GraphException.class)
                    .hasMessageContaining("'w9' is no parameter");
            assertThat(graph.trains("w0")).isFalse();
            assertThat(graph.trains("w2")).isTrue();
        }
    }
}
