package io.headwater.backbone;

import io.headwater.feature.FeatureBatch;
import io.headwater.feature.Featurizer;
import io.headwater.feature.RowEncoder;
import io.headwater.feature.RowLayout;
import io.headwater.feature.RowSource;
import io.headwater.feature.RowTensor;
import io.headwater.graph.ElementType;
import io.headwater.graph.GraphException;
import io.headwater.graph.OnnxGraph;
import io.headwater.graph.SplitGraph;
import io.headwater.graph.TensorSpec;
import io.headwater.ort.InferenceSession;
import io.headwater.ort.TensorBuffers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What lies left of the cut, loaded once: it makes, of each event, the frontier's tensors, which every version of the
 * model reads. Shared by scoring and training; its native session is closed when the last of them lets go.
 */
public final class FrozenPart implements RowSource {
    private static final int TRIAL_ROWS = 2;

    private final RowEncoder inputs;
    private final RowLayout layout;
    private final @Nullable InferenceSession session;
    private int users = 1;

    private FrozenPart(RowEncoder inputs, RowLayout layout, @Nullable InferenceSession session) {
        this.inputs = inputs;
        this.layout = layout;
        this.session = session;
    }

    /**
     * @param inputs makes the backbone's own inputs; closed with the frozen part
     * @throws GraphException if the backbone has an input that {@code inputs} does not make, or something other than
     *     rows of float or int64 crosses the cut
     * @throws io.headwater.ort.ModelLoadException if ONNX Runtime refuses the frozen part
     */
    public static FrozenPart load(SplitGraph split, RowEncoder inputs) {
        for (TensorSpec input : split.whole().inputs()) {
            if (inputs.layout().indexOf(input.name()) < 0) {
                throw new GraphException("the backbone's input " + input + " is filled by nothing; filled are "
                        + inputs.layout().tensors());
            }
        }
        Optional<OnnxGraph> prefix = split.prefix();
        byte[] file = prefix.map(OnnxGraph::toBytes).orElse(new byte[0]);
        @Nullable InferenceSession session = file.length == 0 ? null : InferenceSession.load(file);
        try {
            Map<String, long[]> shapes = session == null ? Map.of() : trial(session, inputs.layout());
            List<RowTensor> tensors = new ArrayList<>();
            for (TensorSpec spec : split.frontier()) {
                int input = inputs.layout().indexOf(spec.name());
                tensors.add(input >= 0 ? inputs.layout().tensors().get(input) : tensor(spec, shapes.get(spec.name())));
            }
            RowLayout layout = new RowLayout(tensors, "frozen part " + sha256(file) + " of " + inputs.layout());
            return new FrozenPart(inputs, layout, session);
        } catch (RuntimeException e) {
            if (session != null) {
                session.close();
            }
            throw e;
        }
    }

    private static String sha256(byte[] file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Rows of zeros show what shapes rows of this length come out with. */
    private static Map<String, long[]> trial(InferenceSession session, RowLayout inputs) {
        FeatureBatch batch = new FeatureBatch(inputs, TRIAL_ROWS);
        try (TensorBuffers in = new TensorBuffers()) {
            bind(batch, session, in, 0, TRIAL_ROWS);
            return session.shapes(in, TRIAL_ROWS);
        }
    }

    private static RowTensor tensor(TensorSpec spec, long @Nullable [] shape) {
        if (shape == null || shape.length == 0 || shape[0] != TRIAL_ROWS) {
            throw new GraphException("the tensor " + spec + " crosses the cut and has no row for each row of input;"
                    + " another cut is needed");
        }
        List<Integer> row = new ArrayList<>();
        for (int i = 1; i < shape.length; i++) {
            row.add(Math.toIntExact(shape[i]));
        }
        if (spec.type() == ElementType.FLOAT) {
            return RowTensor.floats(spec.name(), row);
        } else if (spec.type() == ElementType.INT64) {
            return RowTensor.longs(spec.name(), row);
        }
        throw new GraphException(
                "the tensor " + spec + " crosses the cut; float and int64 are allowed there: another cut is needed");
    }

    /** Binds rows {@code from} until {@code from + count} of all tensors that the session reads. */
    static void bind(FeatureBatch batch, InferenceSession session, TensorBuffers in, int from, int count) {
        Set<String> read = session.inputNames();
        batch.bind(
                from,
                count,
                (name, floats, trailing) -> read.contains(name) ? in.floats(name, floats, trailing) : in,
                (name, longs, trailing) -> read.contains(name) ? in.longs(name, longs, trailing) : in);
    }

    @Override
    public RowLayout layout() {
        return layout;
    }

    @Override
    public Featurizer featurizer(int capacity) {
        return rows(capacity, false);
    }

    @Override
    public Featurizer repeatable(int capacity) {
        return rows(capacity, true);
    }

    private synchronized FrontierRows rows(int capacity, boolean fixedShapes) {
        if (users == 0) {
            throw new IllegalStateException("the frozen part is closed");
        }
        FrontierRows rows = new FrontierRows(this, inputs, session, capacity, fixedShapes);
        users++;
        return rows;
    }

    /** Rows that were made before go on; the native session is closed with the last of them. */
    @Override
    public void close() {
        release();
    }

    synchronized void release() {
        users--;
        if (users == 0) {
            inputs.close();
            if (session != null) {
                session.close();
            }
        }
    }
}
