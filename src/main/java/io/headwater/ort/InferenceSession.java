package io.headwater.ort;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * One ONNX graph, ready to run on ONNX Runtime. Running is thread-safe as long as each thread brings its own
 * {@link TensorBuffers}; closing while a run is in flight is not, so whoever shares a session counts its runs.
 */
public final class InferenceSession implements AutoCloseable {
    /** Every run of every session goes through this one environment; ONNX Runtime allows no second. */
    static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

    private final OrtSession session;

    private InferenceSession(OrtSession session) {
        this.session = session;
    }

    /** Version of ONNX Runtime. */
    public static String runtimeVersion() {
        return ENVIRONMENT.getVersion();
    }

    /**
     * Loads a self-contained ONNX file.
     *
     * @throws ModelLoadException if ONNX Runtime refuses it
     */
    public static InferenceSession load(byte[] onnx) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            // A spinning pool beside torch's and the scoring threads costs 20 to 100 times on a busy machine.
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            options.setSessionLogLevel(ai.onnxruntime.OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            return new InferenceSession(ENVIRONMENT.createSession(onnx, options));
        } catch (OrtException e) {
            throw new ModelLoadException("ONNX Runtime refuses the model: " + e.getMessage(), e);
        }
    }

    public Set<String> inputNames() {
        return session.getInputNames();
    }

    public Set<String> outputNames() {
        return session.getOutputNames();
    }

    /** The graph's tensor inputs by name. */
    public Map<String, TensorType> inputs() {
        try {
            return types(session.getInputInfo());
        } catch (OrtException e) {
            throw new ModelLoadException("ONNX Runtime cannot describe the model's inputs: " + e.getMessage(), e);
        }
    }

    /** The graph's tensor outputs by name. */
    public Map<String, TensorType> outputs() {
        try {
            return types(session.getOutputInfo());
        } catch (OrtException e) {
            throw new ModelLoadException("ONNX Runtime cannot describe the model's outputs: " + e.getMessage(), e);
        }
    }

    private static Map<String, TensorType> types(Map<String, NodeInfo> nodes) {
        Map<String, TensorType> types = new TreeMap<>();
        nodes.forEach((name, node) -> {
            if (node.getInfo() instanceof TensorInfo tensor) {
                types.put(
                        name,
                        new TensorType(
                                tensor.type.name(),
                                LongStream.of(tensor.getShape()).boxed().toList()));
            }
        });
        return types;
    }

    /** Runs the graph over the first {@code rows} rows of {@code in} and writes those of {@code out}. */
    public void run(TensorBuffers in, TensorBuffers out, int rows) {
        if (rows == 0) {
            return;
        }
        try (OrtSession.Result ignored = session.run(in.bind(rows), Set.of(), out.bind(rows))) {
            // Outputs are pinned: they are written into the buffers of out, and the result owns nothing.
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed on " + rows + " rows: " + e.getMessage(), e);
        }
    }

    /** What shapes the outputs have when the graph runs over {@code rows} rows of {@code in}. */
    public Map<String, long[]> shapes(TensorBuffers in, int rows) {
        Map<String, long[]> shapes = new TreeMap<>();
        try (OrtSession.Result result = session.run(in.bind(rows))) {
            result.forEach(output -> {
                if (output.getValue() instanceof OnnxTensor tensor) {
                    shapes.put(output.getKey(), tensor.getInfo().getShape());
                }
            });
            return shapes;
        } catch (OrtException e) {
            throw new ModelLoadException("ONNX Runtime failed on " + rows + " rows: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed to close a session: " + e.getMessage(), e);
        }
    }
}
