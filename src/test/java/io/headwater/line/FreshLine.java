package io.headwater.line;

import io.headwater.line.LineFixture.Stream;
import io.headwater.line.LineFixture.Versions;
import org.junit.jupiter.api.AfterEach;

/** A line that has taken nothing, on a logistic learner that has learned nothing, and inputs for it. */
abstract class FreshLine {
    final Versions versions = new Versions();
    final LogisticLearner learner = LineFixture.logistic();
    final LearningLine line = LineFixture.line(learner, versions);
    final Stream stream = new Stream();

    @AfterEach
    void closeLine() {
        line.close();
    }
}
