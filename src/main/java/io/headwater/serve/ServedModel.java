package io.headwater.serve;

import io.headwater.feature.FeatureBatch;
import io.headwater.feature.ModelSignature;
import io.headwater.feature.RowLayout;
import io.headwater.feature.RowTensor;
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
    /** Rows of a backbone's inner tensors are large and slow: a few of them are enough. */
    private static final long WARM_BYTES = 1 << 20;

    private final String name;
    private final long version;
    private final RowLayout layout;
    private final InferenceSession session;
    private final Runnable closed;
    private final InFlight inFlight = new InFlight();
    /** Written by the slot before it publishes the model. */
    private long generation;

    private ServedModel(String name, long version, RowLayout layout, InferenceSession session, Runnable closed) {
        this.name = name;
        this.version = version;
        this.layout = layout;
        this.session = session;
        this.closed = closed;
    }

    /**
     * Loads, checks and warms a version; takes milliseconds, so it belongs on no scoring thread.
     *
     * @param onnx a self-contained file with the tensors of {@link ModelSignature}
     * @throws ModelLoadException if ONNX Runtime refuses the file, or its tensors are not those of {@code layout}
     */
    public static ServedModel load(String name, long version, byte[] onnx, RowLayout layout) {
        return load(name, version, onnx, layout, () -> {});
    }

    /** As {@link #load(String, long, byte[], RowLayout)}; {@code closed} runs after the native session is closed. */
    static ServedModel load(String name, long version, byte[] onnx, RowLayout layout, Runnable closed) {
        if (version < 1) {
            throw new IllegalArgumentException("versions of a model begin at 1, not " + version);
        }
        InferenceSession session = InferenceSession.load(onnx);
        try {
            check(name + " version " + version, session, layout);
            warm(session, layout);
            return new ServedModel(name, version, layout, session, closed);
        } catch (RuntimeException e) {
            session.close();
            throw e instanceof ModelLoadException
                    ? e
                    : new ModelLoadException(name + " version " + version + " does not run: " + e.getMessage(), e);
        }
    }

    private static void check(String what, InferenceSession session, RowLayout layout) {
        Map<String, TensorType> inputs = session.inputs();
        for (RowTensor tensor : layout.tensors()) {
            checkInput(what, inputs.get(tensor.name()), tensor);
        }
        for (String input : session.inputNames()) {
            if (layout.indexOf(input) < 0) {
                throw new ModelLoadException(what + " has an input '" + input + "'; allowed are " + layout.tensors());
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

    private static void checkInput(String what, @Nullable TensorType found, RowTensor tensor) {
        boolean fits = found != null
                && found.element().equals(tensor.element().name())
                && found.shape().size() == tensor.shape().size() + 1
                && found.shape().get(0) == -1;
        for (int i = 0; fits && found != null && i < tensor.shape().size(); i++) {
            long dimension = found.shape().get(i + 1);
            fits = dimension == -1 || dimension == tensor.shape().get(i);
        }
        if (!fits) {
            throw new ModelLoadException(what + " needs an input of rows of " + tensor + "; found "
                    + (found == null ? "none" : found) + " for '" + tensor.name() + "'");
        }
    }

    private static void warm(InferenceSession session, RowLayout layout) {
        int most = layout.rowsIn(WARM_BYTES, 1, WARM_ROWS[WARM_ROWS.length - 1]);
        try (ScoreBuffers buffers = new ScoreBuffers(new FeatureBatch(layout, most))) {
            for (int rows : WARM_ROWS) {
                for (int run = 0; rows <= most && run < WARM_RUNS; run++) {
                    buffers.run(session, rows);
                }
            }
        }
    }

    public long version() {
        return version;
    }

    public RowLayout layout() {
        return layout;
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
