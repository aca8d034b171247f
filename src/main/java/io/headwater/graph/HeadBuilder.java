package io.headwater.graph;

import io.headwater.graph.GraphBuilder.Attribute;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Puts a new head on a hidden tensor of a backbone: pooling to one row of features for each row of the batch, then
 * linear layers with ReLU between them. What only the old outputs needed is left out.
 */
public final class HeadBuilder {
    private static final int AXES_ARE_INPUTS = 13;
    private static final String MASK = "mask";

    /**
     * One linear layer, {@code y = x W' + b}.
     *
     * @param weight {@code [outputs, inputs]}, row-major
     * @param bias {@code [outputs]}
     */
    public record Linear(float[] weight, float[] bias) {
        /**
         * Fresh layers for {@code width} features, the widths of the hidden ones as given. Weights and hidden biases are
         * uniform in ±1/sqrt(fan in), LeCun et al., Efficient BackProp (1998); the last biases are 0, so that a fresh
         * head prefers no class.
         */
        public static List<Linear> fresh(int width, List<Integer> hiddenWidths, int outputs, Random random) {
            List<Linear> layers = new ArrayList<>();
            int in = width;
            for (int hidden : hiddenWidths) {
                layers.add(
                        new Linear(uniform(Math.multiplyExact(in, hidden), in, random), uniform(hidden, in, random)));
                in = hidden;
            }
            layers.add(new Linear(uniform(Math.multiplyExact(in, outputs), in, random), new float[outputs]));
            return layers;
        }

        private static float[] uniform(int count, int fanIn, Random random) {
            double bound = 1 / Math.sqrt(fanIn);
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = (float) (bound * (2 * random.nextDouble() - 1));
            }
            return values;
        }
    }

    /** Where a head's weights are: in the file, or handed in at each run. */
    public enum Weights {
        INITIALIZERS,
        INPUTS
    }

    /**
     * A backbone with its new head.
     *
     * @param graph its outputs are the head's
     * @param features the pooled tensor that the head reads, {@code [batch, width]}: the cut at which the head alone
     *     trains
     * @param score what the last linear layer makes, {@code [batch]} of a {@linkplain #classifier classifier} of one
     *     output, before the intercept, else {@code [batch, outputs]}
     * @param weights names of the head's weights and biases, from the first layer on
     */
    public record Spliced(OnnxGraph graph, String features, String score, List<String> weights) {
        public Spliced {
            weights = List.copyOf(weights);
        }
    }

    private final OnnxGraph backbone;
    private final TensorSpec hidden;
    private final GraphBuilder added;
    private final String prefix;

    /**
     * @param hidden a tensor {@code [batch, width]}, {@code [batch, tokens, width]} or {@code [batch, channels, rows,
     *     columns]}, of float and with a fixed width
     * @throws GraphException if it is none of them
     */
    public HeadBuilder(OnnxGraph backbone, String hidden) {
        this.backbone = backbone;
        Map<String, TensorSpec> types = ShapeInference.of(backbone);
        TensorSpec spec = types.get(hidden);
        if (spec == null) {
            throw new GraphException("no head fits on '" + hidden
                    + "': its type cannot be inferred or it is not there; the nearest are "
                    + Names.nearest(hidden, types.keySet()));
        }
        int rank = spec.shape().size();
        if (spec.type() != ElementType.FLOAT
                || rank < 2
                || rank > 4
                || !widthOf(spec).isFixed()) {
            throw new GraphException(
                    "no head fits on " + spec
                            + "; allowed are float [batch, N], [batch, tokens, N] and [batch, N, rows, columns] with a known N");
        }
        this.hidden = spec;
        this.added = new GraphBuilder("head", backbone.opset());
        this.prefix = freeName();
    }

    private static Dim widthOf(TensorSpec spec) {
        return spec.shape().get(spec.shape().size() == 3 ? 2 : 1);
    }

    private String freeName() {
        Set<String> names = new HashSet<>(backbone.initializers().keySet());
        backbone.nodes().forEach(node -> {
            names.add(node.name());
            names.addAll(node.outputs());
        });
        String name = "head";
        for (int i = 1; taken(name, names); i++) {
            name = "head_" + i;
        }
        return name;
    }

    private static boolean taken(String name, Set<String> names) {
        return names.stream()
                .anyMatch(other ->
                        other.equals(name) || other.startsWith(name + ".") || other.startsWith("/" + name + "/"));
    }

    /** How many features the first linear layer reads. */
    public int width() {
        return Math.toIntExact(widthOf(hidden).size());
    }

    /**
     * The backbone with the head, whose output {@code [batch, outputs of the last layer]} is named {@code output}.
     *
     * @throws GraphException if the layers do not fit together or on {@link #width}
     */
    public Spliced splice(String output, List<Linear> layers, Weights where) {
        String features = pooled();
        List<String> weights = new ArrayList<>();
        stack(features, layers, output, weights);
        output(output, Dim.of(outputs(layers)));
        OnnxGraph graph = Joint.of(backbone, added.proto());
        return new Spliced(where == Weights.INPUTS ? graph.withInputsFor(weights) : graph, features, output, weights);
    }

    /**
     * The backbone with a classifying head, whose outputs are those that every exported model has: {@value
     * HeadNames#LOGIT} and {@value HeadNames#PROBABILITY}, each {@code [batch]}, where the last layer has one output,
     * the one-element {@value HeadNames#INTERCEPT} added to the score; else {@value HeadNames#LOGITS} and {@value
     * HeadNames#PROBABILITIES}, each {@code [batch, outputs]}.
     *
     * @throws GraphException if the layers do not fit together or on {@link #width}
     */
    public Spliced classifier(List<Linear> layers) {
        String features = pooled();
        List<String> weights = new ArrayList<>();
        int outputs = outputs(layers);
        if (outputs > 1) {
            stack(features, layers, HeadNames.LOGITS, weights);
            added.nodeTo(
                    HeadNames.PROBABILITIES,
                    "/" + prefix + "/Softmax",
                    "Softmax",
                    List.of(HeadNames.LOGITS),
                    Attribute.of("axis", 1L));
            output(HeadNames.LOGITS, Dim.of(outputs));
            output(HeadNames.PROBABILITIES, Dim.of(outputs));
            return new Spliced(Joint.of(backbone, added.proto()), features, HeadNames.LOGITS, weights);
        }
        String column = "/" + prefix + "/column";
        stack(features, layers, column, weights);
        String score = alongAxis("/" + prefix + "/Squeeze", "Squeeze", column, 1);
        String intercept = added.floats(HeadNames.INTERCEPT, new float[1], 1);
        added.nodeTo(HeadNames.LOGIT, "/" + prefix + "/Add", "Add", List.of(score, intercept));
        added.nodeTo(HeadNames.PROBABILITY, "/" + prefix + "/Sigmoid", "Sigmoid", List.of(HeadNames.LOGIT));
        output(HeadNames.LOGIT);
        output(HeadNames.PROBABILITY);
        return new Spliced(Joint.of(backbone, added.proto()), features, score, weights);
    }

    private static int outputs(List<Linear> layers) {
        if (layers.isEmpty()) {
            throw new GraphException("a head has at least one layer");
        }
        return layers.get(layers.size() - 1).bias().length;
    }

    private void output(String name, Dim... width) {
        List<Dim> shape = new ArrayList<>(List.of(hidden.shape().get(0)));
        shape.addAll(List.of(width));
        added.output(new TensorSpec(name, ElementType.FLOAT, shape));
    }

    /** Linear layers from {@code features} to {@code output}; adds the names of what they hold to {@code weights}. */
    private void stack(String features, List<Linear> layers, String output, List<String> weights) {
        String x = features;
        int width = width();
        for (int i = 0; i < layers.size(); i++) {
            Linear layer = layers.get(i);
            int outputs = layer.bias().length;
            if (outputs == 0 || layer.weight().length != (long) outputs * width) {
                throw new GraphException("layer " + i + " of the head has " + layer.weight().length + " weights for "
                        + width + " inputs and " + outputs + " outputs");
            }
            String name = prefix + "." + i;
            weights.add(added.floats(name + ".weight", layer.weight(), outputs, width));
            weights.add(added.floats(name + ".bias", layer.bias(), outputs));
            List<String> read = List.of(x, name + ".weight", name + ".bias");
            String node = "/" + prefix + "/" + i + "/Gemm";
            if (i == layers.size() - 1) {
                added.nodeTo(output, node, "Gemm", read, Attribute.of("transB", 1L));
            } else {
                String made = added.node(node, "Gemm", read, Attribute.of("transB", 1L));
                x = added.node("/" + prefix + "/" + i + "/Relu", "Relu", List.of(made));
            }
            width = outputs;
        }
    }

    private String pooled() {
        return switch (hidden.shape().size()) {
            case 3 -> meanOverTokens();
            case 4 -> {
                String pooled = added.node(node("GlobalAveragePool"), "GlobalAveragePool", List.of(hidden.name()));
                yield added.node(node("Flatten"), "Flatten", List.of(pooled), Attribute.of("axis", 1L));
            }
            default -> hidden.name();
        };
    }

    private String node(String op) {
        return "/" + prefix + "/pool/" + op;
    }

    /** The mean over the tokens that the attention mask leaves; over all where the model takes no mask. */
    private String meanOverTokens() {
        Optional<TensorSpec> mask = backbone.inputs().stream()
                .filter(input -> input.name().contains(MASK) && input.shape().size() == 2)
                .findFirst();
        if (mask.isEmpty()) {
            return added.node(
                    node("ReduceMean"),
                    "ReduceMean",
                    backbone.opset() < 18
                            ? List.of(hidden.name())
                            : List.of(hidden.name(), added.longs(prefix + ".axis", new long[] {1}, 1)),
                    backbone.opset() < 18
                            ? new Attribute[] {Attribute.of("keepdims", 0L), Attribute.of("axes", new long[] {1})}
                            : new Attribute[] {Attribute.of("keepdims", 0L)});
        }
        String real = added.node(
                node("Cast"), "Cast", List.of(mask.get().name()), Attribute.of("to", (long) ElementType.FLOAT.onnx()));
        String column = alongAxis(node("Unsqueeze"), "Unsqueeze", real, 2);
        String masked = added.node(node("Mul"), "Mul", List.of(hidden.name(), column));
        String sum = alongAxis(node("ReduceSum_of_tokens"), "ReduceSum", masked, 1, Attribute.of("keepdims", 0L));
        String tokens = alongAxis(node("ReduceSum_of_mask"), "ReduceSum", column, 1, Attribute.of("keepdims", 0L));
        // A row of padding alone has a mean of 0, not of 0/0.
        String least = added.floats(prefix + ".least", new float[] {1e-9f});
        String count = added.node(node("Max"), "Max", List.of(tokens, least));
        return added.node(node("Div"), "Div", List.of(sum, count));
    }

    /** An operator whose axes are an attribute before opset 13 and an input from then on. */
    private String alongAxis(String name, String op, String x, long axis, Attribute... more) {
        if (backbone.opset() >= AXES_ARE_INPUTS) {
            String axes = added.longs(name + ".axes", new long[] {axis}, 1);
            return added.node(name, op, List.of(x, axes), more);
        }
        List<Attribute> all = new ArrayList<>(List.of(more));
        all.add(Attribute.of("axes", new long[] {axis}));
        return added.node(name, op, List.of(x), all.toArray(new Attribute[0]));
    }
}
