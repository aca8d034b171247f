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
     * By the parameters' names, row-major, 0 for one that the loss does not depend on. A row whose squares are not all
     * finite is left out; without a row nothing is known to matter, and all is 0.
     *
     * @param rows how many rows there are
     */
    public static Map<String, float[]> of(TorchGraph graph, int rows, RowLoss loss) {
        Map<String, float[]> sums = new LinkedHashMap<>();
        graph.parameters().forEach((name, weight) -> sums.put(name, new float[Math.toIntExact(weight.size())]));
        int counted = 0;
        for (int i = 0; i < rows; i++) {
            int row = i;
            Map<String, float[]> gradients = GradientScope.recording(graph, scope -> {
                scope.backward(loss.of(scope, row));
                Map<String, float[]> found = gradients(graph);
                graph.clearGradients();
                return found;
            });
            if (gradients.values().stream().allMatch(FisherDiagonal::hasFiniteSquares)) {
                counted++;
                gradients.forEach((name, values) -> addSquares(sums, name, values, rows));
            }
        }
        if (counted > 0 && counted < rows) {
            float more = rows / (float) counted;
            sums.values().forEach(sum -> multiply(sum, more));
        }
        return sums;
    }

    private static Map<String, float[]> gradients(TorchGraph graph) {
        Map<String, float[]> gradients = new LinkedHashMap<>();
        graph.parameters().forEach((name, weight) -> {
            NDArray gradient = weight.getGradient();
            if (gradient != null) {
                gradients.put(name, gradient.toFloatArray());
            }
        });
        return gradients;
    }

    private static boolean hasFiniteSquares(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value * value)) {
                return false;
            }
        }
        return true;
    }

    private static void addSquares(Map<String, float[]> sums, String name, float[] values, int rows) {
        float[] sum = sums.get(name);
        for (int i = 0; sum != null && i < sum.length; i++) {
            sum[i] += values[i] * values[i] / rows;
        }
    }

    private static void multiply(float[] values, float factor) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
    }
}
