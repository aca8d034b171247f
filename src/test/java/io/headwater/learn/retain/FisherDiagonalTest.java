package io.headwater.learn.retain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.headwater.graph.Dim;
import io.headwater.graph.ElementType;
import io.headwater.graph.GraphBuilder;
import io.headwater.graph.TensorSpec;
import io.headwater.torch.TorchDevice;
import io.headwater.torch.TorchGraph;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FisherDiagonalTest {
    private static final float[][] ROWS = {{1, 2}, {-1, 0.5f}, {0, 3}};
    private static final float[] LABELS = {1, 0, 0};
    private static final float[] WEIGHT = {0.3f, -0.4f};

    private static TorchGraph logistic() {
        GraphBuilder builder = new GraphBuilder("logistic");
        String x = builder.input(TensorSpec.of("x", ElementType.FLOAT, Dim.dynamic("batch"), Dim.of(2)));
        String weight = builder.floats("weight", WEIGHT, 2, 1);
        builder.floats("idle", new float[1], 1);
        builder.nodeTo("logit", "/MatMul", "MatMul", List.of(x, weight));
        builder.output(TensorSpec.of("logit", ElementType.FLOAT, Dim.dynamic("batch"), Dim.of(1)));
        return new TorchGraph(builder.build(), TorchDevice.CPU, List.of("weight", "idle"));
    }

    private static Map<String, float[]> information(TorchGraph graph, float[][] rows, float[] labels) {
        return FisherDiagonal.of(graph, rows.length, (scope, row) -> {
            NDArray x = scope.manager().create(rows[row], new Shape(1, 2));
            NDArray z = graph.run(scope, Map.of("x", x)).get("logit");
            // -log p of label 1 is softplus(-z), of 0 softplus(z).
            return (labels[row] == 1 ? z.neg() : z)
                    .getNDArrayInternal()
                    .softPlus()
                    .sum();
        });
    }

    @Test
    void information_ofRowsOneOfThemHostile_isThatOfTheOthers() {
        float[][] hostile = {{Float.NaN, 1}, {1, Float.POSITIVE_INFINITY}, {1e30f, -1e30f}};
        for (float[] bad : hostile) {
            try (TorchGraph graph = logistic()) {
                float[] alone = information(graph, ROWS, LABELS).getOrDefault("weight", new float[0]);
                float[][] rows = {ROWS[0], bad, ROWS[1], ROWS[2]};

                float[] found =
                        information(graph, rows, new float[] {1, 0, 0, 0}).get("weight");

                assertThat(found).containsExactly(alone, within(1e-6f));
            }
        }
    }

    @Test
    void information_ofNoRow_saysThatNothingMatters() {
        try (TorchGraph graph = logistic()) {
            assertThat(information(graph, new float[0][], new float[0]).get("weight"))
                    .containsExactly(0, 0);
        }
    }

    @Test
    void information_isTheMeanSquareOfEachRowsGradient_andNotTheSquareOfTheirMean() {
        try (TorchGraph graph = logistic()) {
            for (int time = 0; time < 2; time++) { // nothing is left of the first time in the second
                Map<String, float[]> information = information(graph, ROWS, LABELS);
                float[] expected = new float[2];
                for (int row = 0; row < ROWS.length; row++) {
                    double z = WEIGHT[0] * ROWS[row][0] + WEIGHT[1] * ROWS[row][1];
                    double error = 1 / (1 + Math.exp(-z)) - LABELS[row];
                    for (int i = 0; i < 2; i++) {
                        expected[i] += (float) (Math.pow(error * ROWS[row][i], 2) / ROWS.length);
                    }
                }
                assertThat(information.get("weight")).containsExactly(expected, within(1e-6f));
                assertThat(information.get("idle")).containsExactly(0);
            }
        }
    }
}
