package io.headwater.line;

import io.headwater.drift.DriftAlarm;
import io.headwater.event.MiniBatch;
import io.headwater.event.TrafficBatch;

/** Everything that can change a learning line. Each input becomes one {@link LineageRecord}. */
public sealed interface LineInput {
    /** Labelled examples: examined, then learned. */
    record Labeled(MiniBatch batch) implements LineInput {}

    /** Unlabelled traffic: examined as it arrives, and the target domain of adaptation. */
    record Traffic(TrafficBatch batch) implements LineInput {}

    /** The gate passed a candidate; {@code version} is the champion from here on. */
    record Promoted(long version) implements LineInput {}

    /** The stream has changed; see {@link StepOutcome#alarms}. */
    record Alarm(DriftAlarm alarm) implements LineInput {}

    /** An operator went back to {@code version}: it is the champion, and the learner continues from its state. */
    record RolledBack(long version) implements LineInput {}
}
