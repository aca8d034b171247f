package io.headwater.graph;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Runs a graph once on ONNX Runtime: what it makes, by name. */
final class OrtRun {
    /** A tensor's type, shape and, for float and int64, its values. */
    record Value(String type, long[] shape, float[] floats, long[] longs) {
        static Value of(float[] values, long... shape) {
            return new Value("FLOAT", shape, values, new long[0]);
        }

        static Value of(long[] values, long... shape) {
            return new Value("INT64", shape, new float[0], values);
        }

        private OnnxTensor tensor(OrtEnvironment environment) throws OrtException {
            return type.equals("FLOAT")
                    ? OnnxTensor.createTensor(environment, FloatBuffer.wrap(floats), shape)
                    : OnnxTensor.createTensor(environment, LongBuffer.wrap(longs), shape);
        }

        private static Value of(OnnxTensor tensor) {
            FloatBuffer floats = tensor.getFloatBuffer();
            LongBuffer longs =
                    tensor.getInfo().type.name().equals("INT64") ? tensor.getLongBuffer() : LongBuffer.allocate(0);
            float[] reals = new float[floats == null ? 0 : floats.remaining()];
            if (floats != null) {
                floats.get(reals);
            }
            long[] integers = new long[longs.remaining()];
            longs.get(integers);
            return new Value(tensor.getInfo().type.name(), tensor.getInfo().getShape(), reals, integers);
        }
    }

    private final Map<String, Value> made = new LinkedHashMap<>();

    private OrtRun() {}

    /** All that the graph makes, by name. */
    Map<String, Value> values() {
        return made;
    }

    Value get(String name) {
        return Objects.requireNonNull(made.get(name), name);
    }

    /** @param inputs more than the graph reads is fine */
    static OrtRun of(OnnxGraph graph, Map<String, Value> inputs) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, OnnxTensor> fed = new HashMap<>();
        OrtRun run = new OrtRun();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            try (OrtSession session = environment.createSession(graph.toBytes(), options)) {
                for (String name : session.getInputNames()) {
                    Value value = Objects.requireNonNull(inputs.get(name), name);
                    fed.put(name, value.tensor(environment));
                }
                try (OrtSession.Result result = session.run(fed)) {
                    for (Map.Entry<String, OnnxValue> entry : result) {
                        run.made.put(entry.getKey(), Value.of((OnnxTensor) entry.getValue()));
                    }
                }
            }
        } finally {
            fed.values().forEach(OnnxTensor::close);
        }
        return run;
    }
}
