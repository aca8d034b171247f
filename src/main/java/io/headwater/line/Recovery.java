package io.headwater.line;

import io.headwater.line.LineageRecord.Kind;
import java.util.Iterator;

/** Takes a restored line through the steps that its lineage recorded after the checkpoint. */
public final class Recovery {
    private Recovery() {}

    /** Forms a recorded input again from the topics. */
    public interface RecordedInputSource {
        /** @throws IllegalStateException if retention has taken the offsets, in one sentence that names them */
        LineInput form(LineageRecord record);
    }

    /**
     * How a recovery went.
     *
     * @param steps recorded steps taken again
     * @param firstDifference the first sequence whose weights differ from the recorded ones; 0 if none does
     */
    public record Replayed(long steps, long firstDifference) {}

    /**
     * Replays the records that follow the line's state, in order.
     *
     * @throws IllegalStateException if the lineage has a gap, or an input is not the recorded one byte for byte
     */
    public static Replayed replay(LearningLine line, Iterator<LineageRecord> lineage, RecordedInputSource inputs) {
        long steps = 0;
        long firstDifference = 0;
        while (lineage.hasNext()) {
            LineageRecord record = lineage.next();
            if (record.sequence() <= line.state().sequence()) {
                continue;
            }
            if (record.sequence() != line.state().sequence() + 1) {
                throw new IllegalStateException(
                        "the lineage jumps from step " + line.state().sequence() + " to " + record.sequence());
            }
            LineageRecord again =
                    line.step(input(record, inputs), record.timeMs()).record();
            if (!again.inputSha256().equals(record.inputSha256())) {
                throw new IllegalStateException("the input of step " + record.sequence() + " (" + record.ranges()
                        + ") is not the recorded one: SHA-256 " + again.inputSha256() + ", recorded "
                        + record.inputSha256());
            }
            if (firstDifference == 0 && !again.weightsSha256().equals(record.weightsSha256())) {
                firstDifference = record.sequence();
            }
            steps++;
        }
        return new Replayed(steps, firstDifference);
    }

    private static LineInput input(LineageRecord record, RecordedInputSource inputs) {
        if (record.kind() == Kind.PROMOTED) {
            return new LineInput.Promoted(record.version());
        } else if (record.kind() == Kind.ROLLED_BACK) {
            return new LineInput.RolledBack(record.version());
        }
        return inputs.form(record);
    }
}
