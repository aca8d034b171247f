package io.headwater.learn.online;

import io.headwater.learn.StateReader;
import io.headwater.learn.Task;
import java.util.Arrays;

/** How often each class came lately, and so how much a row tells. */
final class LabelRates {
    private static final int MEMORY = 10_000;

    /** The first format of a mixture that has rates in double. */
    private static final int DOUBLE_SINCE = 5;

    private final Task task;
    /** In double: a float would stop 1e-4 short of 1, and rows of one class would be worth far more than they are. */
    private double[] rates = {0.5, 0.5};

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
        double step = 1.0 / (rows + 1);
        double squares = 0;
        for (int k = 0; k < rates.length; k++) {
            rates[k] += step * ((label == k ? 1 : 0) - rates[k]);
            squares += rates[k] * rates[k];
        }
        double classes = rates.length;
        return (float) Math.max(0, (1 - squares) * classes / (classes - 1));
    }

    void write(StateSink out) {
        out.integer(rows).reals64(rates);
    }

    void restore(StateReader in) {
        rows = in.integer(0, MEMORY);
        rates = in.format() < DOUBLE_SINCE ? widened(in.reals()) : in.reals64();
    }

    private static double[] widened(float[] values) {
        double[] wide = new double[values.length];
        Arrays.setAll(wide, i -> values[i]);
        return wide;
    }
}
