package io.headwater.line;

import io.headwater.drift.DriftAlarm;
import io.headwater.learn.LearnReport;
import java.util.List;
import java.util.Optional;

/**
 * What a step gave.
 *
 * @param record the step as lineage keeps it; to be flushed before any effect of the step is visible
 * @param learned what the learner did last, for labelled input
 * @param note the learner's news of all that it did in the step; empty where there is none
 * @param alarms changes of the stream that the step found, each to be taken in as {@link LineInput.Alarm} next
 * @param examinedAtArrival examples whose contest was decided by logits from the event's arrival
 * @param examinedAtLabel examples that had to be examined when their label came
 * @param erased what an erasure found
 */
public record StepOutcome(
        LineageRecord record,
        Optional<LearnReport> learned,
        String note,
        List<DriftAlarm> alarms,
        int examinedAtArrival,
        int examinedAtLabel,
        Erasure erased) {

    /**
     * What the line had kept of the owners whose rows were erased.
     *
     * @param rows kept to be learned from again, to check exports with, or as a sample of traffic
     * @param waiting events that waited for their label
     */
    public record Erasure(int rows, int waiting) {
        static final Erasure NOTHING = new Erasure(0, 0);
    }
}
