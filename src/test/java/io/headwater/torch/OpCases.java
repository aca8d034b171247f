package io.headwater.torch;

import java.util.ArrayList;
import java.util.List;

/** Graphs of one operator over every row of the table, with random shapes, attributes and operands. */
final class OpCases {
    private OpCases() {}

    static List<OpCase> all(long seed) {
        List<OpCase> all = new ArrayList<>(ElementCases.all(seed));
        all.addAll(TensorCases.all(seed));
        all.addAll(MatrixCases.all(seed));
        return all;
    }
}
