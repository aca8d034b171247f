package io.headwater.learn.gradient;

import io.headwater.feature.FeatureSchema;
import io.headwater.feature.ModelSignature;
import io.headwater.graph.Cut;
import io.headwater.graph.Dim;
import io.headwater.graph.ElementType;
import io.headwater.graph.GraphBuilder;
import io.headwater.graph.GraphBuilder.Attribute;
import io.headwater.graph.HeadNames;
import io.headwater.graph.OnnxGraph;
import io.headwater.graph.TensorSpec;
import io.headwater.learn.SeededRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The source network for tabular events, with fresh weights: scaled numeric columns and embedded categories, side by
 * side, through two hidden layers to one logit, to which a running intercept is added, or to one for each class.
 *
 * <p>Where there are {@link NumericBins}, their shares stand beside the scaled columns.
 *
 * @param graph the network; its inputs are those of {@link ModelSignature}, its outputs those of {@link HeadNames}
 * @param anatomy where its parts are; the cuts are {@value #EMBEDDINGS}, {@value #FEATURES} and {@value #HIDDEN_0}
 */
record TabularNet(OnnxGraph graph, Anatomy anatomy) {
    /** Right of the scaling: embeddings train too. */
    static final String EMBEDDINGS = "embeddings";

    /** Right of scaling and embeddings: both hidden layers train. */
    static final String FEATURES = "features";

    /** Right of the first hidden layer: the second and the head train. */
    static final String HIDDEN_0 = "hidden.0";

    /** Scaled values are cut off here, so that a hostile value stays a value. */
    static final float MAX_SCALED = 8;

    private static final String MEAN = "scaler.mean";
    private static final String SCALE = "scaler.scale";
    private static final String INTERCEPT = "intercept";
    private static final Dim BATCH = Dim.dynamic("batch");

    /**
     * How large the network is.
     *
     * @param embedding width of a category's embedding
     * @param hidden0 width of the first hidden layer
     * @param hidden1 width of the second hidden layer
     */
    record Size(int embedding, int hidden0, int hidden1) {
        static final Size DEFAULT = new Size(8, 64, 32);
    }

    /** Embeddings start near zero: a category never seen in training must not be noise. */
    private static final double EMBEDDING_DEVIATION = 0.1;

    /** With one output. */
    static TabularNet fresh(FeatureSchema schema, Size size, float[] mean, float[] scale, SeededRandom random) {
        return fresh(schema, size, 1, mean, scale, NumericBins.NONE, random);
    }

    /** @param outputs 1 for a logit, else the number of classes */
    static TabularNet fresh(
            FeatureSchema schema,
            Size size,
            int outputs,
            float[] mean,
            float[] scale,
            NumericBins bins,
            SeededRandom random) {
        return new Layout(schema, size, outputs, bins, random).build(mean, scale);
    }

    private static final class Layout {
        private final GraphBuilder builder = new GraphBuilder("tabular");
        private final Map<String, Cut> cuts = new LinkedHashMap<>();
        private final List<List<String>> layers = new ArrayList<>();
        private final FeatureSchema schema;
        private final Size size;
        private final int outputs;
        private final NumericBins bins;
        private final SeededRandom random;

        Layout(FeatureSchema schema, Size size, int outputs, NumericBins bins, SeededRandom random) {
            this.schema = schema;
            this.size = size;
            this.outputs = outputs;
            this.bins = bins;
            this.random = random;
        }

        TabularNet build(float[] mean, float[] scale) {
            List<String> features = new ArrayList<>();
            List<String> embeddingCut = new ArrayList<>();
            int width = 0;
            if (schema.categoricalWidth() > 0) {
                features.add(embed());
                embeddingCut.add(ModelSignature.CATEGORICAL);
                width += schema.categoricalWidth() * size.embedding();
            }
            if (schema.numericWidth() > 0) {
                features.add(numbers(scaled(mean, scale)));
                embeddingCut.add(features.get(features.size() - 1));
                width += schema.numericWidth() * (1 + bins.count());
            }
            String x = features.size() == 1
                    ? features.get(0)
                    : builder.node("/features/Concat", "Concat", features, Attribute.of("axis", 1L));
            cuts.put(EMBEDDINGS, new Cut(embeddingCut));
            cuts.put(FEATURES, Cut.at(x));
            String hidden0 = hidden("hidden.0", x, width, size.hidden0());
            cuts.put(HIDDEN_0, Cut.at(hidden0));
            String hidden1 = hidden("hidden.1", hidden0, size.hidden0(), size.hidden1());
            String score = head(hidden1);
            boolean scaler = schema.numericWidth() > 0;
            return new TabularNet(
                    builder.build(),
                    new Anatomy(cuts, layers, hidden1, score, INTERCEPT, scaler ? MEAN : "", scaler ? SCALE : ""));
        }

        private String embed() {
            String indices = builder.input(TensorSpec.of(
                    ModelSignature.CATEGORICAL, ElementType.INT64, BATCH, Dim.of(schema.categoricalWidth())));
            float[] table = new float[Math.multiplyExact(schema.buckets(), size.embedding())];
            for (int i = 0; i < table.length; i++) {
                table[i] = (float) (EMBEDDING_DEVIATION * random.nextGaussian());
            }
            layers.add(List.of("embed.weight"));
            String weight = builder.floats("embed.weight", table, schema.buckets(), size.embedding());
            String rows = builder.node("/embed/Gather", "Gather", List.of(weight, indices), Attribute.of("axis", 0L));
            return builder.node("/embed/Flatten", "Flatten", List.of(rows), Attribute.of("axis", 1L));
        }

        /** {@code (x - mean) / scale}, 0 where missing, cut off at {@link #MAX_SCALED} standard deviations. */
        private String scaled(float[] mean, float[] scale) {
            int columns = schema.numericWidth();
            String x = builder.input(TensorSpec.of(ModelSignature.NUMERIC, ElementType.FLOAT, BATCH, Dim.of(columns)));
            String centered = builder.node("/scaler/Sub", "Sub", List.of(x, builder.floats(MEAN, mean, columns)));
            String divided =
                    builder.node("/scaler/Div", "Div", List.of(centered, builder.floats(SCALE, scale, columns)));
            String missing = builder.node("/scaler/IsNaN", "IsNaN", List.of(divided));
            String zero = builder.floats("scaler.zero", new float[1]);
            String filled = builder.node("/scaler/Where", "Where", List.of(missing, zero, divided));
            String min = builder.floats("scaler.min", new float[] {-MAX_SCALED});
            String max = builder.floats("scaler.max", new float[] {MAX_SCALED});
            return builder.node("/scaler/Clip", "Clip", List.of(filled, min, max));
        }

        /** Scaled values, and beside them their shares of bins where there are any. */
        private String numbers(String scaled) {
            if (bins.count() == 0) {
                return scaled;
            }
            long columns = schema.numericWidth();
            String axes = builder.longs("bins.axes", new long[] {2}, 1);
            String each = builder.node("/bins/Unsqueeze", "Unsqueeze", List.of(scaled, axes));
            String lower = builder.floats(NumericBins.LOWER, bins.lower(), columns, bins.count());
            String steepness = builder.floats(NumericBins.STEEPNESS, bins.steepness(), columns, bins.count());
            String above = builder.node("/bins/Sub", "Sub", List.of(each, lower));
            String shares = builder.node("/bins/Mul", "Mul", List.of(above, steepness));
            String none = builder.floats("bins.min", new float[] {0});
            String all = builder.floats("bins.max", new float[] {1});
            String clipped = builder.node("/bins/Clip", "Clip", List.of(shares, none, all));
            String flat = builder.node("/bins/Flatten", "Flatten", List.of(clipped), Attribute.of("axis", 1L));
            return builder.node("/bins/Concat", "Concat", List.of(scaled, flat), Attribute.of("axis", 1L));
        }

        private String hidden(String name, String x, int in, int out) {
            return builder.node("/" + name + "/Relu", "Relu", List.of(linear(name, x, in, out, true)));
        }

        private String linear(String name, String x, int in, int out, boolean randomBias) {
            String weight = builder.floats(name + ".weight", uniform(in * out, in), out, in);
            layers.add(0, List.of(name + ".weight", name + ".bias"));
            String bias = builder.floats(name + ".bias", randomBias ? uniform(out, in) : new float[out], out);
            return builder.node("/" + name + "/Gemm", "Gemm", List.of(x, weight, bias), Attribute.of("transB", 1L));
        }

        /** Uniform in ±1/sqrt(fan in): LeCun et al., Efficient BackProp (1998), as PyTorch starts its layers. */
        private float[] uniform(int count, int fanIn) {
            double bound = 1 / Math.sqrt(fanIn);
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = (float) (bound * (2 * random.nextDouble() - 1));
            }
            return values;
        }

        private String head(String hidden) {
            String column = linear("head", hidden, size.hidden1(), outputs, false);
            return outputs == 1 ? logit(column) : logits(column);
        }

        private String logits(String scores) {
            builder.nodeTo(HeadNames.LOGITS, "/head/Identity", "Identity", List.of(scores));
            builder.nodeTo(
                    HeadNames.PROBABILITIES,
                    "/head/Softmax",
                    "Softmax",
                    List.of(HeadNames.LOGITS),
                    Attribute.of("axis", 1L));
            builder.output(TensorSpec.of(HeadNames.LOGITS, ElementType.FLOAT, BATCH, Dim.of(outputs)));
            builder.output(TensorSpec.of(HeadNames.PROBABILITIES, ElementType.FLOAT, BATCH, Dim.of(outputs)));
            return scores;
        }

        private String logit(String column) {
            String axes = builder.longs("head.axes", new long[] {1}, 1);
            String score = builder.node("/head/Squeeze", "Squeeze", List.of(column, axes));
            String intercept = builder.floats(INTERCEPT, new float[1], 1);
            builder.nodeTo(ModelSignature.LOGIT, "/head/Add", "Add", List.of(score, intercept));
            builder.nodeTo(ModelSignature.PROBABILITY, "/head/Sigmoid", "Sigmoid", List.of(ModelSignature.LOGIT));
            builder.output(TensorSpec.of(ModelSignature.LOGIT, ElementType.FLOAT, BATCH));
            builder.output(TensorSpec.of(ModelSignature.PROBABILITY, ElementType.FLOAT, BATCH));
            return score;
        }
    }
}
