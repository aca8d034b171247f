package io.headwater.torch;

import ai.djl.ndarray.NDArray;
import io.headwater.graph.Backbone;
import io.headwater.graph.Dim;
import io.headwater.graph.ElementType;
import io.headwater.graph.GraphSplitter;
import io.headwater.graph.HeadNames;
import io.headwater.graph.OnnxGraph;
import io.headwater.graph.TensorSpec;
import io.headwater.ort.InferenceSession;
import io.headwater.ort.TensorBuffers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;

/**
 * Fine-tunes a text backbone on seeded rows: the prefix on ONNX Runtime, the suffix on PyTorch, log loss on one score,
 * AdamW. A row is positive where a rare token stands among the others.
 */
public final class FineTuning implements AutoCloseable {
    private static final long RARE_TOKEN = 2748;
    private static final AdamW.Settings ADAM = new AdamW.Settings(0.9f, 0.999f, 0.01f, 1f);

    private final Backbone backbone;
    private final int rows;
    private final int tokens;
    private final Map<String, HostTensor> inputs = new LinkedHashMap<>();
    private final Map<String, HostTensor> frontier = new LinkedHashMap<>();
    private final HostTensor labels;
    private final Optional<InferenceSession> prefix;
    private final TensorBuffers in = new TensorBuffers();
    private final TensorBuffers out = new TensorBuffers();
    private final TorchGraph graph;
    private final AdamW adam;

    /** all-MiniLM-L6-v2. */
    public static OnnxGraph miniLm() {
        try (InputStream file = FineTuning.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
            return OnnxGraph.read(Objects.requireNonNull(file).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public FineTuning(Backbone backbone, int rows, int tokens) {
        this.backbone = backbone;
        this.rows = rows;
        this.tokens = tokens;
        this.labels = HostTensor.floats(rows, 1);
        backbone.split().whole().inputs().forEach(spec -> inputs.put(spec.name(), room(spec)));
        backbone.split()
                .frontier()
                .forEach(spec ->
                        frontier.put(spec.name(), inputs.containsKey(spec.name()) ? input(spec.name()) : room(spec)));
        this.prefix = backbone.split().prefix().map(part -> InferenceSession.load(part.toBytes()));
        backbone.split().prefix().ifPresent(part -> {
            part.inputs().forEach(spec -> bind(in, spec, input(spec.name())));
            part.outputs().forEach(spec -> bind(out, spec, Objects.requireNonNull(frontier.get(spec.name()))));
        });
        OnnxGraph trained = GraphSplitter.endingAt(backbone.split().suffix(), List.of(backbone.score()));
        this.graph = new TorchGraph(trained, TorchDevice.CPU, backbone.weights());
        this.adam = new AdamW(graph, ADAM);
    }

    private long[] rowShape(TensorSpec spec) {
        return spec.shape().stream()
                .skip(1)
                .mapToLong(dim -> dim.isFixed() ? dim.size() : tokens)
                .toArray();
    }

    private HostTensor room(TensorSpec spec) {
        Dim batch = spec.shape().get(0);
        if (batch.isFixed()) {
            throw new IllegalArgumentException(spec + " is no batch of rows");
        }
        return spec.type() == ElementType.FLOAT
                ? HostTensor.floats(rows, rowShape(spec))
                : HostTensor.longs(rows, rowShape(spec));
    }

    private void bind(TensorBuffers buffers, TensorSpec spec, HostTensor memory) {
        if (memory.isFloat()) {
            buffers.floats(spec.name(), memory.floats(), rowShape(spec));
        } else {
            buffers.longs(spec.name(), memory.longs(), rowShape(spec));
        }
    }

    public HostTensor input(String name) {
        return Objects.requireNonNull(inputs.get(name), name);
    }

    public Backbone backbone() {
        return backbone;
    }

    /** The next batch: rows of different lengths, padded. */
    public void stage(Random random) {
        for (int row = 0; row < rows; row++) {
            int length = 3 + random.nextInt(tokens - 2);
            boolean positive = random.nextBoolean();
            int rare = 1 + random.nextInt(length - 2);
            labels.floats().put(row, positive ? 1 : 0);
            for (int i = 0; i < tokens; i++) {
                long id = i == 0 ? 101 : i == length - 1 ? 102 : i < length ? 3000 + random.nextInt(20_000) : 0;
                int at = row * tokens + i;
                input("input_ids").longs().put(at, positive && i == rare ? RARE_TOKEN : id);
                input("attention_mask").longs().put(at, i < length ? 1 : 0);
            }
        }
    }

    private Map<String, NDArray> frontierOf(GradientScope scope) {
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        frontier.forEach((name, memory) -> tensors.put(name, memory.rows(scope.manager(), 0, rows)));
        return tensors;
    }

    private void runPrefix() {
        prefix.ifPresent(session -> session.run(in, out, rows));
    }

    /** The staged rows' scores, the prefix by ONNX Runtime and the suffix by PyTorch. */
    public float[] scores() {
        runPrefix();
        return GradientScope.plain(
                graph,
                scope -> graph.run(scope, frontierOf(scope))
                        .get(backbone.score())
                        .toFloatArray());
    }

    /** The logits that ONNX Runtime gives the staged rows, by a whole with this one's inputs. */
    float[] logits(OnnxGraph whole) {
        HostTensor logits = HostTensor.floats(rows, 1);
        HostTensor probabilities = HostTensor.floats(rows, 1);
        try (InferenceSession session = InferenceSession.load(whole.toBytes());
                TensorBuffers fed = new TensorBuffers();
                TensorBuffers made = new TensorBuffers()) {
            whole.inputs().forEach(spec -> bind(fed, spec, input(spec.name())));
            made.floats(HeadNames.LOGIT, logits.floats());
            made.floats(HeadNames.PROBABILITY, probabilities.floats());
            session.run(fed, made, rows);
        }
        float[] values = new float[rows];
        logits.floats().get(values);
        return values;
    }

    /** SHA-256 of the trained weights, in their order, in hexadecimal. */
    String fingerprint() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String name : backbone.weights()) {
                float[] values = graph.weights(name);
                ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES));
                bytes.asFloatBuffer().put(values);
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One optimizer step on the staged rows; gives the loss before it. */
    public double step(float learningRate) {
        runPrefix();
        return GradientScope.recording(graph, scope -> {
            NDArray score = graph.run(scope, frontierOf(scope)).get(backbone.score());
            NDArray loss = score.getNDArrayInternal()
                    .softPlus()
                    .sub(labels.column(scope.manager(), 0, rows).mul(score))
                    .mean();
            double nats = loss.getFloat();
            scope.backward(loss);
            if (!adam.step(learningRate, Map.of()).applied()) {
                throw new IllegalStateException("a gradient is not finite; the loss was " + nats);
            }
            return nats;
        });
    }

    /** The trained weights by the names that the suffix gives them. */
    public Map<String, float[]> weights() {
        Map<String, float[]> weights = new LinkedHashMap<>();
        backbone.weights().forEach(name -> weights.put(name, graph.weights(name)));
        return weights;
    }

    @Override
    public void close() {
        in.close();
        out.close();
        prefix.ifPresent(InferenceSession::close);
        adam.close();
        graph.close();
    }
}
