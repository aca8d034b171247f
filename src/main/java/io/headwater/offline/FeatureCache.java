package io.headwater.offline;

import io.headwater.feature.FeatureBatch;
import io.headwater.feature.RowLayout;
import java.util.ArrayList;
import java.util.List;

/** Rows that are made once and read many times, in memory of any size. */
final class FeatureCache {
    private final RowLayout layout;
    private final List<FeatureBatch> parts = new ArrayList<>();
    private final int rowsPerPart;
    private int rows;

    /** @param rows how many it will hold */
    FeatureCache(RowLayout layout, int rows, MappedMemory memory) {
        this(layout, rows, memory, MappedMemory.MOST);
    }

    /** @param most bytes that the largest tensor of a part may take */
    FeatureCache(RowLayout layout, int rows, MappedMemory memory, long most) {
        this.layout = layout;
        long widest = layout.tensors().stream()
                .mapToLong(tensor -> (long) tensor.width() * tensor.element().bytes())
                .max()
                .orElse(1);
        this.rowsPerPart = (int) Math.max(1, Math.min(Integer.MAX_VALUE, most / widest));
        for (int from = 0; from < rows; from += Math.min(rowsPerPart, rows - from)) {
            parts.add(new FeatureBatch(layout, Math.min(rowsPerPart, rows - from), memory::take));
        }
    }

    RowLayout layout() {
        return layout;
    }

    int rows() {
        return rows;
    }

    /** Appends all rows of {@code batch}. */
    void add(FeatureBatch batch) {
        for (int row = 0; row < batch.rows(); row++) {
            parts.get(rows / rowsPerPart).copyRow(batch, row);
            rows++;
        }
    }

    /** Appends the row of that number to {@code batch}. */
    void copyRow(int row, FeatureBatch batch) {
        batch.copyRow(parts.get(row / rowsPerPart), row % rowsPerPart);
    }
}
