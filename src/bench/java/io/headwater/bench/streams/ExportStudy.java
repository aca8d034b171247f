package io.headwater.bench.streams;

import io.headwater.feature.ModelSignature;
import io.headwater.graph.Dim;
import io.headwater.graph.ElementType;
import io.headwater.graph.GraphBuilder;
import io.headwater.graph.HeadNames;
import io.headwater.graph.Initializer;
import io.headwater.graph.OnnxGraph;
import io.headwater.graph.TensorSpec;
import io.headwater.learn.OnlineRow;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.Task;
import io.headwater.learn.online.MixtureLearner;
import io.headwater.learn.online.MixtureSettings;
import io.headwater.ort.InferenceSession;
import io.headwater.ort.TensorBuffers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A mixture in ONNX Runtime: how near its scores are to the learner's, what a batch of 256 takes beside a net of as many
 * weights, and what it takes to go on with other weights that are inputs of the same session. No arguments.
 */
final class ExportStudy {
    private static final int COLUMNS = 30;
    private static final int ROWS = 256;
    private static final int LEARNED = 30_000;
    private static final int RUNS = 2_000;

    private final FloatBuffer numeric = direct(ROWS * COLUMNS * Float.BYTES).asFloatBuffer();
    private final FloatBuffer logits = direct(ROWS * Float.BYTES).asFloatBuffer();

    private ExportStudy() {}

    public static void main(String[] args) {
        new ExportStudy().run();
    }

    private void run() {
        SeededRandom random = new SeededRandom(1);
        MixtureLearner learner = new MixtureLearner(Task.BINARY, COLUMNS, 0, 0, MixtureSettings.of(1));
        learn(learner, random, LEARNED);
        OnnxGraph graph = learner.graph();
        OnnxGraph open = graph.withInputsFor(weights(graph));
        OnlineRow row = new OnlineRow(COLUMNS, 0);
        float[] out = new float[1];
        float[] expected = new float[ROWS];
        for (int i = 0; i < ROWS; i++) {
            fill(row, random);
            numeric.put(i * COLUMNS, row.numeric());
            learner.score(row, out);
            expected[i] = out[0];
        }
        double mixture = timed(graph.toBytes(), new TensorBuffers());
        double worst = worst(expected);
        int parameters = weights(graph).stream()
                .mapToInt(name -> graph.initializer(name).size())
                .sum();
        System.out.printf(
                Locale.ROOT,
                "mixture: %,d weights, %,d bytes; batch of %d: median %.1f us; largest difference "
                        + "from the learner's logit %.2g%n",
                parameters,
                graph.toBytes().length,
                ROWS,
                mixture,
                worst);
        OnnxGraph net = net(parameters, random);
        System.out.printf(
                Locale.ROOT,
                "net of three layers: %,d weights, %,d bytes; batch of %d: median %.1f us%n",
                net.initializers().values().stream().mapToInt(Initializer::size).sum(),
                net.toBytes().length,
                ROWS,
                timed(net.toBytes(), new TensorBuffers()));
        learn(learner, random, 1_000);
        swap(open, graph, learner.graph());
    }

    private void learn(MixtureLearner learner, SeededRandom random, int rows) {
        OnlineRow row = new OnlineRow(COLUMNS, 0);
        float[] out = new float[1];
        float[] memo = new float[learner.memoLength()];
        for (int i = 0; i < rows; i++) {
            fill(row, random);
            learner.arrive(row, out, memo);
            learner.learn(row, memo, row.numeric()[0] * row.numeric()[1] + row.numeric()[2] > 0 ? 1 : 0, 1);
        }
    }

    private static void fill(OnlineRow row, SeededRandom random) {
        for (int i = 0; i < COLUMNS; i++) {
            row.numeric()[i] = (float) random.nextGaussian();
        }
    }

    /** Names of what learning changes. */
    private static List<String> weights(OnnxGraph graph) {
        return graph.initializers().keySet().stream()
                .filter(name -> name.startsWith("trends.")
                        || name.startsWith("linear.")
                        || name.endsWith(".weights")
                        || List.of(
                                        "scaler.mean",
                                        "scaler.factor",
                                        "ferns.columns",
                                        "ferns.thresholds",
                                        "stack.weight",
                                        HeadNames.INTERCEPT)
                                .contains(name))
                .filter(name -> !name.endsWith("/axis"))
                .toList();
    }

    /** Microseconds of a batch, the median. */
    private double timed(byte[] onnx, TensorBuffers in) {
        try (InferenceSession session = InferenceSession.load(onnx);
                in;
                TensorBuffers made = new TensorBuffers()) {
            in.floats(ModelSignature.NUMERIC, numeric, COLUMNS);
            made.floats(HeadNames.LOGIT, logits);
            double[] micros = new double[RUNS];
            for (int i = -RUNS / 4; i < RUNS; i++) {
                long begun = System.nanoTime();
                session.run(in, made, ROWS);
                if (i >= 0) {
                    micros[i] = (System.nanoTime() - begun) / 1e3;
                }
            }
            Arrays.sort(micros);
            return micros[RUNS / 2];
        }
    }

    private double worst(float[] expected) {
        double worst = 0;
        for (int i = 0; i < ROWS; i++) {
            worst = Math.max(worst, Math.abs(expected[i] - logits.get(i)));
        }
        return worst;
    }

    /** Two sets of weights in turn through one session. */
    private void swap(OnnxGraph open, OnnxGraph one, OnnxGraph other) {
        try (InferenceSession session = InferenceSession.load(open.toBytes());
                TensorBuffers made = new TensorBuffers()) {
            made.floats(HeadNames.LOGIT, logits);
            double[] binding = new double[RUNS];
            double[] first = new double[RUNS];
            for (int i = 0; i < RUNS; i++) {
                OnnxGraph graph = i % 2 == 0 ? one : other;
                TensorBuffers in = handedIn(graph);
                in.floats(ModelSignature.NUMERIC, numeric, COLUMNS);
                long begun = System.nanoTime();
                session.shapes(in, ROWS);
                binding[i] = (System.nanoTime() - begun) / 1e3;
                long ran = System.nanoTime();
                session.run(in, made, ROWS);
                first[i] = (System.nanoTime() - ran) / 1e3;
                in.close();
            }
            Arrays.sort(binding);
            Arrays.sort(first);
            System.out.printf(
                    Locale.ROOT,
                    "other weights by input: bind and run a first time, median %.1f us, p99 %.1f us; "
                            + "the next batch of %d, median %.1f us%n",
                    binding[RUNS / 2],
                    binding[RUNS * 99 / 100],
                    ROWS,
                    first[RUNS / 2]);
        }
    }

    private static TensorBuffers handedIn(OnnxGraph graph) {
        TensorBuffers in = new TensorBuffers();
        for (String name : weights(graph)) {
            Initializer weight = graph.initializer(name);
            if (weight.type() == ElementType.FLOAT) {
                float[] values = weight.floats();
                FloatBuffer buffer = direct(values.length * Float.BYTES).asFloatBuffer();
                in.fixed(name, buffer.put(0, values), weight.shape());
            } else {
                long[] values = weight.longs();
                in.fixed(name, direct(values.length * Long.BYTES).asLongBuffer().put(0, values), weight.shape());
            }
        }
        return in;
    }

    /** Two hidden layers with ReLU, as wide as makes the weights as many. */
    private static OnnxGraph net(int parameters, SeededRandom random) {
        int width =
                (int) Math.round((-COLUMNS - 3 + Math.sqrt((COLUMNS + 3.0) * (COLUMNS + 3) + 4.0 * parameters)) / 2);
        GraphBuilder builder = new GraphBuilder("net");
        String x = builder.input(
                TensorSpec.of(ModelSignature.NUMERIC, ElementType.FLOAT, Dim.dynamic("batch"), Dim.of(COLUMNS)));
        x = builder.node("/relu0", "Relu", List.of(layer(builder, "layer0", x, COLUMNS, width, random)));
        x = builder.node("/relu1", "Relu", List.of(layer(builder, "layer1", x, width, width, random)));
        x = layer(builder, "layer2", x, width, 1, random);
        String flat = builder.longs("flat", new long[] {-1}, 1);
        builder.nodeTo(HeadNames.LOGIT, "/reshape", "Reshape", List.of(x, flat));
        builder.output(TensorSpec.of(HeadNames.LOGIT, ElementType.FLOAT, Dim.dynamic("batch")));
        return builder.build();
    }

    private static String layer(GraphBuilder builder, String name, String x, int in, int out, SeededRandom random) {
        float[] weight = new float[in * out];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = (float) (random.nextGaussian() / Math.sqrt(in));
        }
        String product = builder.node(
                "/" + name + "/matmul", "MatMul", List.of(x, builder.floats(name + ".weight", weight, in, out)));
        return builder.node(
                "/" + name + "/add", "Add", List.of(product, builder.floats(name + ".bias", new float[out], out)));
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
}
