package io.headwater.learn.gradient;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.headwater.torch.HostTensor;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * What each row of a batch should be: for every class how much it counts, {@code [capacity, classes]}. Made once by the
 * thread that uses it, and written again for each batch.
 */
public final class TargetRows {
    private final int capacity;
    private final int classes;
    private final float[] classWeights;
    private final double smoothing;
    private final HostTensor tensor;
    private final FloatBuffer values;

    TargetRows(Objective objective, int capacity, int classes) {
        List<Double> weights = objective.classWeights();
        if (classes < 2 || !weights.isEmpty() && weights.size() != classes) {
            throw new IllegalArgumentException(classes + " classes and " + weights.size()
                    + " class weights; at least 2 classes and none or as many weights are allowed");
        }
        this.capacity = capacity;
        this.classes = classes;
        this.smoothing = objective.smoothing();
        this.classWeights = new float[classes];
        for (int i = 0; i < classes; i++) {
            classWeights[i] = weights.isEmpty() ? 1 : weights.get(i).floatValue();
        }
        this.tensor = HostTensor.floats(capacity, classes);
        this.values = tensor.floats();
    }

    /**
     * Says what row {@code row} is.
     *
     * @param label class, from 0
     * @param weight what the row counts beside others, before class weights; at least 0
     */
    public void put(int row, int label, float weight) {
        mix(row, label, label, 1, weight);
    }

    /**
     * Says what a row mixed from two is.
     *
     * @param share of the first, in {@code [0, 1]}; the other has the rest
     */
    public void mix(int row, int first, int second, float share, float weight) {
        check(row, first);
        check(row, second);
        int at = row * classes;
        double everywhere = smoothing / classes;
        for (int i = 0; i < classes; i++) {
            double label = (i == first ? share : 0) + (i == second ? 1 - share : 0);
            values.put(at + i, (float) (weight * classWeights[i] * (label * (1 - smoothing) + everywhere)));
        }
    }

    private void check(int row, int label) {
        if (row < 0 || row >= capacity || label < 0 || label >= classes) {
            throw new IllegalArgumentException("row " + row + " of " + capacity + " has the label " + label + "; 0 to "
                    + (classes - 1) + " are classes");
        }
    }

    /** The first {@code rows} rows, {@code [rows, classes]}; valid within the step, until a row is written. */
    public NDArray tensor(NDManager scope, int rows) {
        return tensor.rows(scope, 0, rows);
    }
}
