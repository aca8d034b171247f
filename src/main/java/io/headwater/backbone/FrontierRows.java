package io.headwater.backbone;

import io.headwater.event.Event;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.Featurizer;
import io.headwater.feature.RowEncoder;
import io.headwater.ort.InferenceSession;
import io.headwater.ort.TensorBuffers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Events through the frozen part, a few rows at a time. */
final class FrontierRows implements Featurizer {
    /*
     * ONNX Runtime plans memory for the largest batch that it sees, and a backbone's activations are large: 32 rows of
     * a small BERT at length 128 take some 100 MB. More at once is no faster on one thread. In training a run has 1, 2,
     * 4 ... or 32 rows, whatever fills the last ones: six shapes that are met soon, and the same for the same events.
     */
    private static final int ROWS_AT_ONCE = 32;

    /** Rows of one run, bound once. */
    private record Part(int from, TensorBuffers in, TensorBuffers out) {}

    private final FrozenPart owner;
    private final RowEncoder inputs;
    private final @Nullable InferenceSession session;
    private final boolean fixedShapes;
    private final int atOnce;
    private final FeatureBatch raw;
    private final FeatureBatch rows;
    private final List<Part> parts = new ArrayList<>();
    private boolean closed;

    FrontierRows(
            FrozenPart owner,
            RowEncoder inputs,
            @Nullable InferenceSession session,
            int capacity,
            boolean fixedShapes) {
        this.owner = owner;
        this.inputs = inputs;
        this.session = session;
        this.fixedShapes = fixedShapes;
        this.atOnce = fixedShapes ? ROWS_AT_ONCE : Math.min(ROWS_AT_ONCE, capacity);
        int whole = Math.multiplyExact((capacity + atOnce - 1) / atOnce, atOnce);
        this.raw = new FeatureBatch(inputs.layout(), whole);
        this.rows = new FeatureBatch(owner.layout(), whole);
        for (int from = 0; session != null && from < whole; from += atOnce) {
            parts.add(part(session, from));
        }
    }

    private Part part(InferenceSession bound, int from) {
        TensorBuffers in = new TensorBuffers();
        FrozenPart.bind(raw, bound, in, from, atOnce);
        TensorBuffers out = new TensorBuffers();
        Set<String> made = bound.outputNames();
        rows.bind(
                from,
                atOnce,
                (name, floats, trailing) -> made.contains(name) ? out.floats(name, floats, trailing) : out,
                (name, longs, trailing) -> made.contains(name) ? out.longs(name, longs, trailing) : out);
        return new Part(from, in, out);
    }

    @Override
    public FeatureBatch batch() {
        return rows;
    }

    @Override
    public void add(Event event) {
        inputs.encode(event, raw);
        raw.setDomain(raw.rows() - 1, event.domain());
        raw.setOwner(raw.rows() - 1, event.owner());
    }

    @Override
    public int added() {
        return raw.rows();
    }

    @Override
    public void run() {
        int count = raw.rows();
        for (Part part : parts) {
            int left = count - part.from();
            if (session != null && left > 0) {
                int rows = Math.min(left, atOnce);
                session.run(part.in(), part.out(), fixedShapes ? powerOfTwo(rows) : rows);
            }
        }
        passOn(count);
        rows.assume(count);
        rows.copyOrigins(raw, count);
    }

    /** The least power of two that is not below {@code rows}. */
    private static int powerOfTwo(int rows) {
        int highest = Integer.highestOneBit(rows);
        return highest == rows ? rows : 2 * highest;
    }

    /** The backbone's own inputs that cross the cut as they are. */
    private void passOn(int count) {
        for (int to = 0; to < rows.layout().tensors().size(); to++) {
            int from = raw.layout().indexOf(rows.layout().tensors().get(to).name());
            if (from >= 0) {
                rows.copyTensor(to, raw, from, count);
            }
        }
    }

    @Override
    public void clear() {
        raw.clear();
        rows.clear();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            parts.forEach(part -> {
                part.in().close();
                part.out().close();
            });
            owner.release();
        }
    }
}
