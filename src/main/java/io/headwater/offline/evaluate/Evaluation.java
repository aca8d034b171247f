package io.headwater.offline.evaluate;

import io.headwater.dataset.DatasetException;
import io.headwater.drift.FalseAlarmBudget;
import io.headwater.drift.LossMonitor;
import io.headwater.learn.OnlineLearner;
import io.headwater.offline.StoppedException;
import io.headwater.offline.evaluate.TestThenTrain.Course;
import io.headwater.offline.evaluate.TestThenTrain.LossAlarm;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Reads a file and lets a learner of a name live through it; {@link TestThenTrain} says how. */
public final class Evaluation {
    private static final int WINDOWS = 100;
    /** A figure of fewer rows is noise. */
    private static final int SMALLEST_WINDOW = 100;

    private final EvaluationSettings asked;
    private final EvaluationWatcher watcher;
    private final LongSupplier clockNs;

    /** @param clockNs any clock that does not go back */
    public Evaluation(EvaluationSettings asked, EvaluationWatcher watcher, LongSupplier clockNs) {
        this.asked = asked;
        this.watcher = watcher;
        this.clockNs = clockNs;
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
        OnlineLearner learner = OnlineLearners.make(
                asked.learner(),
                data.task(),
                new OnlineLearners.Shape(
                        rows.numericWidth(), rows.categoricalWidth(), EvaluationData.BUCKETS, asked.seed()));
        int window = asked.window().orElse(Math.max(SMALLEST_WINDOW, (rows.rows() + WINDOWS - 1) / WINDOWS));
        Measures measures = Measures.of(data.task(), rows.rows(), data.classes().size(), window);
        Watched watched = new Watched(measures, rows.rows());
        Course course = new TestThenTrain(rows, data.arrivals(), clockNs).run(learner, alarm(), watched);
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
