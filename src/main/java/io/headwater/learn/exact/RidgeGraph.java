package io.headwater.learn.exact;

import io.headwater.feature.ModelSignature;
import io.headwater.graph.Dim;
import io.headwater.graph.ElementType;
import io.headwater.graph.GraphBuilder;
import io.headwater.graph.HeadNames;
import io.headwater.graph.OnnxGraph;
import io.headwater.graph.TensorSpec;
import io.headwater.learn.Task;
import io.headwater.learn.calibration.LogitMap;
import java.util.List;

/** Writes an exact learner as a graph: scaling, the random layer if there is one, and the linear model, calibrated. */
final class RidgeGraph {
    private static final Dim BATCH = Dim.dynamic("batch");

    private final GraphBuilder builder = new GraphBuilder("ridge");

    /** {@code (x - mean) / scale} cut off at {@code limit}, 0 where missing: {@code [batch, columns]}. */
    String scaled(float[] mean, float[] scale, float limit) {
        int columns = mean.length;
        String x = builder.input(TensorSpec.of(ModelSignature.NUMERIC, ElementType.FLOAT, BATCH, Dim.of(columns)));
        String centered = builder.node("/scaler/Sub", "Sub", List.of(x, builder.floats("scaler.mean", mean, columns)));
        String divided =
                builder.node("/scaler/Div", "Div", List.of(centered, builder.floats("scaler.scale", scale, columns)));
        String missing = builder.node("/scaler/IsNaN", "IsNaN", List.of(divided));
        String zero = builder.floats("scaler.zero", new float[1]);
        String filled = builder.node("/scaler/Where", "Where", List.of(missing, zero, divided));
        String min = builder.floats("scaler.min", new float[] {-limit});
        String max = builder.floats("scaler.max", new float[] {limit});
        return builder.node("/scaler/Clip", "Clip", List.of(filled, min, max));
    }

    /** {@code [batch, features]}. */
    String projected(String x, RandomFeatures random) {
        int features = random.bias().length;
        String weight = builder.floats("random.weight", random.weights(), random.weights().length / features, features);
        String bias = builder.floats("random.bias", random.bias(), features);
        return builder.node(
                "/random/Relu", "Relu", List.of(builder.node("/random/Gemm", "Gemm", List.of(x, weight, bias))));
    }

    /** The graph whose outputs are those of the task on {@code features}, {@code map} taken of each logit. */
    OnnxGraph build(Task task, String features, LinearSolution solution, LogitMap map) {
        int outputs = solution.bias().length;
        float[] weights = solution.weights().clone();
        float[] bias = solution.bias().clone();
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) (map.scale() * weights[i]);
        }
        for (int i = 0; i < outputs; i++) {
            bias[i] = (float) map.apply(bias[i]);
        }
        String weight = builder.floats("head.weight", weights, weights.length / outputs, outputs);
        String scores = builder.node(
                "/head/Gemm", "Gemm", List.of(features, weight, builder.floats("head.bias", bias, outputs)));
        switch (task) {
            case BINARY -> binary(scores);
            case CLASSES -> classes(scores, outputs);
            case SQUARED, HUBER -> number(scores);
        }
        return builder.build();
    }

    private List<String> squeezed(String scores) {
        return List.of(scores, builder.longs("head.axes", new long[] {1}, 1));
    }

    private void number(String scores) {
        builder.nodeTo(RidgeLearner.VALUE, "/head/Squeeze", "Squeeze", squeezed(scores));
        builder.output(TensorSpec.of(RidgeLearner.VALUE, ElementType.FLOAT, BATCH));
    }

    private void binary(String scores) {
        builder.nodeTo(HeadNames.LOGIT, "/head/Squeeze", "Squeeze", squeezed(scores));
        builder.nodeTo(HeadNames.PROBABILITY, "/head/Sigmoid", "Sigmoid", List.of(HeadNames.LOGIT));
        builder.output(TensorSpec.of(HeadNames.LOGIT, ElementType.FLOAT, BATCH));
        builder.output(TensorSpec.of(HeadNames.PROBABILITY, ElementType.FLOAT, BATCH));
    }

    private void classes(String scores, int outputs) {
        builder.nodeTo(HeadNames.LOGITS, "/head/Identity", "Identity", List.of(scores));
        builder.nodeTo(
                HeadNames.PROBABILITIES,
                "/head/Softmax",
                "Softmax",
                List.of(HeadNames.LOGITS),
                GraphBuilder.Attribute.of("axis", 1L));
        builder.output(TensorSpec.of(HeadNames.LOGITS, ElementType.FLOAT, BATCH, Dim.of(outputs)));
        builder.output(TensorSpec.of(HeadNames.PROBABILITIES, ElementType.FLOAT, BATCH, Dim.of(outputs)));
    }
}
