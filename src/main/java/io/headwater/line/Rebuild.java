package io.headwater.line;

import io.headwater.event.OffsetRange;
import io.headwater.line.Recovery.RecordedInputSource;
import io.headwater.registry.RegistryException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a line through the recorded steps that made a version, and compares the bytes of each input and the weights
 * after each step with what was recorded. It ends at the first difference.
 */
public final class Rebuild {
    private Rebuild() {}

    /** How it ended. */
    public sealed interface Result {
        /** Steps that agreed with their record. */
        long steps();
    }

    /** Every input and all weights were the recorded ones; {@code candidate} is the learner as it was exported. */
    public record Agrees(long steps, Candidate candidate) implements Result {}

    /** What can differ first. */
    public enum What {
        /** The bytes that the input is formed of. */
        INPUT,
        /** The weights, after the same input. */
        WEIGHTS
    }

    /**
     * A step that is not as it was recorded.
     *
     * @param recorded SHA-256 (hex) that the lineage has
     * @param found SHA-256 (hex) now, or why there is none
     */
    public record Differs(long steps, LineageRecord record, What what, String recorded, String found)
            implements Result {}

    /**
     * A step that cannot be taken again.
     *
     * @param sequence the step
     * @param ranges the offsets that are needed and cannot be had; empty if it is not for offsets
     */
    public record Gone(long steps, long sequence, List<OffsetRange> ranges, String reason) implements Result {}

    /** Told of each step that was taken. */
    public interface Progress {
        void took(LineageRecord record);
    }

    /**
     * Takes {@code line} to the step {@code until}.
     *
     * @param line at its start, or restored from a checkpoint of an earlier step
     * @param lineage the records from the line's next step on
     */
    public static Result run(
            LearningLine line,
            Iterator<LineageRecord> lineage,
            RecordedInputSource inputs,
            long until,
            Progress progress) {
        long steps = 0;
        while (line.state().sequence() < until) {
            long next = line.state().sequence() + 1;
            if (!lineage.hasNext()) {
                return new Gone(
                        steps, next, List.of(), "the lineage ends before step " + next + "; " + until + " is needed");
            }
            LineageRecord record = lineage.next();
            if (record.sequence() != next) {
                return new Gone(
                        steps,
                        next,
                        List.of(),
                        "the lineage has step " + record.sequence() + " where " + next + " is needed");
            }
            Result ended = step(line, record, inputs, steps);
            if (ended != null) {
                return ended;
            }
            steps++;
            progress.took(record);
        }
        return new Agrees(steps, line.candidate());
    }

    private static @Nullable Result step(
            LearningLine line, LineageRecord record, RecordedInputSource inputs, long steps) {
        try {
            LineInput input = Recovery.input(record, inputs, line.state().settings());
            if (!Recovery.isRecorded(record, input)) {
                return new Differs(steps, record, What.INPUT, record.inputSha256(), Recovery.inputSha256(input));
            }
            String weights = line.step(input, record.timeMs()).record().weightsSha256();
            return weights.equals(record.weightsSha256())
                    ? null
                    : new Differs(steps, record, What.WEIGHTS, record.weightsSha256(), weights);
        } catch (LostInputException e) {
            String reason = String.valueOf(e.getMessage());
            return e.why() == LostInputException.Cause.DAMAGED
                    ? new Differs(steps, record, What.INPUT, record.inputSha256(), reason)
                    : new Gone(steps, record.sequence(), List.of(e.range()), reason);
        } catch (RegistryException e) {
            return new Gone(steps, record.sequence(), List.of(), String.valueOf(e.getMessage()));
        }
    }
}
