package io.headwater.learn.gradient;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.RowLayout;
import io.headwater.feature.RowTensor;
import io.headwater.graph.Dim;
import io.headwater.graph.ElementType;
import io.headwater.graph.GraphException;
import io.headwater.graph.OnnxGraph;
import io.headwater.graph.SplitGraph;
import io.headwater.graph.TensorSpec;
import io.headwater.ort.InferenceSession;
import io.headwater.ort.TensorBuffers;
import io.headwater.torch.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The frozen part of a cut model: rows that are staged in it become the tensors of the frontier, which the trainable
 * part reads in place. Runs on ONNX Runtime, with the statistics of the numeric columns handed in at each run.
 */
final class Prefix implements AutoCloseable {
    /** Rows {@code from} until {@code from + count} of what is staged. */
    record Rows(int from, int count) {}

    private final FeatureBatch staging;
    private final Map<String, HostTensor> frontier = new LinkedHashMap<>();
    private final @Nullable InferenceSession session;
    private final TensorBuffers in = new TensorBuffers();
    private final TensorBuffers out = new TensorBuffers();
    private final FloatBuffer mean;
    private final FloatBuffer scale;

    /** @throws GraphException if a frontier tensor is not one row of fixed width for each row of input */
    Prefix(SplitGraph split, RowLayout layout, Anatomy anatomy, int maxRows) {
        this.staging = new FeatureBatch(layout, maxRows);
        this.mean = direct(layout.numericWidth());
        this.scale = direct(layout.numericWidth());
        for (TensorSpec spec : split.frontier()) {
            int input = layout.indexOf(spec.name());
            frontier.put(
                    spec.name(),
                    input < 0 ? made(spec, maxRows) : copied(layout.tensors().get(input), maxRows));
        }
        this.session = split.prefix().map(prefix -> bind(prefix, anatomy)).orElse(null);
    }

    private static FloatBuffer direct(int floats) {
        return ByteBuffer.allocateDirect(floats * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    private static HostTensor copied(RowTensor tensor, int rows) {
        return tensor.isFloat()
                ? HostTensor.floats(rows, tensor.trailing())
                : HostTensor.longs(rows, tensor.trailing());
    }

    private static HostTensor made(TensorSpec spec, int rows) {
        List<Dim> shape = spec.shape();
        boolean supported = spec.type() == ElementType.FLOAT || spec.type() == ElementType.INT64;
        if (shape.size() != 2 || !shape.get(1).isFixed() || !supported) {
            throw new GraphException(
                    "the cut passes " + spec + "; only [batch, N] of float or int64 is supported there");
        }
        long width = shape.get(1).size();
        return spec.type() == ElementType.FLOAT ? HostTensor.floats(rows, width) : HostTensor.longs(rows, width);
    }

    private InferenceSession bind(OnnxGraph prefix, Anatomy anatomy) {
        List<String> statistics = new ArrayList<>();
        if (anatomy.hasScaler() && prefix.initializers().containsKey(anatomy.means())) {
            statistics.add(anatomy.means());
            statistics.add(anatomy.scales());
            in.fixed(anatomy.means(), mean, mean.capacity());
            in.fixed(anatomy.scales(), scale, scale.capacity());
        }
        Set<String> read = new HashSet<>();
        prefix.inputs().forEach(input -> read.add(input.name()));
        staging.bind(
                (name, floats, trailing) -> read.contains(name) ? in.floats(name, floats, trailing) : in,
                (name, longs, trailing) -> read.contains(name) ? in.longs(name, longs, trailing) : in);
        for (TensorSpec made : prefix.outputs()) {
            HostTensor tensor = tensor(made.name());
            if (tensor.isFloat()) {
                out.floats(made.name(), tensor.floats(), tensor.width());
            } else {
                out.longs(made.name(), tensor.longs(), tensor.width());
            }
        }
        return InferenceSession.load(prefix.withInputsFor(statistics).toBytes());
    }

    HostTensor tensor(String name) {
        HostTensor tensor = frontier.get(name);
        if (tensor == null) {
            throw new GraphException("'" + name + "' is not on the frontier " + frontier.keySet());
        }
        return tensor;
    }

    /** Names of the frontier's tensors. */
    Iterable<String> names() {
        return frontier.keySet();
    }

    /** Where rows are put before {@link #run}. */
    FeatureBatch staging() {
        return staging;
    }

    /** Computes the frontier of all staged rows. */
    void run(float[] means, float[] scales) {
        mean.put(0, means);
        scale.put(0, scales);
        int rows = staging.rows();
        if (session != null) {
            session.run(in, out, rows);
        }
        for (int i = 0; i < staging.layout().tensors().size(); i++) {
            HostTensor tensor = frontier.get(staging.layout().tensors().get(i).name());
            if (tensor != null && tensor.isFloat()) {
                tensor.floats().put(0, staging.floats(i), 0, rows * tensor.width());
            } else if (tensor != null) {
                tensor.longs().put(0, staging.longs(i), 0, rows * tensor.width());
            }
        }
    }

    /** The frontier's tensors for the given rows, one part after the other. */
    Map<String, NDArray> rows(NDManager scope, List<Rows> parts) {
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        frontier.forEach((name, tensor) -> {
            NDList list = new NDList(parts.size());
            for (Rows part : parts) {
                list.add(tensor.rows(scope, part.from(), part.count()));
            }
            tensors.put(name, list.size() == 1 ? list.get(0) : NDArrays.concat(list, 0));
        });
        return tensors;
    }

    @Override
    public void close() {
        in.close();
        out.close();
        if (session != null) {
            session.close();
        }
    }
}
