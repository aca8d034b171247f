package io.headwater.line;

import io.headwater.event.OwnerKeys;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.RowLayout;
import io.headwater.learn.Learner;
import io.headwater.learn.OnnxModel;
import io.headwater.ort.ModelLoadException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A fixed set of rows on which every exported file must say what its learner says: the first rows that the line saw. A
 * row of which the learner says no number, such as one whose number is no datum but -3.4e38, tells nothing; of one at
 * least it must.
 */
final class Probe {
    private static final double TOLERANCE = 1e-4;

    private final FeatureBatch rows;

    Probe(RowLayout layout, int capacity) {
        this.rows = new FeatureBatch(layout, capacity);
    }

    /** Takes rows in until the probe is full; from then on only an erasure changes it, and rows that come fill its gaps. */
    void fill(FeatureBatch batch) {
        for (int row = 0; row < batch.rows() && !rows.isFull(); row++) {
            rows.copyRow(batch, row);
        }
    }

    /** Takes the rows of some owners out; says how many there were. */
    int erase(OwnerKeys owners) {
        int before = rows.rows();
        rows.erase(owners);
        return before - rows.rows();
    }

    /**
     * What is wrong with the exported file, if anything is. A row that the source model cannot score either is passed over.
     *
     * @param source the source model's file, asked for only where the learner cannot score a row
     */
    Optional<String> check(Learner learner, byte[] onnx, Supplier<byte[]> source) {
        float[] expected = new float[rows.rows()];
        learner.logits(rows, expected);
        float[] actual;
        try {
            actual = says(onnx);
        } catch (ModelLoadException | IllegalStateException e) {
            return Optional.of("the exported file does not run: " + e.getMessage());
        }
        float[] before = new float[0];
        int scored = 0;
        for (int row = 0; row < expected.length; row++) {
            if (Float.isFinite(expected[row])) {
                scored++;
                double difference = Math.abs((double) expected[row] - actual[row]);
                // Written so that NaN fails.
                boolean agrees = difference <= TOLERANCE * Math.max(1, Math.abs(expected[row]));
                if (!agrees) {
                    return fault(row, "the exported file scores %s, the learner %s", actual[row], expected[row]);
                }
            } else {
                before = before.length == 0 ? says(source.get()) : before;
                if (Float.isFinite(before[row])) {
                    return fault(row, "the learner scores %s, the source model %s", expected[row], before[row]);
                }
            }
        }
        return scored > 0 || expected.length == 0
                ? Optional.empty()
                : Optional.of("the learner scores none of the " + expected.length + " probe rows with a finite number");
    }

    private float[] says(byte[] onnx) {
        float[] logits = new float[rows.rows()];
        try (OnnxModel model = new OnnxModel(onnx, rows)) {
            model.logits(logits);
        }
        return logits;
    }

    private static Optional<String> fault(int row, String what, float one, float other) {
        return Optional.of("probe row " + row + ": " + String.format(Locale.ROOT, what, one, other));
    }

    FeatureBatch rows() {
        return rows;
    }

    /** As many of {@code saved} as fit. */
    void restore(FeatureBatch saved) {
        rows.clear();
        fill(saved);
    }
}
