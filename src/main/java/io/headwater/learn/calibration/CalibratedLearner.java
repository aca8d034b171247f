package io.headwater.learn.calibration;

import io.headwater.event.OwnerKeys;
import io.headwater.learn.OnlineLearner;
import io.headwater.learn.OnlineRow;
import io.headwater.learn.Task;

/**
 * A learner whose probabilities are made to come true: it gives another's logits through a {@link Calibration}, which
 * learns from those that the other gave when the event arrived. It can balance the classes for the other, and corrects
 * for that.
 */
public final class CalibratedLearner implements OnlineLearner {
    private final OnlineLearner learner;
    private final Calibration calibration;
    private final double positiveWeight;
    private float[] inner = new float[0];

    /** @throws IllegalArgumentException if the learner's task has no probabilities */
    public CalibratedLearner(OnlineLearner learner) {
        this(learner, 1, Calibration.DEFAULT_HALF_LIFE);
    }

    /**
     * @param positiveWeight as how many rows the learner is told that a positive one counts, each negative as one; of a
     *     task with more than two classes it is 1
     */
    public CalibratedLearner(OnlineLearner learner, double positiveWeight, double halfLifeRows) {
        if (learner.task().isRegression()) {
            throw new IllegalArgumentException("a regression has no probabilities to calibrate");
        }
        if (learner.task() != Task.BINARY && positiveWeight != 1) {
            throw new IllegalArgumentException(
                    "only positives can count " + positiveWeight + " times, not one of several classes");
        }
        this.learner = learner;
        this.positiveWeight = positiveWeight;
        this.calibration = new Calibration(LogitMap.ofWeightedPositives(positiveWeight), halfLifeRows);
    }

    /** What is to be shipped with the learner's model. */
    public LogitMap map() {
        return calibration.map();
    }

    @Override
    public Task task() {
        return learner.task();
    }

    @Override
    public int outputs() {
        return learner.outputs();
    }

    @Override
    public int memoLength() {
        return 1 + learner.outputs() + learner.memoLength();
    }

    @Override
    public void score(OnlineRow row, float[] outputs) {
        learner.score(row, outputs);
        calibrate(outputs);
    }

    private void calibrate(float[] outputs) {
        for (int i = 0; i < learner.outputs(); i++) {
            outputs[i] = (float) calibration.apply(outputs[i]);
        }
    }

    @Override
    public void arrive(OnlineRow row, float[] outputs, float[] memo) {
        int length = learner.memoLength();
        if (inner.length < length) {
            inner = new float[length];
        }
        learner.arrive(row, outputs, inner);
        int count = learner.outputs();
        memo[0] = count;
        System.arraycopy(outputs, 0, memo, 1, count);
        System.arraycopy(inner, 0, memo, 1 + count, length);
        calibrate(outputs);
    }

    @Override
    public void learn(OnlineRow row, float[] memo, float label, float weight) {
        int count = (int) memo[0];
        int length = memo.length - 1 - count;
        if (inner.length < length) {
            inner = new float[length];
        }
        System.arraycopy(memo, 1 + count, inner, 0, length);
        boolean positive = label == 1;
        boolean binary = learner.task() == Task.BINARY;
        learner.learn(row, inner, label, binary && positive ? (float) (positiveWeight * weight) : weight);
        if (binary) {
            calibration.learn(memo[1], positive, weight);
        } else if (label < count) { // a class that was not known then says nothing about the others' scale
            calibration.learnClass(memo, 1, count, (int) label, weight);
        }
    }

    @Override
    public void alarm() {
        learner.alarm();
        calibration.alarm();
    }

    @Override
    public int erase(OwnerKeys owners) {
        return learner.erase(owners);
    }

    @Override
    public long stateBytes() {
        return learner.stateBytes() + (long) Float.BYTES * inner.length + 8 * Double.BYTES;
    }
}
