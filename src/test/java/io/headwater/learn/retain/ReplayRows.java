package io.headwater.learn.retain;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.event.EventLayout;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.FeatureSchema;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import io.headwater.learn.retain.ReplayBuffer.SavedReplay;
import java.util.ArrayList;
import java.util.List;

/** Rows for tests of a replay buffer, and what it keeps of them. */
final class ReplayRows {
    static final FeatureSchema SCHEMA = new FeatureSchema(new EventLayout(List.of("x"), List.of("c")), false, false, 8);

    /** Rows whose value is their number, which is of nobody. */
    static FeatureBatch numbered(int rows) {
        FeatureBatch batch = new FeatureBatch(SCHEMA.rows(), rows);
        batch.assume(rows);
        for (int row = 0; row < rows; row++) {
            batch.numeric().put(row, row);
            batch.categorical().put(row, row % 8);
        }
        return batch;
    }

    static final int OWNERS = 7;

    /** Rows of {@value #OWNERS} owners in turn, whose values are found nowhere else; one in five is of class 1. */
    static FeatureBatch owned(int rows) {
        FeatureBatch batch = numbered(rows);
        for (int row = 0; row < rows; row++) {
            batch.numeric().put(row, value(row));
            batch.setKey(row, owner(row));
        }
        return batch;
    }

    static float value(int row) {
        return 7_000.25f + row;
    }

    static long owner(int row) {
        return 1 + row % OWNERS;
    }

    static float label(int row) {
        return row % 5 == 2 ? 1 : 0;
    }

    /** The numbers of the rows that are kept; each has the label, the offset and the category that it came with. */
    static List<Integer> kept(ReplayBuffer buffer) {
        FeatureBatch out = new FeatureBatch(SCHEMA.rows(), Math.max(1, buffer.size()));
        List<Integer> rows = new ArrayList<>();
        for (int slot = 0; slot < buffer.size(); slot++) {
            buffer.copyTo(out, slot);
            int row = (int) (out.numeric().get(slot) - 7_000);
            assertThat(out.key(slot)).isEqualTo(owner(row));
            assertThat(out.categorical().get(slot)).isEqualTo(row % 8);
            assertThat(buffer.label(slot)).isEqualTo(label(row));
            rows.add(row);
        }
        return rows;
    }

    static byte[] bytes(ReplayBuffer buffer) {
        StateWriter out = new StateWriter("replay", 1);
        buffer.write(out);
        return out.toBytes();
    }

    static SavedReplay saved(ReplayBuffer buffer) {
        return SavedReplay.read(new StateReader(bytes(buffer), "replay", 1), SCHEMA.rows(), 1_000);
    }

    private ReplayRows() {}
}
