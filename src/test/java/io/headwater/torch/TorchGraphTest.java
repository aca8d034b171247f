package io.headwater.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.headwater.graph.Dim;
import io.headwater.graph.ElementType;
import io.headwater.graph.GraphBuilder;
import io.headwater.graph.GraphBuilder.Attribute;
import io.headwater.graph.OnnxGraph;
import io.headwater.graph.TensorSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A small net of many families, trained: bits repeat, native memory stays, constants are folded once. */
final class TorchGraphTest {
    private static final int ROWS = 8;
    private static final int LENGTH = 6;
    private static final List<String> TRAINABLE = List.of("table", "scale", "bias", "kernel", "weight");

    /** Embedding, layer normalization, convolution over the sequence, the mean of it, a matrix; scaled by a shape. */
    private static OnnxGraph net(long seed) {
        Random random = new Random(seed);
        GraphBuilder builder = new GraphBuilder("net");
        builder.input(TensorSpec.of("ids", ElementType.INT64, Dim.dynamic("rows"), Dim.of(LENGTH)));
        builder.floats("table", gaussian(random, 20 * 4), 20, 4);
        builder.floats("scale", gaussian(random, 4), 4);
        builder.floats("bias", gaussian(random, 4), 4);
        builder.floats("kernel", gaussian(random, 5 * 4 * 3), 5, 4, 3);
        builder.floats("weight", gaussian(random, 5), 5, 1);
        builder.floats("two", new float[] {2});
        builder.longs("last", new long[] {1}, 1);
        String rows = builder.node("/Gather", "Gather", List.of("table", "ids"));
        String normal = builder.node("/LayerNormalization", "LayerNormalization", List.of(rows, "scale", "bias"));
        String turned =
                builder.node("/Transpose", "Transpose", List.of(normal), Attribute.of("perm", new long[] {0, 2, 1}));
        String moved =
                builder.node("/Conv", "Conv", List.of(turned, "kernel"), Attribute.of("pads", new long[] {2, 1}));
        String bound = builder.node("/Identity", "Identity", List.of("two"));
        String clipped = builder.node("/Clip", "Clip", List.of(moved, "", bound));
        String shape = builder.node("/Shape", "Shape", List.of(clipped));
        String size = builder.node("/size", "Gather", List.of(shape, "last"), Attribute.of("axis", 0L));
        String divisor = builder.node("/Cast", "Cast", List.of(size), Attribute.of("to", 1L));
        String sum = builder.node(
                "/ReduceMean",
                "ReduceMean",
                List.of(clipped),
                Attribute.of("axes", new long[] {2}),
                Attribute.of("keepdims", 0L));
        String scaled = builder.node("/Div", "Div", List.of(sum, divisor));
        builder.nodeTo("y", "/MatMul", "MatMul", List.of(scaled, "weight"));
        builder.output(TensorSpec.of("y", ElementType.FLOAT, Dim.dynamic("rows"), Dim.of(1)));
        return builder.build();
    }

    private static float[] gaussian(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static double train(TorchGraph graph, AdamW optimizer, Random random) {
        return GradientScope.recording(graph, scope -> {
            NDManager manager = scope.manager();
            long[] ids = random.longs(ROWS * LENGTH, 0, 20).toArray();
            NDArray rows = manager.create(ids, new Shape(ROWS, LENGTH));
            NDArray target = manager.create(gaussian(random, ROWS), new Shape(ROWS, 1));
            NDArray loss = graph.run(scope, Map.of("ids", rows))
                    .get("y")
                    .sub(target)
                    .square()
                    .mean();
            scope.backward(loss);
            assertThat(optimizer.step(0.01f, Map.of()).applied()).isTrue();
            return (double) loss.getFloat();
        });
    }

    private static Map<String, float[]> trained(long seed, int steps) {
        try (TorchGraph graph = new TorchGraph(net(seed), TorchDevice.CPU, TRAINABLE);
                AdamW optimizer = new AdamW(graph, AdamW.Settings.DEFAULT)) {
            Random random = new Random(seed);
            for (int i = 0; i < steps; i++) {
                train(graph, optimizer, random);
            }
            Map<String, float[]> weights = new LinkedHashMap<>();
            TRAINABLE.forEach(name -> weights.put(name, graph.weights(name)));
            return weights;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void training_sameSeed_sameBits(long seed) {
        Map<String, float[]> first = trained(seed, 20);
        Map<String, float[]> second = trained(seed, 20);
        OnnxGraph start = net(seed);
        assertThat(TRAINABLE)
                .allSatisfy(name -> assertThat(second.get(name))
                        .isEqualTo(first.get(name))
                        .isNotEqualTo(start.initializer(name).floats()));
    }

    @Test
    void training_manySteps_holdsNoFurtherTensors() {
        try (TorchGraph graph = new TorchGraph(net(1), TorchDevice.CPU, TRAINABLE);
                AdamW optimizer = new AdamW(graph, AdamW.Settings.DEFAULT)) {
            Random random = new Random(1);
            train(graph, optimizer, random);
            int before = graph.nativeArrays();
            for (int i = 0; i < 50; i++) {
                train(graph, optimizer, random);
            }
            assertThat(graph.nativeArrays()).isEqualTo(before);
        }
    }

    @Test
    void construction_foldedConstants_keepNoTemporaries() {
        try (TorchGraph graph = new TorchGraph(net(1), TorchDevice.CPU, TRAINABLE)) {
            // Five parameters and the bound of Clip, which Identity shares.
            assertThat(graph.nativeArrays()).isEqualTo(TRAINABLE.size() + 1);
        }
    }
}
