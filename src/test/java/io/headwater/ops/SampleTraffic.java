package io.headwater.ops;

import io.headwater.metrics.HeadwaterMetrics;
import io.headwater.metrics.ModelMeters;
import io.headwater.metrics.ModelMeters.Decision;
import io.headwater.metrics.ModelMeters.Examined;
import io.headwater.metrics.ModelMeters.Line;
import io.headwater.metrics.ModelMeters.Source;
import io.headwater.metrics.ModelMeters.Topic;
import io.headwater.metrics.ScoringMeters;
import java.time.Duration;

/** Makes every meter of a model move, as a running service does. */
final class SampleTraffic {
    private static final int ROWS = 64;

    private final ModelMeters model;
    private final ScoringMeters scoring;
    private long version = 1;

    SampleTraffic(HeadwaterMetrics metrics) {
        model = metrics.model("flights");
        scoring = model.scoring();
        model.device("cpu");
        model.served(version);
        model.trainingUp(true);
    }

    /** One batch scored, learned, judged, promoted and checkpointed; one record refused in each topic. */
    void flow() {
        for (int row = 0; row < ROWS; row++) {
            scoring.scored(1_000 + row);
        }
        scoring.batch(ROWS);
        scoring.committed(1_000 + 2 * ROWS);
        scoring.aborted();
        for (Source source : Source.values()) {
            model.refused(source, 1);
            model.deadLetters(source, 1);
        }
        for (Topic topic : Topic.values()) {
            model.lag(topic, ROWS);
        }
        model.learned(ROWS);
        for (Examined when : Examined.values()) {
            model.examined(when, ROWS / 2);
        }
        model.pendingScores(ROWS);
        model.trainingStep(Duration.ofMillis(12));
        for (Line line : Line.values()) {
            model.logLoss(line, 0.5 + 0.01 * line.ordinal());
            model.rocAuc(line, 0.7 - 0.01 * line.ordinal());
            model.calibrationError(line, 0.02 + 0.01 * line.ordinal());
        }
        for (Decision decision : Decision.values()) {
            model.candidate(decision);
        }
        model.adaptation().loss(0.2);
        model.adaptation().guard(true, 0.01, 0.02);
        model.swapped(++version, Duration.ofMillis(7));
        model.labelToServed(1_500, ROWS);
        model.checkpointed(Duration.ofMillis(20), 1 << 20);
        // A pause must have been seen for its meter to exist.
        System.gc();
    }
}
