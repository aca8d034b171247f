package io.headwater.learn.adapt.training;

import io.headwater.graph.Backbone;
import io.headwater.graph.Dim;
import io.headwater.graph.ElementType;
import io.headwater.graph.GraphBuilder;
import io.headwater.graph.GraphBuilder.Attribute;
import io.headwater.graph.HeadNames;
import io.headwater.graph.OnnxGraph;
import io.headwater.graph.TensorSpec;
import io.headwater.learn.SeededRandom;
import java.util.List;
import java.util.Map;

/**
 * A net with a layer in which two domains can be aligned.
 *
 * @param graph reads the rows' tensors
 * @param features the layer to align, {@code [batch, width]}; weights left of it train
 * @param score {@code [batch]}, or {@code [batch, classes]}
 * @param weights names of the initializers that train
 */
public record AdaptNet(OnnxGraph graph, String features, String score, List<String> weights) {
    /** Name of the input of {@link #mlp}. */
    public static final String ROWS = "numeric";

    private static final Dim BATCH = Dim.dynamic("batch");

    public AdaptNet {
        weights = List.copyOf(weights);
    }

    /**
     * The trainable part of a backbone.
     *
     * @throws IllegalArgumentException if nothing left of the features trains
     */
    public static AdaptNet of(Backbone backbone) {
        boolean frozen = backbone.split().frontier().stream()
                .anyMatch(tensor -> tensor.name().equals(backbone.features()));
        if (frozen) {
            throw new IllegalArgumentException("the cut is at the features '" + backbone.features()
                    + "' themselves: all that could be aligned is frozen and has no gradient, so the term would do"
                    + " nothing; a deeper cut is needed, such as last:1");
        }
        return new AdaptNet(backbone.split().suffix(), backbone.features(), backbone.score(), backbone.weights());
    }

    /**
     * A net of one hidden layer, with the outputs {@code logit} and {@code probability} {@code [batch]} of two classes,
     * or {@code logits} and {@code probabilities} {@code [batch, classes]}.
     *
     * @param columns of a row
     * @param hidden width of the hidden layer, the one to align
     * @param squaredNorm of a row, on average
     */
    public static AdaptNet mlp(int columns, int hidden, int classes, double squaredNorm, SeededRandom random) {
        GraphBuilder builder = new GraphBuilder("adapt");
        String x = builder.input(TensorSpec.of(ROWS, ElementType.FLOAT, BATCH, Dim.of(columns)));
        int outputs = classes == 2 ? 1 : classes;
        Linear first = Linear.fresh(columns, hidden, squaredNorm, random);
        Linear second = Linear.fresh(hidden, outputs, hidden, random);
        String features = hidden(builder, x, first);
        String score = head(builder, features, second);
        return new AdaptNet(
                builder.build(), features, score, List.of("hidden.weight", "hidden.bias", "head.weight", "head.bias"));
    }

    /**
     * A linear model with the same outputs; what could be aligned is the rows themselves.
     *
     * @param weight {@code [columns, outputs]}, row-major, of two classes one output
     * @param bias {@code [outputs]}
     */
    public static AdaptNet linear(float[] weight, float[] bias) {
        int columns = weight.length / bias.length;
        float[] transposed = new float[weight.length];
        for (int i = 0; i < weight.length; i++) {
            transposed[i % bias.length * columns + i / bias.length] = weight[i];
        }
        GraphBuilder builder = new GraphBuilder("adapt");
        String x = builder.input(TensorSpec.of(ROWS, ElementType.FLOAT, BATCH, Dim.of(columns)));
        String rows = builder.node("/rows/Identity", "Identity", List.of(x));
        String score = head(builder, rows, new Linear(transposed, bias));
        return new AdaptNet(builder.build(), rows, score, List.of("head.weight", "head.bias"));
    }

    /**
     * The same net, one that {@link #mlp} or {@link #linear} made, with other logits: {@code scale * logit + shift}.
     *
     * @param shift {@code [outputs]}
     */
    public AdaptNet mapped(double scale, double[] shift) {
        Linear head = layer("head");
        float[] weight = head.weight().clone();
        float[] bias = head.bias().clone();
        for (int i = 0; i < weight.length; i++) {
            weight[i] = (float) (scale * weight[i]);
        }
        for (int i = 0; i < bias.length; i++) {
            bias[i] = (float) (scale * bias[i] + shift[i]);
        }
        return with(Map.of("head.weight", weight, "head.bias", bias));
    }

    /**
     * The layers of this net, one that {@link #mlp} or {@link #linear} made, behind what a graph has already.
     *
     * @param rows a tensor of the graph, {@code [batch, columns]}, in place of the input
     */
    public void addTo(GraphBuilder builder, String rows) {
        boolean deep = weights.contains("hidden.weight");
        head(builder, deep ? hidden(builder, rows, layer("hidden")) : rows, layer("head"));
    }

    private Linear layer(String name) {
        return new Linear(
                graph.initializer(name + ".weight").floats(),
                graph.initializer(name + ".bias").floats());
    }

    private static String hidden(GraphBuilder builder, String x, Linear layer) {
        return builder.node("/hidden/Relu", "Relu", List.of(layer.addTo(builder, "hidden", x)));
    }

    private static String head(GraphBuilder builder, String features, Linear layer) {
        String out = layer.addTo(builder, "head", features);
        return layer.outputs() == 1 ? logit(builder, out) : logits(builder, out, layer.outputs());
    }

    /**
     * {@code y = x W' + b}.
     *
     * @param weight {@code [outputs, inputs]}, row-major
     */
    private record Linear(float[] weight, float[] bias) {
        /**
         * Uniform in ±sqrt(3 / squared norm), so that sums are around 1 as LeCun et al., Efficient BackProp (1998), want
         * them: their fan-in is the squared norm of a row of standardized columns, and rows of counts are much shorter.
         */
        static Linear fresh(int in, int out, double squaredNorm, SeededRandom random) {
            return new Linear(uniform(in * out, Math.sqrt(3 / squaredNorm), random), new float[out]);
        }

        int outputs() {
            return bias.length;
        }

        String addTo(GraphBuilder builder, String name, String x) {
            String weights = builder.floats(name + ".weight", weight, outputs(), weight.length / outputs());
            String biases = builder.floats(name + ".bias", bias, outputs());
            return builder.node("/" + name + "/Gemm", "Gemm", List.of(x, weights, biases), Attribute.of("transB", 1L));
        }
    }

    private static String logit(GraphBuilder builder, String column) {
        String axes = builder.longs("head.axes", new long[] {1}, 1);
        builder.nodeTo(HeadNames.LOGIT, "/head/Squeeze", "Squeeze", List.of(column, axes));
        builder.nodeTo(HeadNames.PROBABILITY, "/head/Sigmoid", "Sigmoid", List.of(HeadNames.LOGIT));
        builder.output(TensorSpec.of(HeadNames.LOGIT, ElementType.FLOAT, BATCH));
        builder.output(TensorSpec.of(HeadNames.PROBABILITY, ElementType.FLOAT, BATCH));
        return HeadNames.LOGIT;
    }

    private static String logits(GraphBuilder builder, String columns, int classes) {
        builder.nodeTo(HeadNames.LOGITS, "/head/Identity", "Identity", List.of(columns));
        builder.nodeTo(
                HeadNames.PROBABILITIES,
                "/head/Softmax",
                "Softmax",
                List.of(HeadNames.LOGITS),
                Attribute.of("axis", 1L));
        builder.output(TensorSpec.of(HeadNames.LOGITS, ElementType.FLOAT, BATCH, Dim.of(classes)));
        builder.output(TensorSpec.of(HeadNames.PROBABILITIES, ElementType.FLOAT, BATCH, Dim.of(classes)));
        return HeadNames.LOGITS;
    }

    private static float[] uniform(int count, double bound, SeededRandom random) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
        return values;
    }

    /** The same net with other weights, by name. */
    public AdaptNet with(Map<String, float[]> values) {
        return new AdaptNet(graph.withInitializers(values), features, score, weights);
    }
}
