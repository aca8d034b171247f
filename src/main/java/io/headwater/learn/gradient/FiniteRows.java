package io.headwater.learn.gradient;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The places of rows that the learner scores with a finite number. A row of no finite score, such as one of the largest
 * floats before a net that reads numbers as they are, would leave out each step that it is part of: it is not learned,
 * neither now nor later.
 */
final class FiniteRows {
    private final int[] places;

    /** @param scores of the rows; those past {@code count} are of none */
    FiniteRows(float[] scores, int count) {
        int[] finite = new int[count];
        int size = 0;
        for (int row = 0; row < count; row++) {
            if (Float.isFinite(scores[row])) {
                finite[size++] = row;
            }
        }
        this.places = Arrays.copyOf(finite, size);
    }

    int size() {
        return places.length;
    }

    int place(int i) {
        return places[i];
    }

    /** Them as staged rows, in order and in as few parts as there can be. */
    List<Prefix.Rows> parts() {
        List<Prefix.Rows> parts = new ArrayList<>();
        for (int from = 0; from < places.length; ) {
            int to = from + 1;
            while (to < places.length && places[to] == places[to - 1] + 1) {
                to++;
            }
            parts.add(new Prefix.Rows(places[from], to - from));
            from = to;
        }
        return parts;
    }
}
