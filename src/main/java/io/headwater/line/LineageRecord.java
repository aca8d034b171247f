package io.headwater.line;

import io.headwater.drift.DriftAlarm;
import io.headwater.event.OffsetRange;
import java.util.List;
import java.util.Optional;

/**
 * One input of the learning line, as the lineage topic keeps it: enough to form the input again, and to tell whether
 * it is the same. Sequences begin at 1 and have no gaps.
 *
 * @param sequence the step's number in its line
 * @param kind what the input was
 * @param ranges the offset ranges it came from, in the order they were taken in; empty for operator and gate inputs
 * @param inputSha256 SHA-256 (hex) over the input's record values, empty where there are none
 * @param examples labelled examples learned, or traffic events examined
 * @param version the version promoted or rolled back to; 0 for other kinds
 * @param weightsSha256 SHA-256 (hex) over the learner's weights after the step
 * @param alarm what was found, of an alarm
 * @param erased whose rows were erased, {@link io.headwater.event.RowKey#of}; empty for other kinds
 * @param settingsSha256 SHA-256 (hex) of the settings from here on; empty for other kinds
 * @param timeMs when the step was taken, milliseconds since the epoch, UTC; told, never used by the line
 */
public record LineageRecord(
        long sequence,
        Kind kind,
        List<OffsetRange> ranges,
        String inputSha256,
        int examples,
        long version,
        Optional<DriftAlarm> alarm,
        List<Long> erased,
        String settingsSha256,
        String weightsSha256,
        long timeMs) {

    /** What kind of input a step took. */
    public enum Kind {
        /** A mini-batch of labelled examples, examined and learned. */
        LABELED,
        /** A sample of unlabelled traffic, examined and taken in. */
        TRAFFIC,
        /** The gate passed a candidate and it became the champion. */
        PROMOTED,
        /** The stream has changed. */
        ALARM,
        /** An operator went back to an earlier version; the learner continues from its state. */
        ROLLED_BACK,
        /** An operator had the rows of some owners erased. */
        ERASED,
        /** The settings changed between two starts; the learner continues from its state with the new ones. */
        RECONFIGURED
    }

    public LineageRecord {
        if (sequence < 1) {
            throw new IllegalArgumentException("a lineage sequence begins at 1, not " + sequence);
        }
        ranges = List.copyOf(ranges);
        erased = List.copyOf(erased);
    }
}
