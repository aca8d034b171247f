package io.headwater.actors;

import io.headwater.learn.GuardedLearner;
import io.headwater.learn.Learner;
import io.headwater.line.LogisticLearner;
import java.util.Set;

/** What learns in a simulated life. */
enum SimLearner {
    PLAIN,
    /** One that is aligned with the traffic, to its harm, beside the plain one that guards it. */
    GUARDED;

    Learner open() {
        LogisticLearner plain = SimModel.learner();
        return this == PLAIN ? plain : new GuardedLearner(new AlignedLearner(SimModel.learner()), plain, Set.of());
    }
}
