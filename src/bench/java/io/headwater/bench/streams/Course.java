package io.headwater.bench.streams;

import io.headwater.drift.FalseAlarmBudget;
import io.headwater.drift.LossMonitor;
import io.headwater.learn.OnlineLearner;
import io.headwater.offline.evaluate.EvaluationListener;
import io.headwater.offline.evaluate.LabelArrivals;
import io.headwater.offline.evaluate.TestThenTrain;
import io.headwater.offline.evaluate.TestThenTrain.LossAlarm;
import java.io.IOException;

/** A learner's way through a stream from nothing, test-then-train. */
final class Course {
    private Course() {}

    /**
     * How fast it was: reading rows out of memory, scoring, learning and the listener together.
     *
     * @param processor rows in a second of the thread's processor time
     * @param wall rows in a second of the clock on the wall, which other work on the machine slows down
     */
    record Speed(double processor, double wall) {}

    /** @param listener is told of every row */
    static Speed run(Contestant contestant, StreamRows rows, LabelArrivals arrivals, long seed, Listening listener)
            throws IOException {
        OnlineLearner learner = contestant.factory().create(rows, seed);
        TestThenTrain course = new TestThenTrain(contestant.view(rows), arrivals, ThreadClock::nanos);
        try {
            long begin = System.nanoTime();
            double processor =
                    course.run(learner, alarm(contestant), listener.to(learner)).rowsPerSecond();
            return new Speed(processor, rows.rows() * 1e9 / (System.nanoTime() - begin));
        } finally {
            if (learner instanceof PeerLearner peer) {
                peer.close();
            }
        }
    }

    private static LossAlarm alarm(Contestant contestant) {
        return contestant.side() == Contestant.Side.OURS
                ? new LossMonitor(FalseAlarmBudget.byDefault())::observe
                : LossAlarm.NONE;
    }

    /** Makes what listens to a learner. */
    @FunctionalInterface
    interface Listening {
        EvaluationListener to(OnlineLearner learner);
    }
}
