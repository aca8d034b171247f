package io.headwater.learn.online;

import io.headwater.feature.ModelSignature;
import io.headwater.graph.Dim;
import io.headwater.graph.ElementType;
import io.headwater.graph.GraphBuilder;
import io.headwater.graph.GraphBuilder.Attribute;
import io.headwater.graph.HeadNames;
import io.headwater.graph.OnnxGraph;
import io.headwater.graph.TensorSpec;
import io.headwater.learn.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A mixture as one ONNX graph of plain operators: columns, questions, cells, linear models, the stack. All that learning
 * changes is in initializers, so that {@link OnnxGraph#withInputsFor} makes a graph whose weights are handed in.
 */
final class MixtureGraph {
    /** The one output of a regression, {@code [batch]}. */
    static final String PREDICTION = "prediction";

    private static final Dim BATCH = Dim.dynamic("batch");

    private final GraphBuilder builder = new GraphBuilder("mixture");
    private final RowExpansion expansion;
    private final RowColumns columns;
    private final int outputs;
    private final List<String> logits = new ArrayList<>();
    private int members;

    private String categories = "";
    private String orders = "";
    private String scaledColumns = "";
    private final String plainColumns;

    MixtureGraph(RowExpansion expansion, int outputs) {
        this.expansion = expansion;
        this.columns = expansion.columns();
        this.outputs = outputs;
        this.plainColumns = columns.numeric() > 0 ? plain() : "";
        if (columns.categorical() > 0) {
            categories = builder.input(
                    TensorSpec.of(ModelSignature.CATEGORICAL, ElementType.INT64, BATCH, Dim.of(columns.categorical())));
        }
    }

    /** The numeric columns and their deviations from the recent means. */
    private String plain() {
        int width = columns.numeric();
        String numeric = builder.input(TensorSpec.of(ModelSignature.NUMERIC, ElementType.FLOAT, BATCH, Dim.of(width)));
        List<String> parts = new ArrayList<>(List.of(numeric));
        for (int i = 0; i < columns.trends(); i++) {
            float[] means = Arrays.copyOfRange(expansion.trendMeans(), i * width, (i + 1) * width);
            String mean = builder.floats("trends." + i, means, width);
            parts.add(builder.node("/trends/" + i + "/Sub", "Sub", List.of(numeric, mean)));
        }
        return parts.size() == 1 ? numeric : concat("/columns/Concat", parts);
    }

    private String concat(String name, List<String> parts) {
        return builder.node(name, "Concat", parts, Attribute.of("axis", 1L));
    }

    /** Columns less their means, in deviations, 0 where missing, far ones brought nearer; made once. */
    private String scaled() {
        if (scaledColumns.isEmpty()) {
            scaledColumns = scale();
        }
        return scaledColumns;
    }

    private String scale() {
        int width = columns.labelsAt();
        float[] inverse = new float[width];
        for (int i = 0; i < width; i++) {
            inverse[i] = 1 / expansion.scale()[i];
        }
        String mean = builder.floats("scaler.mean", Arrays.copyOf(expansion.mean(), width), width);
        String centered = builder.node("/scaler/Sub", "Sub", List.of(plainColumns, mean));
        String factor = builder.floats("scaler.factor", inverse, width);
        String made = builder.node("/scaler/Mul", "Mul", List.of(centered, factor));
        String missing = builder.node("/scaler/IsNaN", "IsNaN", List.of(made));
        String zero = builder.floats("scaler.zero", new float[1]);
        String filled = builder.node("/scaler/Where", "Where", List.of(missing, zero, made));
        String plain = clipped("plain", filled, -RowExpansion.PLAIN_SCALED, RowExpansion.PLAIN_SCALED);
        String size = builder.node("/scaler/Abs", "Abs", List.of(filled));
        String far = clipped("far", size, RowExpansion.PLAIN_SCALED, RowExpansion.MAX_SCALED);
        String unit = builder.floats("scaler.plain", new float[] {RowExpansion.PLAIN_SCALED});
        String ratio = builder.node("/scaler/Div", "Div", List.of(far, unit));
        String beyond = builder.node("/scaler/Log", "Log", List.of(ratio));
        String one = builder.floats("scaler.one", new float[] {1});
        String stretch = builder.node("/scaler/Add", "Add", List.of(beyond, one));
        return builder.node("/scaler/Stretch", "Mul", List.of(plain, stretch));
    }

    private String clipped(String name, String tensor, float min, float max) {
        String from = builder.floats("scaler." + name + ".min", new float[] {min});
        String to = builder.floats("scaler." + name + ".max", new float[] {max});
        return builder.node("/scaler/" + name + "/Clip", "Clip", List.of(tensor, from, to));
    }

    /** Adds the linear members; what recent labels say is the same for every row, and so a part of the intercepts. */
    void linear(LinearBank bank, int buckets) {
        int width = columns.labelsAt();
        int many = LinearBank.MEMBERS * outputs;
        float[] weights = new float[width * many];
        float[] intercepts = new float[many];
        float[] table = new float[buckets * many];
        float[] labels = scaledLabels();
        for (int i = 0; i < many; i++) {
            float[] weight = bank.weights()[i];
            for (int column = 0; column < width; column++) {
                weights[column * many + i] = weight[column];
            }
            intercepts[i] = weight[columns.linear()];
            for (int label = 0; label < labels.length; label++) {
                intercepts[i] += weight[width + label] * labels[label];
            }
            for (int bucket = 0; bucket < buckets; bucket++) {
                table[bucket * many + i] = weight[columns.linear() + 1 + bucket];
            }
        }
        String sum = builder.floats("linear.intercept", intercepts, many);
        if (width > 0) {
            String weight = builder.floats("linear.weight", weights, width, many);
            String product = builder.node("/linear/MatMul", "MatMul", List.of(scaled(), weight));
            sum = builder.node("/linear/Add", "Add", List.of(product, sum));
        }
        if (buckets > 0) {
            String rows = builder.floats("linear.categories", table, buckets, many);
            String found =
                    builder.node("/linear/Gather", "Gather", List.of(rows, categories), Attribute.of("axis", 0L));
            sum = builder.node("/linear/AddCategories", "Add", List.of(sum(found, "/linear/ReduceSum"), sum));
        }
        add(sum, LinearBank.MEMBERS);
    }

    /** Adds the net's members; they take no notice of deviations, so the weights of those are 0 here. */
    void net(NetMember net) {
        List<String> inputs = new ArrayList<>();
        if (columns.labelsAt() > 0) {
            inputs.add(scaled());
        }
        if (net.inputs() > columns.numeric()) {
            long buckets = net.embeddings().length / NetMember.EMBEDDING;
            String table = builder.floats("net.embeddings", net.embeddings(), buckets, NetMember.EMBEDDING);
            String found = builder.node("/net/Gather", "Gather", List.of(table, categories), Attribute.of("axis", 0L));
            inputs.add(reshaped("/net/Embeddings", found, -1, net.inputs() - columns.numeric()));
        }
        String input = inputs.size() == 1 ? inputs.get(0) : concat("/net/Concat", inputs);
        add(net("net", input, net.layers(false)), 1);
        add(net("average", input, net.layers(true)), 1);
    }

    private String net(String name, String input, NetMember.Layers layers) {
        int own = columns.numeric() * NetShape.HIDDEN_0;
        int padding = columns.deviations() * NetShape.HIDDEN_0;
        float[] all = layers.weights0();
        float[] padded = new float[all.length + padding];
        System.arraycopy(all, 0, padded, 0, own);
        System.arraycopy(all, own, padded, own + padding, all.length - own);
        String hidden0 = relu(name + "/0", gemm(name + ".hidden.0", input, padded, layers.bias0()));
        String hidden1 = relu(name + "/1", gemm(name + ".hidden.1", hidden0, layers.weights1(), layers.bias1()));
        return gemm(name + ".output", hidden1, layers.weights2(), layers.bias2());
    }

    private String relu(String name, String tensor) {
        return builder.node("/" + name + "/Relu", "Relu", List.of(tensor));
    }

    private String gemm(String name, String input, float[] weights, float[] bias) {
        String weight = builder.floats(name + ".weight", weights, weights.length / bias.length, bias.length);
        String intercept = builder.floats(name + ".bias", bias, bias.length);
        return builder.node("/" + name + "/Gemm", "Gemm", List.of(input, weight, intercept));
    }

    private float[] scaledLabels() {
        float[] expanded = new float[columns.width()];
        float[] scaled = new float[columns.linear()];
        System.arraycopy(expansion.labelMeans(), 0, expanded, columns.labelsAt(), columns.labels());
        expansion.scaled(expanded, scaled);
        return Arrays.copyOfRange(scaled, columns.labelsAt(), columns.linear());
    }

    /** Over the second of three dimensions. */
    private String sum(String tensor, String name) {
        String axis = builder.longs(name + "/axis", new long[] {1}, 1);
        return builder.node(name, "ReduceSum", List.of(tensor, axis), Attribute.of("keepdims", 0L));
    }

    /** Adds the ferns' members. */
    void ferns(FernBank bank) {
        List<String> parts = new ArrayList<>();
        int[] asked = bank.questionColumns();
        long[] places = new long[asked.length];
        boolean plain = !plainColumns.isEmpty();
        if (plain) {
            parts.add(plainColumns);
        }
        if (columns.categorical() > 0) {
            parts.add(orders());
        }
        for (int i = 0; i < asked.length; i++) {
            places[i] = asked[i] < columns.labelsAt() ? asked[i] : asked[i] - columns.labels();
        }
        String all = parts.size() == 1 ? parts.get(0) : concat("/ferns/Concat", parts);
        String which = builder.longs("ferns.columns", places, places.length);
        String values = builder.node("/ferns/Gather", "Gather", List.of(all, which), Attribute.of("axis", 1L));
        String threshold = builder.floats("ferns.thresholds", bank.thresholds(), places.length);
        String above = builder.node("/ferns/Greater", "Greater", List.of(values, threshold));
        String bits = builder.node("/ferns/Cast", "Cast", List.of(above), Attribute.of("to", ElementType.FLOAT.onnx()));
        cells(bank, bits);
    }

    /** Each categorical column in its random orders, -1 where missing. */
    private String orders() {
        int width = columns.categorical();
        String last = builder.longs("orders.axis", new long[] {2}, 1);
        String column = builder.node("/orders/Unsqueeze", "Unsqueeze", List.of(categories, last));
        String multipliers = builder.longs("orders.multipliers", RowExpansion.ORDER_MULTIPLIERS, RowColumns.ORDERS);
        String product = builder.node("/orders/Mul", "Mul", List.of(column, multipliers));
        String prime = builder.longs("orders.prime", new long[] {RowExpansion.ORDER_PRIME}, 1);
        String rest = builder.node("/orders/Mod", "Mod", List.of(product, prime));
        String zero = builder.longs("orders.zero", new long[1], 1);
        String missing = builder.node("/orders/Equal", "Equal", List.of(column, zero));
        String none = builder.longs("orders.none", new long[] {-1}, 1);
        String placed = builder.node("/orders/Where", "Where", List.of(missing, none, rest));
        String number =
                builder.node("/orders/Cast", "Cast", List.of(placed), Attribute.of("to", ElementType.FLOAT.onnx()));
        return reshaped("/orders/Reshape", number, -1, (long) width * RowColumns.ORDERS);
    }

    private String reshaped(String name, String tensor, long... shape) {
        String to = builder.longs(name + "/shape", shape, shape.length);
        return builder.node(name, "Reshape", List.of(tensor, to));
    }

    /** Answers to numbers of cells, by a product with powers of two; exact in a float. */
    private void cells(FernBank bank, String bits) {
        int ferns = bank.ferns();
        String answers = reshaped("/ferns/Answers", bits, -1, ferns, FernBank.DEPTH);
        for (int depth : FernBank.DEPTHS) {
            String level = "ferns.depth" + depth;
            float[] powers = new float[FernBank.DEPTH];
            for (int i = 0; i < depth; i++) {
                powers[i] = 1 << (depth - 1 - i);
            }
            float[] first = new float[ferns];
            for (int i = 0; i < ferns; i++) {
                first[i] = i << depth;
            }
            String power = builder.floats(level + ".powers", powers, FernBank.DEPTH, 1);
            String number = builder.node("/" + level + "/MatMul", "MatMul", List.of(answers, power));
            String flat = reshaped("/" + level + "/Reshape", number, -1, ferns);
            String from = builder.floats(level + ".first", first, ferns);
            String cell = builder.node("/" + level + "/Add", "Add", List.of(flat, from));
            String place = builder.node(
                    "/" + level + "/Cast", "Cast", List.of(cell), Attribute.of("to", ElementType.INT64.onnx()));
            String table = builder.floats(level + ".weights", bank.weights(depth), (long) ferns << depth, 2L * outputs);
            String found =
                    builder.node("/" + level + "/Gather", "Gather", List.of(table, place), Attribute.of("axis", 0L));
            add(sum(found, "/" + level + "/ReduceSum"), 2);
        }
    }

    private void add(String tensor, int count) {
        logits.add(tensor);
        members += count;
    }

    /** The whole graph, once every member was added in the order in which the stack knows them. */
    OnnxGraph stacked(Stack stack, Task task, float mean, float scale) {
        String all = logits.size() == 1 ? logits.get(0) : concat("/stack/Concat", logits);
        String min = builder.floats("stack.min", new float[] {-Stack.MAX_LOGIT});
        String max = builder.floats("stack.max", new float[] {Stack.MAX_LOGIT});
        String cut = builder.node("/stack/Clip", "Clip", List.of(all, min, max));
        if (task == Task.CLASSES) {
            String each = reshaped("/stack/Reshape", cut, -1, members, outputs);
            String weight = builder.floats("stack.weight", stack.weights(), members, 1);
            String weighed = builder.node("/stack/Mul", "Mul", List.of(each, weight));
            String intercept = builder.floats(HeadNames.INTERCEPT, stack.intercepts(), outputs);
            builder.nodeTo(HeadNames.LOGITS, "/stack/Add", "Add", List.of(sum(weighed, "/stack/ReduceSum"), intercept));
            builder.nodeTo(
                    HeadNames.PROBABILITIES,
                    "/stack/Softmax",
                    "Softmax",
                    List.of(HeadNames.LOGITS),
                    Attribute.of("axis", 1L));
            output(HeadNames.LOGITS, Dim.of(outputs));
            output(HeadNames.PROBABILITIES, Dim.of(outputs));
            return builder.build();
        }
        String weight = builder.floats("stack.weight", stack.weights(), members, 1);
        String product = builder.node("/stack/MatMul", "MatMul", List.of(cut, weight));
        String flat = reshaped("/stack/Reshape", product, -1);
        String intercept = builder.floats(HeadNames.INTERCEPT, stack.intercepts(), 1);
        if (task == Task.BINARY) {
            builder.nodeTo(HeadNames.LOGIT, "/stack/Add", "Add", List.of(flat, intercept));
            builder.nodeTo(HeadNames.PROBABILITY, "/stack/Sigmoid", "Sigmoid", List.of(HeadNames.LOGIT));
            output(HeadNames.LOGIT);
            output(HeadNames.PROBABILITY);
            return builder.build();
        }
        String deviations = builder.node("/stack/Add", "Add", List.of(flat, intercept));
        String factor = builder.floats("label.scale", new float[] {scale}, 1);
        String scaled = builder.node("/label/Mul", "Mul", List.of(deviations, factor));
        String centre = builder.floats("label.mean", new float[] {mean}, 1);
        builder.nodeTo(PREDICTION, "/label/Add", "Add", List.of(scaled, centre));
        output(PREDICTION);
        return builder.build();
    }

    private void output(String name, Dim... width) {
        List<Dim> shape = new ArrayList<>(List.of(BATCH));
        shape.addAll(List.of(width));
        builder.output(new TensorSpec(name, ElementType.FLOAT, shape));
    }
}
