package io.headwater.offline.evaluate;

import io.headwater.dataset.DatasetException;
import io.headwater.drift.FalseAlarmBudget;
import io.headwater.drift.LossMonitor;
import io.headwater.learn.OnlineLearner;
import io.headwater.learn.Task;
import io.headwater.learn.calibration.CalibratedLearner;
import io.headwater.learn.calibration.Calibration;
import io.headwater.offline.StoppedException;
import io.headwater.offline.evaluate.TestThenTrain.Course;
import io.headwater.offline.evaluate.TestThenTrain.LossAlarm;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Reads a file and lets a learner of a name live through it; {@link TestThenTrain} says how. */
public final class Evaluation {
    private static final long REHEARSAL_NS = 1_000_000_000;
    private static final int WINDOWS = 100;
    /** A figure of fewer rows is noise. */
    private static final int SMALLEST_WINDOW = 100;

    private final EvaluationSettings asked;
    private final EvaluationWatcher watcher;
    private final LongSupplier coreNs;

    /** @param coreNs time that this thread has had a core, or any clock that does not go back */
    public Evaluation(EvaluationSettings asked, EvaluationWatcher watcher, LongSupplier coreNs) {
        this.asked = asked;
        this.watcher = watcher;
        this.coreNs = coreNs;
    }

    /**
     * @throws DatasetException if the file cannot be read
     * @throws IllegalArgumentException if it does not hold what was asked for, or there is no such learner
     * @throws StoppedException if the watcher ended it before the first row
     */
    public EvaluationReport run() throws DatasetException {
        OnlineLearners.check(asked.learner());
        EvaluationData data = EvaluationData.read(asked, watcher::reading);
        EvaluationRows rows = data.rows();
        rehearse(data);
        OnlineLearner learner = learner(data);
        Measures measures = measures(data);
        Watched watched = new Watched(measures, rows.rows());
        Course course = new TestThenTrain(rows, data.arrivals(), coreNs).run(learner, alarm(), watched);
        Figures figures = measures.figures();
        if (figures.rows() == 0) {
            throw new StoppedException("stopped before the first row with a label was scored");
        }
        return new EvaluationReport(
                asked.learner(),
                data.task(),
                data.classes(),
                new EvaluationReport.Columns(rows.numericWidth(), rows.categoricalWidth()),
                course,
                course.rows() < rows.rows(),
                figures,
                watched.alarms,
                learner.stateBytes());
    }

    private OnlineLearner learner(EvaluationData data) {
        OnlineLearner learner = OnlineLearners.make(
                asked.learner(),
                data.task(),
                new OnlineLearners.Shape(
                        data.rows().numericWidth(),
                        data.rows().categoricalWidth(),
                        EvaluationData.BUCKETS,
                        asked.seed()));
        return asked.positiveWeight() == 1 ? learner : weighted(learner);
    }

    private OnlineLearner weighted(OnlineLearner learner) {
        if (learner.task() != Task.BINARY) {
            throw new IllegalArgumentException("only of two classes one can count more than the other");
        }
        return new CalibratedLearner(learner, asked.positiveWeight(), Calibration.DEFAULT_HALF_LIFE);
    }

    private Measures measures(EvaluationData data) {
        int rows = data.rows().rows();
        int window = asked.window().orElse(Math.max(SMALLEST_WINDOW, (rows + WINDOWS - 1) / WINDOWS));
        return Measures.of(data.task(), rows, data.classes().size(), window);
    }

    /**
     * Runs a learner over the first rows and throws it away: a JVM that has just started compiles what it runs, and the
     * speed of a short stream would be the compiler's. Nothing of it is left but compiled code.
     */
    private void rehearse(EvaluationData data) {
        Measures measures = measures(data);
        long start = coreNs.getAsLong();
        new TestThenTrain(data.rows(), data.arrivals(), coreNs).run(learner(data), alarm(), new EvaluationListener() {
            @Override
            public void scored(int row, float[] outputs, int count, float label) {
                measures.scored(row, outputs, count, label);
            }

            @Override
            public void learned(int row, float label) {
                measures.learned(row, label);
            }

            @Override
            public boolean isStopping() {
                return watcher.isStopping() || coreNs.getAsLong() - start > REHEARSAL_NS;
            }
        });
    }

    private LossAlarm alarm() {
        return asked.alarmBudget().isEmpty()
                ? LossAlarm.NONE
                : new LossMonitor(new FalseAlarmBudget(asked.alarmBudget().getAsDouble()))::observe;
    }

    /** The measures, with the watcher told now and then. */
    private final class Watched implements EvaluationListener {
        private final Measures measures;
        private final int of;
        private final List<Integer> alarms = new ArrayList<>();
        private int done;

        Watched(Measures measures, int of) {
            this.measures = measures;
            this.of = of;
        }

        @Override
        public void scored(int row, float[] outputs, int count, float label) {
            measures.scored(row, outputs, count, label);
            done++;
        }

        @Override
        public void learned(int row, float label) {
            measures.learned(row, label);
        }

        @Override
        public void alarmed(int row) {
            alarms.add(row);
        }

        @Override
        public boolean isStopping() {
            watcher.rows(done, of);
            return watcher.isStopping();
        }
    }
}
