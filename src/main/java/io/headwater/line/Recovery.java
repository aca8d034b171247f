package io.headwater.line;

import io.headwater.drift.DriftAlarm;
import io.headwater.event.OffsetRange;
import io.headwater.line.LineageRecord.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** Takes a restored line through the steps that its lineage recorded after the checkpoint. */
public final class Recovery {
    private Recovery() {}

    /** Forms a recorded input again from the topics. */
    public interface RecordedInputSource extends AutoCloseable {
        /**
         * @param settings SHA-256 (hex) of the settings that the step was taken with: they say how records are read
         * @throws LostInputException if retention has taken the offsets, or they were changed
         */
        LineInput form(LineageRecord record, String settings);

        @Override
        default void close() {}
    }

    /**
     * How a recovery went.
     *
     * @param steps recorded steps taken again
     * @param firstDifference the first sequence whose weights differ from the recorded ones; 0 if none does
     * @param untold alarms of the last steps that the lineage does not have yet: they are to be taken in next
     */
    public record Replayed(long steps, long firstDifference, List<DriftAlarm> untold) {}

    /**
     * Replays the records that follow the line's state, in order.
     *
     * @throws IllegalStateException if the lineage has a gap, or an input is not the recorded one byte for byte
     */
    public static Replayed replay(LearningLine line, Iterator<LineageRecord> lineage, RecordedInputSource inputs) {
        long steps = 0;
        long firstDifference = 0;
        Deque<DriftAlarm> untold = new ArrayDeque<>();
        while (lineage.hasNext()) {
            LineageRecord record = lineage.next();
            if (record.sequence() <= line.state().sequence()) {
                continue;
            }
            if (record.sequence() != line.state().sequence() + 1) {
                throw new IllegalStateException(
                        "the lineage jumps from step " + line.state().sequence() + " to " + record.sequence());
            }
            LineInput input = input(record, inputs, line.state().settings());
            check(record, input);
            StepOutcome outcome = line.step(input, record.timeMs());
            LineageRecord again = outcome.record();
            if (record.kind() == Kind.ALARM) {
                untold.poll();
            }
            untold.addAll(outcome.alarms());
            if (firstDifference == 0 && !again.weightsSha256().equals(record.weightsSha256())) {
                firstDifference = record.sequence();
            }
            steps++;
        }
        return new Replayed(steps, firstDifference, List.copyOf(untold));
    }

    /** Refuses an input before the line takes it, if it is not the one that was recorded. */
    private static void check(LineageRecord record, LineInput input) {
        if (!isRecorded(record, input)) {
            throw new IllegalStateException("the input of step " + record.sequence() + " is not the recorded one: "
                    + ranges(input) + " with SHA-256 " + inputSha256(input) + ", recorded " + record.kind() + " "
                    + record.ranges() + " with " + record.inputSha256());
        }
    }

    static boolean isRecorded(LineageRecord record, LineInput input) {
        Kind kind = record.kind();
        if (input instanceof LineInput.Labeled) {
            kind = Kind.LABELED;
        } else if (input instanceof LineInput.Traffic) {
            kind = Kind.TRAFFIC;
        }
        return kind == record.kind()
                && ranges(input).equals(record.ranges())
                && inputSha256(input).equals(record.inputSha256());
    }

    private static List<OffsetRange> ranges(LineInput input) {
        if (input instanceof LineInput.Labeled labeled) {
            return labeled.batch().ranges();
        }
        return input instanceof LineInput.Traffic traffic ? traffic.batch().ranges() : List.of();
    }

    static String inputSha256(LineInput input) {
        if (input instanceof LineInput.Labeled labeled) {
            return labeled.batch().inputSha256();
        }
        return input instanceof LineInput.Traffic traffic ? traffic.batch().inputSha256() : "";
    }

    static LineInput input(LineageRecord record, RecordedInputSource inputs, String settings) {
        if (record.kind() == Kind.PROMOTED) {
            return new LineInput.Promoted(record.version());
        } else if (record.kind() == Kind.ALARM) {
            return new LineInput.Alarm(record.alarm().orElseThrow());
        } else if (record.kind() == Kind.ROLLED_BACK) {
            return new LineInput.RolledBack(record.version());
        } else if (record.kind() == Kind.ERASED) {
            return new LineInput.Erased(record.erased());
        } else if (record.kind() == Kind.RECONFIGURED) {
            return new LineInput.Reconfigured(record.settingsSha256());
        }
        return inputs.form(record, settings);
    }
}
