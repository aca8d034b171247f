package io.headwater.line;

import io.headwater.drift.DriftAlarm;
import io.headwater.event.MiniBatch;
import io.headwater.event.RowKey;
import io.headwater.event.TrafficBatch;
import java.util.List;

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

    /**
     * The rows that the line keeps of some owners are forgotten; what was learned of them stays.
     *
     * @param keys whose, {@link RowKey#of}; at least one and at most {@link #MOST_KEYS}
     */
    record Erased(List<Long> keys) implements LineInput {
        /** One step is one record of the lineage topic, which has to hold them all. */
        public static final int MOST_KEYS = 10_000;

        public Erased {
            keys = List.copyOf(keys);
            if (keys.isEmpty() || keys.size() > MOST_KEYS) {
                throw new IllegalArgumentException(
                        "rows of 1 to " + MOST_KEYS + " owners are erased at once, not of " + keys.size());
            }
            if (keys.contains(RowKey.NONE)) {
                throw new IllegalArgumentException("rows that are nobody's cannot be erased by their owner");
            }
        }
    }

    /** What follows is taken with other settings: the line goes on from where it stands, as one that is opened with them. */
    record Reconfigured(String settingsSha256) implements LineInput {}
}
