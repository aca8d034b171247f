package io.headwater.learn.online;

import io.headwater.learn.StateReader;
import io.headwater.learn.Task;
import java.util.Arrays;

/** How often each class came lately, and so how much a row tells. */
final class LabelRates {
    private static final int MEMORY = 10_000;

    private final Task task;
    private float[] rates = {0.5f, 0.5f};
    private int rows;

    LabelRates(Task task) {
        this.task = task;
    }

    /**
     * Takes a label in.
     *
     * @return rows of evenly likely classes that this one is worth: 1 where they are, and near 0 where nearly all rows
     *     are of one class
     */
    float observe(float label) {
        if (task.isRegression()) {
            return 1;
        }
        if (label >= rates.length) {
            rates = Arrays.copyOf(rates, rates.length + 1);
        }
        rows = Math.min(MEMORY, rows + 1);
        float step = 1f / (rows + 1);
        float squares = 0;
        for (int k = 0; k < rates.length; k++) {
            rates[k] += step * ((label == k ? 1 : 0) - rates[k]);
            squares += rates[k] * rates[k];
        }
        float classes = rates.length;
        return Math.max(0, (1 - squares) * classes / (classes - 1));
    }

    void write(StateSink out) {
        out.integer(rows).reals(rates);
    }

    void restore(StateReader in) {
        rows = in.integer(0, MEMORY);
        rates = in.reals();
    }
}
