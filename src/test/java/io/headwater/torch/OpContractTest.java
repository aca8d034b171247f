package io.headwater.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.headwater.torch.OpCase.Kind;
import io.headwater.torch.OpCase.Operand;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operator of the table: ONNX Runtime's values, and gradients that finite differences confirm. */
final class OpContractTest {
    private static final double STEP = 1e-6;
    private static final int MOST_ELEMENTS = 12;

    static Stream<OpCase> cases() {
        return Stream.of(1L, 2L).flatMap(seed -> OpCases.all(seed).stream());
    }

    @Test
    void table_everyOperator_hasACase() {
        Set<String> covered = new TreeSet<>();
        cases().forEach(each -> covered.add(each.op()));
        assertThat(covered).isEqualTo(OpTable.supported());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void forward_equalsOnnxRuntime(OpCase each) throws OrtException {
        try (TorchGraph graph = new TorchGraph(each.graph(), TorchDevice.CPU, List.of());
                Reference reference = new Reference(each)) {
            GradientScope.plain(graph, scope -> {
                NDArray found = graph.run(scope, inputs(each, scope.manager(), DataType.FLOAT32))
                        .get("y");
                assertThat(found.getShape().getShape()).isEqualTo(reference.shape());
                float[] values = reference.values();
                assertThat(found.toFloatArray()).containsExactly(values, within(1e-5f * Math.max(1, largest(values))));
                return 0;
            });
        }
    }

    static Stream<OpCase> clips() {
        float[] values = {
            Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, Float.MAX_VALUE, -Float.MAX_VALUE, 0.5f, -0.5f
        };
        Operand data = new Operand(Kind.FIXED, new long[] {values.length}, values, new long[0]);
        return Stream.of(
                OpCase.of("none", "Clip", data).build(),
                OpCase.of("min", "Clip", data, Operand.constant(-0.25f)).build(),
                OpCase.of("max", "Clip", data, Operand.NONE, Operand.constant(0.25f))
                        .build(),
                OpCase.of("both", "Clip", data, Operand.constant(-0.25f), Operand.constant(0.25f))
                        .build());
    }

    /** A bound that is left out is the largest finite number, by the standard and in both runtimes. */
    @ParameterizedTest
    @MethodSource("clips")
    void clip_ofWhatIsNotFinite_isOnnxRuntimes(OpCase each) throws OrtException {
        try (TorchGraph graph = new TorchGraph(each.graph(), TorchDevice.CPU, List.of());
                Reference reference = new Reference(each)) {
            float[] found = GradientScope.plain(
                    graph,
                    scope -> graph.run(scope, inputs(each, scope.manager(), DataType.FLOAT32))
                            .get("y")
                            .toFloatArray());
            assertThat(found).isEqualTo(reference.values());
        }
    }

    private static float largest(float[] values) {
        float largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradient_equalsFiniteDifferences(OpCase each) {
        try (TorchGraph graph = new TorchGraph(each.graph(), TorchDevice.CPU, List.of())) {
            for (Map.Entry<String, Operand> operand : each.operands().entrySet()) {
                if (operand.getValue().kind() == Kind.VARIES) {
                    checkGradient(graph, each, operand.getKey());
                }
            }
        }
    }

    /** What a gradient needs must live until then, whatever Java collects meanwhile. */
    @Test
    void gradient_withACollectionBeforeIt_isTheSame() {
        List<OpCase> all = OpCases.all(1).stream()
                .filter(each -> each.operands().values().stream().anyMatch(operand -> operand.kind() == Kind.VARIES))
                .toList();
        List<double[]> undisturbed = new ArrayList<>();
        List<double[]> disturbed = new ArrayList<>();

        all.forEach(each -> gradients(List.of(each), () -> {}, undisturbed));
        gradients(all, OpContractTest::collectAndOverwrite, disturbed);

        assertThat(disturbed).hasSameSizeAs(undisturbed);
        for (int i = 0; i < all.size(); i++) {
            // The innermost gradient is computed first.
            assertThat(disturbed.get(all.size() - 1 - i)).as("%s", all.get(i)).isEqualTo(undisturbed.get(i));
        }
    }

    /** Runs all of {@code cases} forwards, then {@code meanwhile}, then all backwards. */
    private static void gradients(List<OpCase> cases, Runnable meanwhile, List<double[]> found) {
        if (cases.isEmpty()) {
            meanwhile.run();
            return;
        }
        OpCase each = cases.get(0);
        try (TorchGraph graph = new TorchGraph(each.graph(), TorchDevice.CPU, List.of())) {
            found.add(GradientScope.recording(graph, scope -> {
                Map<String, NDArray> inputs = inputs(each, scope.manager(), DataType.FLOAT32);
                String first = each.operands().entrySet().stream()
                        .filter(operand -> operand.getValue().kind() == Kind.VARIES)
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElseThrow();
                PtNDArray checked = (PtNDArray) Objects.requireNonNull(inputs.get(first));
                JniUtils.attachGradient(checked, true);
                NDArray loss = graph.run(scope, inputs).get("y").square().sum();
                gradients(cases.subList(1, cases.size()), meanwhile, found);
                scope.backward(loss);
                float[] gradient = JniUtils.getGradient(checked).toFloatArray();
                return IntStream.range(0, gradient.length)
                        .mapToDouble(i -> gradient[i])
                        .toArray();
            }));
        }
    }

    /** Frees direct buffers that nobody holds and writes NaN to where they were. */
    private static void collectAndOverwrite() {
        CountDownLatch freed = new CountDownLatch(1);
        Cleaner.create().register(new Object(), freed::countDown);
        try {
            do {
                System.gc();
            } while (!freed.await(50, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        for (int i = 0; i < 20_000; i++) {
            ByteBuffer.allocateDirect(Float.BYTES + i % 8 * Float.BYTES).putInt(0, -1);
        }
    }

    private static void checkGradient(TorchGraph graph, OpCase each, String operand) {
        double[] gradient = GradientScope.recording(graph, scope -> {
            Map<String, NDArray> inputs = inputs(each, scope.manager(), DataType.FLOAT64);
            PtNDArray checked = (PtNDArray) Objects.requireNonNull(inputs.get(operand));
            JniUtils.attachGradient(checked, true);
            scope.backward(loss(graph, scope, inputs));
            return JniUtils.getGradient(checked).toDoubleArray();
        });
        int stride = 1 + gradient.length / MOST_ELEMENTS;
        for (int i = 0; i < gradient.length; i += stride) {
            double slope =
                    (lossAt(graph, each, operand, i, STEP) - lossAt(graph, each, operand, i, -STEP)) / (2 * STEP);
            assertThat(gradient[i])
                    .as("%s, element %d of %s", each, i, operand)
                    .isCloseTo(slope, within(1e-6 * Math.max(1, Math.abs(slope))));
        }
    }

    private static double lossAt(TorchGraph graph, OpCase each, String operand, int element, double delta) {
        return GradientScope.plain(graph, scope -> {
            Map<String, NDArray> inputs = inputs(each, scope.manager(), DataType.FLOAT64);
            NDArray original = Objects.requireNonNull(inputs.get(operand));
            double[] values = original.toDoubleArray();
            values[element] += delta;
            inputs.put(operand, scope.manager().create(values, original.getShape()));
            return loss(graph, scope, inputs).getDouble();
        });
    }

    /** A fixed random projection of the output: every element of it matters, each by another weight. */
    private static NDArray loss(TorchGraph graph, GradientScope scope, Map<String, NDArray> inputs) {
        NDArray output = graph.run(scope, inputs).get("y");
        Random random = new Random(7);
        double[] weights = random.doubles(output.size(), -1, 1).toArray();
        return output.mul(scope.manager().create(weights, output.getShape())).sum();
    }

    static Map<String, NDArray> inputs(OpCase each, NDManager scope, DataType type) {
        Map<String, NDArray> inputs = new LinkedHashMap<>();
        each.operands().forEach((name, operand) -> {
            Shape shape = new Shape(operand.shape());
            inputs.put(
                    name,
                    operand.isFloat()
                            ? scope.create(operand.floats(), shape).toType(type, true)
                            : scope.create(operand.integers(), shape));
        });
        return inputs;
    }

    /** The same graph on ONNX Runtime. */
    private static final class Reference implements AutoCloseable {
        private final OrtSession session;
        private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        private final OnnxTensor output;
        private final OrtSession.Result result;

        Reference(OpCase each) throws OrtException {
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
                options.setSessionLogLevel(ai.onnxruntime.OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
                session = environment.createSession(each.graph().toBytes(), options);
            }
            for (Map.Entry<String, Operand> entry : each.operands().entrySet()) {
                Operand operand = entry.getValue();
                inputs.put(
                        entry.getKey(),
                        operand.isFloat()
                                ? OnnxTensor.createTensor(
                                        environment, FloatBuffer.wrap(operand.floats()), operand.shape())
                                : OnnxTensor.createTensor(
                                        environment, LongBuffer.wrap(operand.integers()), operand.shape()));
            }
            result = session.run(inputs);
            output = (OnnxTensor) result.get(0);
        }

        long[] shape() {
            return output.getInfo().getShape();
        }

        float[] values() {
            FloatBuffer buffer = output.getFloatBuffer();
            float[] values = new float[buffer.remaining()];
            buffer.get(values);
            return values;
        }

        @Override
        public void close() throws OrtException {
            result.close();
            inputs.values().forEach(OnnxTensor::close);
            session.close();
        }
    }
}
