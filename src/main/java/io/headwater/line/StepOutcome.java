package io.headwater.line;

import io.headwater.learn.LearnReport;
import java.util.Optional;

/**
 * What a step gave.
 *
 * @param record the step as lineage keeps it; to be flushed before any effect of the step is visible
 * @param learned what the learner did, for labelled input
 * @param examinedAtArrival examples whose contest was decided by logits from the event's arrival
 * @param examinedAtLabel examples that had to be examined when their label came
 */
public record StepOutcome(
        LineageRecord record, Optional<LearnReport> learned, int examinedAtArrival, int examinedAtLabel) {}
