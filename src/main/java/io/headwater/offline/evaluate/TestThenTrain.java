package io.headwater.offline.evaluate;

import io.headwater.learn.OnlineLearner;
import io.headwater.learn.OnlineRow;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Lets a learner live through a recorded stream: before a row is scored the labels that have come are learned, in the
 * order in which they came, and what the learner noted of a row when it came waits for the row's label. So each score
 * is of a model that had seen what it would have seen.
 */
public final class TestThenTrain {
    /*
     * Gama, Sebastião & Rodrigues, On evaluating stream learning algorithms (Machine Learning 90, 2013); with delayed
     * labels: Grzenda, Gomes & Bifet, Delayed labelling evaluation for data streams (DMKD 34, 2020).
     */
    private static final int ASK_EVERY = 256;

    private final EvaluationRows rows;
    private final LabelArrivals arrivals;
    private final LongSupplier clockNs;

    /** Whether a change is seen in the losses. */
    @FunctionalInterface
    public interface LossAlarm {
        /** Sees none. */
        LossAlarm NONE = loss -> false;

        /** @param loss of a row as a learner scored it that had learned before, in the order in which labels come */
        boolean observe(double loss);
    }

    /**
     * How far it came.
     *
     * @param rows that were scored
     * @param labels that were learned
     * @param nanos from the first row to the last: reading rows out of memory, scoring, learning, and the listener
     */
    public record Course(int rows, int labels, long nanos) {
        public double rowsPerSecond() {
            return rows * 1e9 / Math.max(1, nanos);
        }
    }

    /** @param clockNs any clock that does not go back */
    public TestThenTrain(EvaluationRows rows, LabelArrivals arrivals, LongSupplier clockNs) {
        if (rows.rows() != arrivals.rows()) {
            throw new IllegalArgumentException(rows.rows() + " rows, but labels for " + arrivals.rows());
        }
        this.rows = rows;
        this.arrivals = arrivals;
        this.clockNs = clockNs;
    }

    /** Memory that it takes is bounded by how many rows wait for their labels at once. */
    public Course run(OnlineLearner learner, LossAlarm alarm, EvaluationListener listener) {
        return new Pass(learner, alarm, listener).run();
    }

    /** One learner's way through the stream. */
    private final class Pass {
        private final OnlineLearner learner;
        private final LossAlarm alarm;
        private final EvaluationListener listener;
        private final RowLoss loss;
        private final OnlineRow row = new OnlineRow(rows.numericWidth(), rows.categoricalWidth());
        private final Waiting waiting = new Waiting(arrivals);
        private float[] outputs;
        private int learned;

        Pass(OnlineLearner learner, LossAlarm alarm, EvaluationListener listener) {
            this.learner = learner;
            this.alarm = alarm;
            this.listener = listener;
            this.loss = new RowLoss(learner.task());
            this.outputs = new float[learner.outputs()];
        }

        Course run() {
            long start = clockNs.getAsLong();
            int labels = 0;
            int at = 0;
            for (; at < rows.rows(); at++) {
                if (at % ASK_EVERY == 0 && listener.isStopping()) {
                    break;
                }
                boolean changed = false;
                for (int due = arrivals.before(at); labels < due; labels++) {
                    changed |= learn(arrivals.rowOf(labels));
                }
                if (changed) {
                    learner.alarm();
                    listener.alarmed(at);
                }
                score(at);
            }
            return new Course(at, learned, clockNs.getAsLong() - start);
        }

        private void score(int at) {
            rows.read(at, row);
            int count = learner.outputs();
            if (outputs.length < count) {
                outputs = Arrays.copyOf(outputs, count);
            }
            int slot = waiting.enter(at, learner.memoLength());
            learner.arrive(row, outputs, waiting.memo(slot));
            float label = rows.label(at);
            // What a learner loses that has learned nothing is no level that a later loss could have risen from.
            boolean tells = learned > 0 && !Float.isNaN(label);
            waiting.loss(slot, tells ? (float) loss.of(outputs, count, label) : Float.NaN);
            listener.scored(at, outputs, count, label);
        }

        /** Whether the label of this row raised an alarm. */
        private boolean learn(int of) {
            int slot = waiting.leave(of);
            float label = rows.label(of);
            if (Float.isNaN(label)) {
                return false;
            }
            rows.read(of, row);
            learner.learn(row, waiting.memo(slot), label, rows.weight(of));
            learned++;
            listener.learned(of, label);
            float lost = waiting.loss(slot);
            return !Float.isNaN(lost) && alarm.observe(lost);
        }
    }
}
