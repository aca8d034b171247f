package io.headwater.serve;

import io.headwater.feature.FeatureSchema;
import io.headwater.feature.ModelSignature;
import io.headwater.ort.InferenceSession;
import io.headwater.ort.ModelLoadException;
import io.headwater.ort.TensorType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One version of a model, loaded, checked and warm. It counts the scores in flight; once retired it takes no new one,
 * and its native session is closed with the last. Whoever loads a model and puts it into no {@link ModelSlot} retires
 * it.
 */
public final class ServedModel {
    /*
     * ONNX Runtime plans memory anew for each batch size that it has not seen, so the first run of a size costs many
     * times a later one. These runs happen on the loading thread; scoring threads get a model that has seen them.
     */
    private static final int[] WARM_ROWS = {1, 8, 64, 256};
    private static final int WARM_RUNS = 3;

    private final String name;
    private final long version;
    private final FeatureSchema schema;
    private final InferenceSession session;
    private final Runnable closed;
    private final InFlight inFlight = new InFlight();
    /** Written by the slot before it publishes the model. */
    private long generation;

    private ServedModel(String name, long version, FeatureSchema schema, InferenceSession session, Runnable closed) {
        this.name = name;
        this.version = version;
        this.schema = schema;
        this.session = session;
        this.closed = closed;
    }

    /**
     * Loads, checks and warms a version; takes milliseconds, so it belongs on no scoring thread.
     *
     * @param onnx a self-contained file with the tensors of {@link ModelSignature}
     * @throws ModelLoadException if ONNX Runtime refuses the file, or its tensors are not those of {@code schema}
     */
    public static ServedModel load(String name, long version, byte[] onnx, FeatureSchema schema) {
        return load(name, version, onnx, schema, () -> {});
    }

    /** As {@link #load(String, long, byte[], FeatureSchema)}; {@code closed} runs after the native session is closed. */
    static ServedModel load(String name, long version, byte[] onnx, FeatureSchema schema, Runnable closed) {
        if (version < 1) {
            throw new IllegalArgumentException("versions of a model begin at 1, not " + version);
        }
        InferenceSession session = InferenceSession.load(onnx);
        try {
            check(name + " version " + version, session, schema);
            warm(session, schema);
            return new ServedModel(name, version, schema, session, closed);
        } catch (RuntimeException e) {
            session.close();
            throw e instanceof ModelLoadException
                    ? e
                    : new ModelLoadException(name + " version " + version + " does not run: " + e.getMessage(), e);
        }
    }

    private static void check(String what, InferenceSession session, FeatureSchema schema) {
        Map<String, TensorType> inputs = session.inputs();
        checkInput(what, inputs.get(ModelSignature.NUMERIC), ModelSignature.NUMERIC, "FLOAT", schema.numericColumns());
        checkInput(
                what,
                inputs.get(ModelSignature.CATEGORICAL),
                ModelSignature.CATEGORICAL,
                "INT64",
                schema.categoricalColumns());
        for (String input : session.inputNames()) {
            if (!input.equals(ModelSignature.NUMERIC) && !input.equals(ModelSignature.CATEGORICAL)) {
                throw new ModelLoadException(what + " has an input '" + input + "'; allowed are '"
                        + ModelSignature.NUMERIC + "' and '" + ModelSignature.CATEGORICAL + "'");
            }
        }
        for (String output : List.of(ModelSignature.LOGIT, ModelSignature.PROBABILITY)) {
            TensorType found = session.outputs().get(output);
            if (found == null || !found.element().equals("FLOAT")) {
                throw new ModelLoadException(what + " needs an output '" + output + "' of FLOAT[rows]; its outputs are "
                        + session.outputs());
            }
        }
    }

    private static void checkInput(
            String what, @Nullable TensorType found, String input, String element, List<String> columns) {
        int width = columns.size();
        if (width == 0) {
            if (found != null) {
                throw new ModelLoadException(what + " has an input '" + input + "' but the schema gives it no column");
            }
            return;
        }
        boolean fits = found != null
                && found.element().equals(element)
                && found.shape().size() == 2
                && found.shape().get(0) == -1
                && (found.shape().get(1) == width || found.shape().get(1) == -1);
        if (!fits) {
            throw new ModelLoadException(what + " needs an input '" + input + "' of " + element + "[rows, " + width
                    + "] for the columns " + columns + "; found " + (found == null ? "none" : found));
        }
    }

    private static void warm(InferenceSession session, FeatureSchema schema) {
        try (ScoreBuffers buffers = new ScoreBuffers(schema, WARM_ROWS[WARM_ROWS.length - 1])) {
            for (int rows : WARM_ROWS) {
                for (int run = 0; run < WARM_RUNS; run++) {
                    buffers.run(session, rows);
                }
            }
        }
    }

    public String name() {
        return name;
    }

    public long version() {
        return version;
    }

    public FeatureSchema schema() {
        return schema;
    }

    /** Which swap of its slot put this model there; 0 before. */
    public long generation() {
        return generation;
    }

    /** Scores in flight now. */
    public int inFlight() {
        return inFlight.users();
    }

    /** Holds the model open for one score; false once it is retired. Each success needs one {@link #release}. */
    public boolean tryAcquire() {
        return inFlight.tryEnter();
    }

    /** Ends what {@link #tryAcquire} began; the last release of a retired model closes its native session. */
    public void release() {
        if (inFlight.leave()) {
            close();
        }
    }

    /** Takes no new score and closes the native session after the last one in flight. A second call does nothing. */
    public void retire() {
        if (inFlight.retire()) {
            close();
        }
    }

    /** Runs the first {@code rows} rows; only between {@link #tryAcquire} and {@link #release}. */
    void run(ScoreBuffers buffers, int rows) {
        buffers.run(session, rows);
    }

    /** Called once, by the slot that takes the model in and before it publishes it. */
    void enter(long slotGeneration) {
        if (generation != 0 || inFlight.isRetired()) {
            throw new IllegalStateException(this + " was in a slot already; load the version again to serve it again");
        }
        generation = slotGeneration;
    }

    private void close() {
        session.close();
        closed.run();
    }

    @Override
    public String toString() {
        return name + " version " + version;
    }
}
