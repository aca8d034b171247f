package io.headwater.learn.gradient;

import io.headwater.event.Event;
import io.headwater.event.LabeledExample;
import io.headwater.event.OwnerKeys;
import io.headwater.event.RowKey;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.RowEncoder;
import io.headwater.feature.RowLayout;
import io.headwater.learn.RowStore;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Encoded rows with their labels.
 *
 * @param rows as they were encoded, before scaling; nobody writes to them any more
 * @param labels 0 or 1 for each row
 */
public record LabeledRows(FeatureBatch rows, float[] labels) {
    static final int MAX_SAVED = 1_000_000;

    public LabeledRows {
        if (labels.length != rows.rows()) {
            throw new IllegalArgumentException(labels.length + " labels for " + rows.rows() + " rows");
        }
    }

    static LabeledRows of(List<LabeledExample> examples, RowEncoder encoder) {
        FeatureBatch rows = new FeatureBatch(encoder.layout(), Math.max(1, examples.size()));
        float[] labels = new float[examples.size()];
        for (int i = 0; i < labels.length; i++) {
            Event event = examples.get(i).event();
            encoder.encode(event, rows);
            rows.setKey(i, RowKey.of(event.owner()));
            labels[i] = examples.get(i).label().value();
        }
        return new LabeledRows(rows, labels);
    }

    static LabeledRows none(RowLayout layout) {
        return new LabeledRows(new FeatureBatch(layout, 1), new float[0]);
    }

    public int size() {
        return labels.length;
    }

    /** The rows at {@code indices}, copied. */
    LabeledRows select(int[] indices) {
        FeatureBatch selected = new FeatureBatch(rows.layout(), Math.max(1, indices.length));
        float[] selectedLabels = new float[indices.length];
        for (int i = 0; i < indices.length; i++) {
            selected.copyRow(rows, indices[i]);
            selectedLabels[i] = labels[indices[i]];
        }
        return new LabeledRows(selected, selectedLabels);
    }

    /** Those that are none of the owners'; these rows themselves where none is theirs. */
    LabeledRows without(OwnerKeys owners) {
        int[] others = IntStream.range(0, size())
                .filter(row -> !owners.contains(rows.key(row)))
                .toArray();
        return others.length == size() ? this : select(others);
    }

    void write(StateWriter out) {
        RowStore.write(rows, out);
        out.reals(labels);
    }

    static LabeledRows read(StateReader in, RowLayout layout) {
        FeatureBatch rows = RowStore.read(in, layout, MAX_SAVED);
        return new LabeledRows(rows, in.reals(rows.rows()));
    }
}
