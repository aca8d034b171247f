package io.headwater.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.headwater.graph.ElementType;
import io.headwater.graph.Initializer;
import io.headwater.graph.Node;
import io.headwater.graph.OnnxGraph;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole of all-MiniLM-L6-v2 on PyTorch: ONNX Runtime's values, gradients of every weight, and the same bits again. */
final class MiniLmIT {
    private static final int ROWS = 3;
    private static final String OUTPUT = "last_hidden_state";

    private static OnnxGraph model;

    @BeforeAll
    static void read() throws IOException {
        try (InputStream file = MiniLmIT.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
            model = OnnxGraph.read(Objects.requireNonNull(file).readAllBytes());
        }
    }

    private static List<String> weights() {
        return model.initializers().values().stream()
                .filter(each -> each.type() == ElementType.FLOAT && each.shape().length > 0)
                .map(Initializer::name)
                .toList();
    }

    /** Rows of different lengths, padded to {@code length}. */
    private static Map<String, long[]> rows(int length) {
        Random random = new Random(length);
        long[] ids = new long[ROWS * length];
        long[] mask = new long[ROWS * length];
        for (int i = 0; i < ids.length; i++) {
            boolean there = i % length < length - 2 * (i / length);
            ids[i] = there ? 1000 + random.nextInt(20_000) : 0;
            mask[i] = there ? 1 : 0;
        }
        Map<String, long[]> rows = new LinkedHashMap<>();
        rows.put("input_ids", ids);
        rows.put("attention_mask", mask);
        rows.put("token_type_ids", new long[ids.length]);
        return rows;
    }

    private static Map<String, NDArray> tensors(NDManager scope, int length) {
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        rows(length).forEach((name, values) -> tensors.put(name, scope.create(values, new Shape(ROWS, length))));
        return tensors;
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 32})
    void forward_equalsOnnxRuntime(int length) throws OrtException {
        float[] expected = onnxRuntime(length);
        try (TorchGraph graph = new TorchGraph(model, TorchDevice.CPU, weights())) {
            float[] found = GradientScope.plain(
                    graph,
                    scope -> graph.run(scope, tensors(scope.manager(), length))
                            .get(OUTPUT)
                            .toFloatArray());
            assertThat(found).containsExactly(expected, within(1e-4f));
        }
    }

    private static float[] onnxRuntime(int length) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            List<OnnxTensor> open = new ArrayList<>();
            Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
            try (OrtSession session = environment.createSession(model.toBytes(), options)) {
                for (Map.Entry<String, long[]> each : rows(length).entrySet()) {
                    OnnxTensor tensor = OnnxTensor.createTensor(
                            environment, LongBuffer.wrap(each.getValue()), new long[] {ROWS, length});
                    open.add(tensor);
                    inputs.put(each.getKey(), tensor);
                }
                try (OrtSession.Result result = session.run(inputs)) {
                    FloatBuffer buffer = ((OnnxTensor) result.get(OUTPUT).orElseThrow()).getFloatBuffer();
                    float[] values = new float[buffer.remaining()];
                    buffer.get(values);
                    return values;
                }
            } finally {
                open.forEach(OnnxTensor::close);
            }
        }
    }

    /** A step of every weight along its gradient changes the loss by the square of the gradient's length. */
    @Test
    void gradient_ofEveryWeight_predictsTheLoss() {
        try (TorchGraph graph = new TorchGraph(model, TorchDevice.CPU, weights())) {
            Map<String, float[]> gradients = gradients(graph);
            assertThat(gradients.keySet()).containsExactlyElementsOf(weights());
            double squares = 0;
            for (float[] gradient : gradients.values()) {
                for (float value : gradient) {
                    squares += (double) value * value;
                }
            }
            // Far enough for float to see it, near enough for the second order to cancel in the difference.
            float step = (float) (1e-3 / Math.sqrt(squares));
            double slope = (lossAt(graph, gradients, step) - lossAt(graph, gradients, -step)) / (2 * step);
            assertThat(slope).isCloseTo(squares, within(0.01 * squares));
        }
    }

    @Test
    void gradient_again_sameBits() {
        try (TorchGraph first = new TorchGraph(model, TorchDevice.CPU, weights());
                TorchGraph second = new TorchGraph(model, TorchDevice.CPU, weights())) {
            Map<String, float[]> once = gradients(first);
            Map<String, float[]> again = gradients(second);
            assertThat(weights()).allSatisfy(name -> assertThat(again.get(name)).isEqualTo(once.get(name)));
        }
    }

    private static Map<String, float[]> gradients(TorchGraph graph) {
        return GradientScope.recording(graph, scope -> {
            scope.backward(loss(graph, scope));
            Map<String, float[]> gradients = new LinkedHashMap<>();
            graph.parameters().forEach((name, weight) -> {
                PtNDArray gradient = JniUtils.getGradient((PtNDArray) weight);
                if (gradient != null) {
                    gradients.put(name, gradient.toFloatArray());
                }
            });
            return gradients;
        });
    }

    private static NDArray loss(TorchGraph graph, GradientScope scope) {
        NDArray output = graph.run(scope, tensors(scope.manager(), 8)).get(OUTPUT);
        float[] weights = new float[(int) output.size()];
        Random random = new Random(7);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextGaussian();
        }
        return output.mul(scope.manager().create(weights, output.getShape())).mean();
    }

    private static double lossAt(TorchGraph graph, Map<String, float[]> gradients, float step) {
        gradients.forEach((name, gradient) -> {
            float[] moved = model.initializer(name).floats();
            for (int i = 0; i < moved.length; i++) {
                moved[i] += step * gradient[i];
            }
            graph.setWeights(name, moved);
        });
        return GradientScope.plain(graph, scope -> (double) loss(graph, scope).getFloat());
    }

    @Test
    void architectureTable_namesItsOperators() {
        Set<String> operators = model.nodes().stream().map(Node::op).collect(Collectors.toSet());
        assertThat(Architecture.RUN)
                .filteredOn(each -> each.name().equals("MiniLM"))
                .singleElement()
                .satisfies(each -> assertThat(each.operators()).isEqualTo(operators));
    }
}
