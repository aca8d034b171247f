package io.headwater.bench.streams;

import java.util.ArrayList;
import java.util.List;

/**
 * Adds to a stream how far each number is from its own recent means, as of its row: what the default learner makes for
 * itself, given to all. Elec2's label is such a comparison (up: the price is above the mean of the last 48), so there a
 * learner that is not given these columns is at a loss that says nothing of how it learns.
 */
final class TrendColumns {
    /** Half-lives in rows, those of the default learner. */
    private static final double[] HALF_LIVES = {16, 128};

    private TrendColumns() {}

    static StreamRows of(StreamRows stream) {
        int width = stream.numericNames().size();
        List<String> names = new ArrayList<>(stream.numericNames());
        double[] steps = new double[HALF_LIVES.length];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = 1 - Math.pow(2, -1 / HALF_LIVES[i]);
            for (String name : stream.numericNames()) {
                names.add(name + "-trend" + (int) HALF_LIVES[i]);
            }
        }
        double[] means = new double[steps.length * width];
        boolean[] begun = new boolean[width];
        float[] row = new float[width];
        float[] numbers = new float[stream.rows() * names.size()];
        for (int at = 0, to = 0; at < stream.rows(); at++, to += names.size()) {
            stream.numbers(at, row);
            System.arraycopy(row, 0, numbers, to, width);
            for (int column = 0; column < width; column++) {
                float value = row[column];
                for (int i = 0; i < steps.length; i++) {
                    int mean = i * width + column;
                    if (!begun[column]) {
                        means[mean] = value;
                    }
                    numbers[to + width + mean] = (float) (value - means[mean]);
                    means[mean] += Float.isNaN(value) ? 0 : steps[i] * (value - means[mean]);
                }
                begun[column] |= !Float.isNaN(value);
            }
        }
        return stream.with(names, numbers);
    }
}
