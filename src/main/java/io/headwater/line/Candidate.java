package io.headwater.line;

import io.headwater.event.StreamPosition;
import io.headwater.gate.Contest.Standing;
import java.util.Optional;

/**
 * A snapshot of the learner that asks to serve.
 *
 * @param sequence the step after which it was taken
 * @param champion the version that served then: the candidate's parent
 * @param onnx the exported file, exactly as it would serve
 * @param learner the learner's checkpoint, to continue from after a roll back
 * @param weightsSha256 SHA-256 (hex) over the learner's weights
 * @param position next offset of each partition taken in by then
 * @param examplesLearned labelled examples learned by then
 * @param trafficExamined unlabelled events examined by then
 * @param standing the line's prequential record against champion and frozen model
 * @param notes of the learner, see {@link io.headwater.learn.Learner#notes}
 * @param probeFault what is wrong with the exported file on the probe set, if anything is
 */
public record Candidate(
        long sequence,
        long champion,
        byte[] onnx,
        byte[] learner,
        String weightsSha256,
        StreamPosition position,
        long examplesLearned,
        long trafficExamined,
        Standing standing,
        String notes,
        Optional<String> probeFault) {}
