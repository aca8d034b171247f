package io.headwater.learn.retain;

import ai.djl.ndarray.NDArray;
import io.headwater.torch.GradientScope;
import io.headwater.torch.TorchGraph;
import java.util.LinkedHashMap;
import java.util.Map;

/** How much the predictions of a net depend on each of its weights: the diagonal of the Fisher information. */
public final class FisherDiagonal {
    /*
     * The mean over rows of the squared gradient of -log p(y | x), one row at a time: squares of a batch's gradient are
     * something else. With y drawn from the net's own predictions it is the Fisher information, with the row's label
     * the empirical one; Kunstner et al., Limitations of the Empirical Fisher Approximation (NeurIPS 2019).
     */
    private FisherDiagonal() {}

    /** The loss of one row. */
    @FunctionalInterface
    public interface RowLoss {
        /** -log p in nats, a scalar that depends on the graph's parameters. */
        NDArray of(GradientScope scope, int row);
    }

    /**
     * By the parameters' names, row-major, 0 for one that the loss does not depend on.
     *
     * @param rows how many rows there are
     */
    public static Map<String, float[]> of(TorchGraph graph, int rows, RowLoss loss) {
        if (rows < 1) {
            throw new IllegalArgumentException("the Fisher information needs at least one row");
        }
        Map<String, float[]> sums = new LinkedHashMap<>();
        graph.parameters().forEach((name, weight) -> sums.put(name, new float[Math.toIntExact(weight.size())]));
        for (int i = 0; i < rows; i++) {
            int row = i;
            GradientScope.recording(graph, scope -> {
                scope.backward(loss.of(scope, row));
                graph.parameters().forEach((name, weight) -> addSquares(sums, name, weight, rows));
                return row;
            });
        }
        return sums;
    }

    private static void addSquares(Map<String, float[]> sums, String name, NDArray weight, int rows) {
        float[] sum = sums.get(name);
        NDArray gradient = weight.getGradient();
        if (gradient == null || sum == null) {
            return;
        }
        float[] values = gradient.toFloatArray();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += values[i] * values[i] / rows;
        }
        // Gradients add up; the next row begins at 0.
        gradient.subi(gradient);
    }
}
